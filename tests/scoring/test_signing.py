"""Signing: which months, the question before it, the revision after it, and what the sheet names."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evidence.models import Observation
from scoring.models import Appraisal
from scoring.sheets import days, sheet
from scoring.signing import CannotSign, sign
from staff.models import Posting
from tests import make
from tests.races import kinds, together

REVISED = "The observation was of somebody else."


def page(world, person=None, period=None):
    return f"/appraisals/{(person or world.mira).pk}/{period or make.period()}/"


def read(browser, address):
    return browser.get(address, headers={"accept-language": "en"}).content.decode()


def on(monkeypatch, day):
    """As if it were another day of the installation."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda value=None, zone=None: local(value, zone, day))


LOCALDATE = timezone.localdate


def local(value, zone, day):
    return day if value is None else LOCALDATE(value, zone)


# --- which months ---------------------------------------------------------------


def ways_to_write(period):
    year, month = period.split("-")
    full_width = period.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    return [
        f"{year}-0{month}", full_width, f"+{period}", f"{year}-{month[0]}_{month[1]}", f" {period}", f"0{period}",
        f"{period} ", f"{period}%0A", "0001-01", "9999-12", "1999-12", "2100-01",
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(12))
def test_a_month_has_one_way_to_be_written(world, sign_in, place):
    make.full_sheet(world=world)
    browser, address = sign_in(world.hui), page(world, period=ways_to_write(make.period())[place])
    assert [browser.get(address).status_code, browser.post(address).status_code] == [404, 404]
    assert Appraisal.objects.count() == 0


def test_a_month_that_has_not_begun_is_refused(world, sign_in):
    found = make.full_sheet(world=world)
    coming = f"{(timezone.localdate().replace(day=28) + timedelta(days=5)):%Y-%m}"
    assert sign_in(world.hui).post(page(world, period=coming)).status_code == 404
    with pytest.raises(CannotSign):
        sign(type(found)(world.mira, world.plan, coming, found.result, found.bases), by=world.hui, unit=world.desk)


@pytest.mark.parametrize("period", ["2026-13", "2026-1", "２０２６-１", "2026-1\n", "1926-11", "x"])
def test_the_database_knows_what_a_month_is(world, period):
    with pytest.raises(IntegrityError, match="period_is_a_month"), transaction.atomic():
        Appraisal.objects.create(
            person=world.mira, by=world.hui, unit=world.desk, plan=world.plan, period=period, body={}, digest="d"
        )


# --- the question before it --------------------------------------------------------


def test_the_sheets_button_asks_and_signs_nothing(world, sign_in):
    make.full_sheet(world=world)
    browser = sign_in(world.hui)
    assert f'href="{page(world)}?confirm"' in read(browser, page(world))
    assert browser.post(page(world))["Location"] == f"{page(world)}?confirm"
    assert Appraisal.objects.count() == 0


def test_nobody_signs_figures_they_have_not_seen(world, sign_in):
    make.full_sheet(world=world)
    browser = sign_in(world.hui)
    shown = make.shown(browser, f"{page(world)}?confirm")
    corrected(world)
    assert (browser.post(page(world), shown).status_code, Appraisal.objects.count()) == (409, 0)
    assert browser.post(page(world), make.shown(browser, f"{page(world)}?confirm")).status_code == 302


def test_the_question_says_what_is_frozen_and_what_is_missing(world, sign_in, monkeypatch):
    first, last = days(make.period())
    make.assignment(person=world.mira, path=world.path, unit=world.desk, on=first)
    make.score(person=world.mira, subject=world.quiz, wrong=(1,))
    make.score(person=world.mira, subject=world.scenario)
    on(monkeypatch, last - timedelta(days=8))
    shown = read(sign_in(world.hui), f"{page(world)}?confirm")
    for sentence in (
        "What your signature freezes", f"{first:%B} has not ended: 8 days remain.",
        "“Line observation” has no value: Nobody has observed yet.",
        "25 % of the weight is missing; the plan allows 30 %.",
    ):  # fmt: skip
        assert sentence in shown


@pytest.mark.parametrize(("before", "sentence"), [(0, "ends today."), (1, "has not ended: 1 day remains.")])
def test_the_last_days_of_a_month_are_told_apart(world, sign_in, monkeypatch, before, sentence):
    make.full_sheet(world=world)
    first, last = days(make.period())
    on(monkeypatch, last - timedelta(days=before))
    assert f"{first:%B} {sentence}" in read(sign_in(world.hui), f"{page(world)}?confirm")


def test_a_month_that_is_over_needs_no_warning(world, sign_in, monkeypatch):
    make.full_sheet(world=world)
    period = make.period()
    on(monkeypatch, (timezone.localdate().replace(day=28) + timedelta(days=7)))
    shown = read(sign_in(world.hui), f"{page(world, period=period)}?confirm")
    assert "What your signature freezes" in shown
    assert "Before you sign" not in shown


def test_a_blocked_sheet_is_not_asked_about(world, sign_in):
    assert "What your signature freezes" not in read(sign_in(world.hui), f"{page(world)}?confirm")


# --- whose, and where -----------------------------------------------------------------


def test_somebody_without_a_plan_cannot_be_signed(world, sign_in):
    response = sign_in(world.hui).post(page(world, world.ana), headers={"accept-language": "en"})
    assert (response.status_code, Appraisal.objects.count()) == (409, 0)
    assert "There is no plan for this post yet" in response.content.decode()


def test_who_left_is_not_appraised(world, sign_in):
    make.full_sheet(world=world)
    type(world.mira).objects.filter(pk=world.mira.pk).update(left_on="2026-01-01")
    browser = sign_in(world.hui)
    assert [browser.get(page(world)).status_code, browser.post(page(world)).status_code] == [404, 404]


def test_the_sheet_bears_the_unit_and_plan_of_the_post_in_the_signers_scope(world, sign_in):
    """Mira's main post is at the desk, another one on the ward; who appraises the ward signs for the ward."""
    wards = make.plan(by=world.root, slug="ward-month", role=make.job_role(slug="nurse"))
    Posting.objects.create(
        user=world.mira, unit=world.ward, duty="works", job_role=make.job_role(slug="nurse"), start="2026-01-01"
    )
    make.full_sheet(world=world)
    zoe = make.user(number="ZOE", groups=["appraiser"])
    make.posting(user=zoe, unit=world.inpatient, duty="appraises")
    browser = sign_in(zoe)
    response = browser.post(page(world), make.shown(browser, f"{page(world)}?confirm"))
    signed = Appraisal.objects.get()
    assert (signed.unit, signed.plan) == (world.ward, wards)
    assert browser.get(response["Location"]).status_code == 200


def test_one_sees_what_one_signed_after_the_person_moved(world, sign_in):
    signed = make.appraisal(world=world)
    world.hui.postings.filter(duty="appraises").update(unit=world.inpatient)
    assert sign_in(world.hui).get(f"/appraisals/{signed.pk}/").status_code == 200
    assert sign_in(world.hui).get(f"/appraisals/{signed.pk}/revise/").status_code == 404


# --- red lines ---------------------------------------------------------------------------


def test_a_red_line_is_named_on_the_sheet_and_in_what_was_signed(world, sign_in):
    make.score(person=world.mira, subject=world.scenario, choices=(2,))
    make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)
    make.score(person=world.mira, subject=world.quiz)
    found = sheet(world.mira, world.plan, make.period())
    assert "A red line was crossed in a record of this sheet." in read(sign_in(world.hui), page(world))
    assert "A red line was crossed: FD-PROH-001." in read(sign_in(world.hui), f"{page(world)}?confirm")
    signed = sign(found, by=world.hui, unit=world.desk)
    assert signed.body["red_lines"] == [{"indicator": "scenario", "clause": "FD-PROH-001"}]
    assert "Red line crossed: clause FD-PROH-001" in read(sign_in(world.mira), f"/appraisals/{signed.pk}/")


def test_a_sheet_names_its_records_as_people_do(world, sign_in):
    signed = make.appraisal(world=world)
    day = timezone.localdate().isoformat()
    shown = read(sign_in(world.mira), f"/appraisals/{signed.pk}/")
    for words in (f"Attempt 1, {day}", f"Observation {world.observation.pk}, {day}", "desk-month, version 1"):
        assert words in shown
    assert world.score.digest[:8] not in shown


# --- the revision after it ---------------------------------------------------------------------


def corrected(world):
    """Otto wrote what he should have seen; the sheet now differs from the one signed."""
    seen = {point["key"]: ("met", "") for point in world.checklist.points}
    Observation.objects.create(
        checklist=world.checklist, person=world.mira, unit=world.desk, by=world.otto, key="right",
        corrects=world.observation, reason="It was somebody else.",
    ).findings.bulk_create(
        type(world.observation.findings.first())(
            observation=Observation.objects.latest("pk"), point=found.point, wording=found.wording,
            outcome=seen[found.point][0],
        )
        for found in world.observation.findings.all()
    )  # fmt: skip


def revise(browser, first, shown=None):
    address = f"/appraisals/{first.pk}/revise/"
    return browser.post(address, (shown or make.shown(browser, address)) | {"reason": REVISED})


def test_an_appraiser_revises_from_the_records_as_they_are_now(world, sign_in):
    first = make.appraisal(world=world)
    corrected(world)
    browser = sign_in(world.hui)
    assert f"/appraisals/{first.pk}/revise/" in read(browser, "/appraisals/")
    assert f"/appraisals/{first.pk}/revise/" in read(browser, page(world))
    response = revise(browser, first)
    second = Appraisal.objects.current().get()
    assert response["Location"] == f"/appraisals/{second.pk}/"
    assert (second.revision, second.reason, second.by, second.unit) == (2, REVISED, world.hui, world.desk)
    assert (f"{first.percent}", f"{second.percent}") == ("78.4", "86.7")


def test_the_old_revision_stays_readable(world, sign_in):
    first = make.appraisal(world=world)
    revise(sign_in(world.hui), first)
    shown = read(sign_in(world.mira), f"/appraisals/{first.pk}/")
    second = Appraisal.objects.current().get()
    assert "78.4" in shown
    assert f"/appraisals/{second.pk}/" in shown
    assert REVISED in read(sign_in(world.mira), f"/appraisals/{second.pk}/")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_revision_needs_a_reason_of_at_most_500_letters(world, sign_in, reason):
    first = make.appraisal(world=world)
    response = sign_in(world.hui).post(f"/appraisals/{first.pk}/revise/", {"reason": reason})
    assert (response.status_code, Appraisal.objects.count()) == (422, 1)


def test_two_who_revise_at_once_give_one_revision(world, sign_in):
    first = make.appraisal(world=world)
    browser = sign_in(world.hui)
    shown = make.shown(browser, f"/appraisals/{first.pk}/revise/")
    codes = [revise(browser, first, shown).status_code for _ in range(2)]
    assert (codes, Appraisal.objects.count()) == ([302, 409], 2)


def test_the_revision_of_an_old_revision_leads_to_the_newest(world, sign_in):
    first = make.appraisal(world=world)
    browser = sign_in(world.hui)
    revise(browser, first)
    second = Appraisal.objects.current().get()
    assert browser.get(f"/appraisals/{first.pk}/revise/")["Location"] == f"/appraisals/{second.pk}/revise/"


def test_a_revision_follows_the_one_before_it(world):
    found = make.full_sheet(world=world)
    with pytest.raises(CannotSign):
        sign(found, by=world.hui, unit=world.desk, revision=2, reason=REVISED)


def test_heads_and_the_person_find_no_link_to_revise(world, sign_in):
    make.appraisal(world=world)
    for person in (world.mira, world.otto):
        assert "/revise/" not in read(sign_in(person), "/appraisals/")


@pytest.mark.django_db(transaction=True)
def test_twenty_revisions_at_once_are_one():
    world = make.world()
    make.appraisal(world=world)
    now = sheet(world.mira, world.plan, make.period())
    got = together(lambda _: sign(now, by=world.hui, unit=world.desk, revision=2, reason=REVISED))
    assert (kinds(got), Appraisal.objects.count()) == ({"Appraisal": 1, "CannotSign": 19}, 2)
