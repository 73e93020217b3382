"""From the records of a month to a signed sheet, and from its figure back to the sentence it rests on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from evidence.observing import observe
from scoring.models import Appraisal, Basis
from scoring.sheets import plan_for, sheet, span
from scoring.signing import CannotSign, sign
from staff.models import Event
from tests import make


def lines(found):
    return {line.indicator: (line.value, line.reason) for line in found.result.lines}


def last_month():
    return f"{timezone.localdate().replace(day=1) - timedelta(days=1):%Y-%m}"


# --- the open sheet ---------------------------------------------------------------


def test_a_sheet_sums_the_records_of_the_month(world):
    found = make.full_sheet(world=world)
    assert lines(found) == {
        "quiz": (Decimal("66.7"), ""),
        "scenario": (Decimal("100.0"), ""),
        "observation": (Decimal("66.7"), ""),
        "completion": (Decimal("100.0"), ""),
    }
    assert (found.result.percent, found.result.band) == (Decimal("78.4"), "pass")
    assert found.result.notices == ("few_attempts", "one_scenario", "few_observations")


def test_a_sheet_without_records_says_why_and_is_blocked(world):
    found = sheet(world.mira, world.plan, make.period())
    assert lines(found) == {
        "quiz": (None, "no_attempt"),
        "scenario": (None, "no_attempt"),
        "observation": (None, "not_observed"),
        "completion": (None, "no_assignment"),
    }
    assert (found.result.percent, found.result.blocked) == (None, "nothing_present")


def test_the_first_attempt_counts_for_the_figure(world):
    make.score(person=world.mira, subject=world.quiz, wrong=(1, 2))
    make.score(person=world.mira, subject=world.quiz)
    assert lines(sheet(world.mira, world.plan, make.period()))["quiz"] == (Decimal("33.3"), "")


def test_any_pass_counts_for_completion(world):
    assignment = make.assignment(person=world.mira, path=world.path, unit=world.desk)
    make.score(person=world.mira, subject=world.quiz, wrong=(1, 2))
    assert list(assignment.done.values_list("step", flat=True)) == []
    make.score(person=world.mira, subject=world.quiz)
    assert list(assignment.done.values_list("step", flat=True)) == ["quiz"]


def test_another_months_records_do_not_count(world):
    make.full_sheet(world=world)
    found = sheet(world.mira, world.plan, last_month())
    assert {reason for _, reason in lines(found).values()} == {"no_attempt", "not_observed", "no_assignment"}


def test_another_persons_records_do_not_count(world):
    make.score(person=world.pavel, subject=world.quiz)
    assert lines(sheet(world.mira, world.plan, make.period()))["quiz"] == (None, "no_attempt")


def test_points_not_seen_count_neither_way(world):
    make.observation(
        checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk, outcomes=("met", "na", "not_met")
    )
    assert lines(sheet(world.mira, world.plan, make.period()))["observation"] == (Decimal("50.0"), "")


def test_a_step_that_is_not_due_yet_does_not_count(world):
    begun = timezone.localdate() - timedelta(days=8)
    make.assignment(person=world.mira, path=world.path, unit=world.desk, on=begun)
    make.score(person=world.mira, subject=world.quiz)
    value = lines(sheet(world.mira, world.plan, make.period()))["completion"]
    assert value == (Decimal("50.0"), "")  # course (day 3) is due and open, quiz (day 7) is done


def test_a_month_is_the_installations(world):
    start, end = span("2026-02")
    assert (start.isoformat(), end.isoformat()) == ("2026-02-01T00:00:00+08:00", "2026-02-28T23:59:59.999999+08:00")


@pytest.mark.parametrize("period", ["2026-13", "2026-00", "x", "2026", "2026-1-1", "0000-01", "-1-01"])
def test_a_month_that_is_none_is_not_found(world, sign_in, period):
    assert sign_in(world.hui).get(f"/appraisals/{world.mira.pk}/{period}/").status_code == 404


def test_the_plan_is_that_of_the_job_role(world):
    today = timezone.localdate()
    assert (plan_for(world.mira, today), plan_for(world.ana, today)) == (world.plan, None)
    second = make.plan(by=world.root, role=world.guide, body=make.plan_body(use="pay"))
    assert plan_for(world.mira, today) == second


def test_a_person_without_a_plan_has_a_page_that_says_so(world, sign_in):
    make.posting(user=world.ana, unit=world.desk, duty="appraises")
    page = sign_in(world.hui).get(f"/appraisals/{world.ana.pk}/{make.period()}/", headers={"accept-language": "en"})
    assert "No plan for this post yet" in page.content.decode()


# --- signing ------------------------------------------------------------------------


def test_a_signed_sheet_keeps_what_it_rests_on(world, sign_in):
    make.full_sheet(world=world)
    browser, page = sign_in(world.hui), f"/appraisals/{world.mira.pk}/{make.period()}/"
    response = browser.post(page, make.shown(browser, f"{page}?confirm"))
    appraisal = Appraisal.objects.get()
    assert response["Location"] == f"/appraisals/{appraisal.pk}/"
    assert (appraisal.percent, appraisal.band, appraisal.by, appraisal.unit) == (
        Decimal("78.4"), "pass", world.hui, world.desk,
    )  # fmt: skip
    assert [
        (basis.indicator, basis.score or basis.observation or basis.assignment) for basis in Basis.objects.all()
    ] == [
        ("quiz", world.score),
        ("scenario", world.run),
        ("observation", world.observation),
        ("completion", world.assignment),
    ]
    assert Event.objects.get(verb="sign-appraisal").after["digest"] == appraisal.digest


def test_a_sheet_is_not_signed_twice(world, sign_in):
    make.full_sheet(world=world)
    browser, page = sign_in(world.hui), f"/appraisals/{world.mira.pk}/{make.period()}/"
    shown = make.shown(browser, f"{page}?confirm")
    assert [browser.post(page, shown).status_code for _ in range(2)] == [302, 409]
    assert (Appraisal.objects.count(), Basis.objects.count()) == (1, 4)


def test_nobody_signs_their_own(world):
    found = make.full_sheet(world=world)
    with translation.override("en"), pytest.raises(CannotSign) as refusal:
        sign(found, by=world.mira, unit=world.desk)
    assert (str(refusal.value), Appraisal.objects.count()) == ("Nobody signs their own appraisal.", 0)


def test_the_database_knows_that_nobody_signs_their_own(world):
    with pytest.raises(IntegrityError, match="signer_is_not_person"), transaction.atomic():
        Appraisal.objects.create(
            person=world.hui, by=world.hui, unit=world.desk, plan=world.plan, period="2026-11", body={}, digest="d"
        )


def test_ones_own_sheet_cannot_be_opened_by_an_appraiser(world, sign_in):
    make.full_sheet(world=world)
    page = f"/appraisals/{world.hui.pk}/{make.period()}/"
    browser = sign_in(world.hui)
    assert [browser.get(page).status_code, browser.post(page).status_code] == [404, 404]


def test_a_blocked_sheet_is_not_signed(world, sign_in):
    response = sign_in(world.hui).post(f"/appraisals/{world.mira.pk}/{make.period()}/")
    assert (response.status_code, Appraisal.objects.count()) == (409, 0)


def test_what_happens_later_does_not_alter_a_signed_sheet(world, sign_in):
    appraisal = make.appraisal(world=world)
    before = (appraisal.body, appraisal.digest)
    observe(
        world.checklist, world.mira, by=world.otto, unit=world.desk, key="later",
        findings={"p1": ("not_met", "x"), "p2": ("not_met", "x"), "p3": ("not_met", "x")},
    )  # fmt: skip
    make.plan(by=world.root, role=world.guide, body=make.plan_body(weights=(10, 10, 70, 10)))
    appraisal.refresh_from_db()
    assert (appraisal.body, appraisal.digest) == before
    assert sheet(world.mira, world.plan, make.period()).result.percent != appraisal.percent


def test_a_later_revision_says_why(world):
    found = make.full_sheet(world=world)
    sign(found, by=world.hui, unit=world.desk)
    with pytest.raises(CannotSign):
        sign(found, by=world.hui, unit=world.desk, revision=2)
    sign(found, by=world.hui, unit=world.desk, revision=2, reason="The observation was of somebody else.")
    assert [row.revision for row in Appraisal.objects.current()] == [2]


# --- the API ----------------------------------------------------------------------------


def results(browser):
    return browser.get("/api/v1/appraisals/").json()["results"]


def test_the_api_returns_ones_own_only(world, sign_in):
    appraisal = make.appraisal(world=world)
    (mine,) = results(sign_in(world.mira))
    assert (mine["id"], mine["employee"], mine["percent"], mine["band"]) == (appraisal.pk, "MIRA", 78.4, "pass")
    assert mine["lines"][0] == {
        "indicator": "quiz", "weight": 40, "applied": "40.0", "value": "66.7", "points": "26.7", "reason": "",
    }  # fmt: skip
    assert (results(sign_in(world.pavel)), results(sign_in(world.ana))) == ([], [])
    assert sign_in(world.pavel).get(f"/api/v1/appraisals/{appraisal.pk}/").status_code == 404


def test_the_api_gives_heads_and_appraisers_their_units(world, sign_in):
    make.appraisal(world=world)
    assert [len(results(sign_in(person))) for person in (world.otto, world.hui, world.root)] == [1, 1, 1]


@pytest.mark.parametrize(
    "query", ["?person=1", "?ordering=person__password", "?search=MIRA", "?limit=9", "?format=api"]
)
def test_no_parameter_of_the_api_opens_anothers(world, sign_in, query):
    make.appraisal(world=world)
    response = sign_in(world.pavel).get(f"/api/v1/appraisals/{query}")
    assert response.status_code in (200, 404)
    assert "MIRA" not in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_changes_nothing(world, sign_in, method):
    appraisal = make.appraisal(world=world)
    browser = sign_in(world.root)
    data = {"percent": "100.0", "content_type": "application/json"}
    statuses = {
        getattr(browser, method)(page, data, "application/json").status_code
        for page in ("/api/v1/appraisals/", f"/api/v1/appraisals/{appraisal.pk}/")
    }
    assert statuses == {405}


def test_lists_cost_the_same_for_one_and_for_three(world, sign_in):
    make.appraisal(world=world)
    pages = ("/appraisals/", "/api/v1/appraisals/", "/marks/", "/observe/", "/")
    people = {page: sign_in(world.otto if page == "/observe/" else world.hui) for page in pages}

    def costs():
        found = {}
        for page, browser in people.items():
            browser.get(page)
            with CaptureQueriesContext(connection) as queries:
                browser.get(page)
            found[page] = len(queries)
        return found

    one = costs()
    first = Appraisal.objects.get()
    for number in range(2):
        person = make.user(number=f"P{number}")
        make.posting(user=person, unit=world.desk, role=world.guide)
        Appraisal.objects.create(
            person=person, by=world.hui, unit=world.desk, plan=world.plan, period=first.period, percent=first.percent,
            band=first.band, body=first.body, digest=first.digest,
        )  # fmt: skip
    assert costs() == one
