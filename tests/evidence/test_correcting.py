"""A saved observation is final; what was wrong in it is set right by another one with a reason."""

import pytest
from django.db import IntegrityError, transaction

from evidence.models import Finding, Observation
from evidence.observing import correct
from scoring.sheets import sheet
from tests import make
from tests.races import kinds, together

REASON = "I took her for somebody else."


@pytest.fixture
def seen(world):
    return make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)


def page(observation):
    return f"/observations/{observation.pk}/correct/"


def form(outcomes=("met", "met", "met"), key="right", reason=REASON):
    rows = {f"outcome-p{place}": outcome for place, outcome in enumerate(outcomes, start=1)}
    return rows | {"key": key, "reason": reason}


def read(browser, address):
    return browser.get(address, headers={"accept-language": "en"}).content.decode()


def test_the_observer_writes_what_should_have_stood_there(world, sign_in, seen):
    browser = sign_in(world.otto)
    assert page(seen) in read(browser, f"/observations/{seen.pk}/")
    shown = read(browser, page(seen))
    assert "Seen at 14:05." in shown
    assert shown.count(" checked") == 3
    response = browser.post(page(seen), form())
    right = Observation.objects.get(corrects=seen)
    assert response["Location"] == f"/observations/{right.pk}/"
    assert (right.reason, right.by, right.person, right.unit) == (REASON, world.otto, world.mira, world.desk)
    assert (right.at, right.recorded_at > seen.recorded_at) == (seen.at, True)
    assert [found.outcome for found in right.findings.all()] == ["met", "met", "met"]


def test_both_stay_readable_and_say_so(world, sign_in, seen):
    sign_in(world.otto).post(page(seen), form())
    right = Observation.objects.get(corrects=seen)
    mira = sign_in(world.mira)
    old, new = read(mira, f"/observations/{seen.pk}/"), read(mira, f"/observations/{right.pk}/")
    assert "was corrected and counts no more" in old
    assert f"/observations/{right.pk}/" in old
    assert REASON in new
    assert f"/observations/{seen.pk}/" in new
    assert "counts no more" in read(mira, "/marks/")


def test_the_corrected_one_counts_no_more(world, sign_in, seen):
    def value():
        lines = sheet(world.mira, world.plan, make.period()).result.lines
        return f"{next(line.value for line in lines if line.indicator == 'observation')}"

    before = value()
    sign_in(world.otto).post(page(seen), form())
    assert (before, value()) == ("66.7", "100.0")
    assert "Who missed it" not in read(sign_in(world.hui), "/clauses/FD-MANN-001/")


def test_the_words_are_those_it_was_seen_by(world, sign_in, seen):
    make.standard(by=world.root)
    sign_in(world.otto).post(page(seen), form())
    found = Finding.objects.filter(observation__corrects=seen).values_list("wording__standard__number", flat=True)
    assert list(found) == [1, 1, 1]


def test_who_heads_the_unit_may_correct_anothers(world, sign_in, seen):
    zoe = make.user(number="ZOE", groups=["manager"])
    make.posting(user=zoe, unit=world.desk, duty="heads")
    assert sign_in(zoe).post(page(seen), form()).status_code == 302


def test_the_person_observed_does_not_correct_it_even_as_a_head(world, sign_in, seen):
    make.posting(user=world.mira, unit=world.desk, duty="heads")
    world.mira.groups.set(world.otto.groups.all())
    assert sign_in(world.mira).get(page(seen)).status_code == 404


def test_a_head_of_another_unit_does_not_correct_it(world, sign_in, seen):
    zoe = make.user(number="ZOE", groups=["manager"])
    make.posting(user=zoe, unit=world.inpatient, duty="heads")
    assert sign_in(zoe).post(page(seen), form()).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_correction_needs_a_reason_of_at_most_500_letters(world, sign_in, seen, reason):
    response = sign_in(world.otto).post(page(seen), form(reason=reason))
    assert (response.status_code, Observation.objects.count()) == (422, 1)


def test_the_database_asks_for_the_reason(world, seen):
    with pytest.raises(IntegrityError, match="correction_says_why"), transaction.atomic():
        Observation.objects.create(
            checklist=world.checklist, person=world.mira, unit=world.desk, by=world.otto, key="k", corrects=seen
        )


def test_a_double_click_is_one_correction(world, sign_in, seen):
    browser = sign_in(world.otto)
    ways = {browser.post(page(seen), form())["Location"] for _ in range(2)}
    assert (len(ways), Observation.objects.count()) == (1, 2)


def test_one_observation_is_corrected_once(world, sign_in, seen):
    browser = sign_in(world.otto)
    codes = [browser.post(page(seen), form(key=key)).status_code for key in ("one", "two")]
    right = Observation.objects.get(corrects=seen)
    assert (codes, browser.get(page(seen))["Location"]) == ([302, 409], f"/observations/{right.pk}/")


def test_a_correction_with_a_key_that_was_used_is_not_lost(world, sign_in, seen):
    response = sign_in(world.otto).post(page(seen), form(key=seen.key))
    assert (response.status_code, Observation.objects.count()) == (409, 1)
    assert REASON in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_twenty_corrections_at_once_are_one():
    world = make.world()
    seen = make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)
    findings = {point["key"]: ("met", "") for point in world.checklist.points}
    got = together(lambda n: correct(seen, by=world.otto, findings=findings, reason=REASON, key=f"form {n}"))
    assert (kinds(got), Observation.objects.count()) == ({"Observation": 1, "CorrectedAlready": 19}, 2)
