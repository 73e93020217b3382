"""A checklist filled at the counter: every point, once, with a note where something was missing."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evidence.models import Finding, Observation
from evidence.observing import tally
from scoring.releasing import release
from staff.models import Event, Posting
from standards.models import Wording
from tests import make


def page(world, person=None):
    return f"/observe/desk-round/{(person or world.mira).pk}/"


def listed(browser):
    """The employee numbers the list of people shows."""
    shown = browser.get("/observe/").content.decode()
    return [number for number in ("MIRA", "PAVEL", "OTTO") if f">{number}<" in shown]


def form(outcomes=("met", "not_met", "na"), notes=("", "14:05, she looked at the screen.", ""), key="form-1"):
    data = {"key": key}
    for place, (outcome, note) in enumerate(zip(outcomes, notes, strict=True), start=1):
        data |= {f"outcome-p{place}": outcome, f"note-p{place}": note}
    return data


def test_what_was_seen_is_written_down_with_its_clauses(world, sign_in):
    response = sign_in(world.otto).post(page(world), form())
    observation = Observation.objects.get()
    assert response["Location"] == f"/observations/{observation.pk}/"
    assert (observation.person, observation.by, observation.unit) == (world.mira, world.otto, world.desk)
    assert list(observation.findings.values_list("point", "outcome", "wording__clause__key", "note")) == [
        ("p1", "met", "FD-LANG-001", ""),
        ("p2", "not_met", "FD-MANN-001", "14:05, she looked at the screen."),
        ("p3", "na", "FD-PROC-001", ""),
    ]
    assert tally(observation) == {"met": 1, "not_met": 1, "na": 1}
    event = Event.objects.get(verb="observe", actor=world.otto)
    assert (event.after["person"], event.subject) == (world.mira.pk, f"observation:{observation.pk}")


@pytest.mark.parametrize("note", ["", "   "])
def test_not_met_needs_a_note_in_the_form(world, sign_in, note):
    response = sign_in(world.otto).post(page(world), form(notes=("", note, "")))
    assert (response.status_code, Observation.objects.count()) == (422, 0)


def test_not_met_needs_a_note_in_the_database(world):
    seen = make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)
    wording = Finding.objects.first().wording
    with pytest.raises(IntegrityError, match="not_met_has_a_note"), transaction.atomic():
        Finding.objects.create(observation=seen, point="p9", wording=wording, outcome="not_met", note="")


@pytest.mark.parametrize("outcomes", [("met", "met", ""), ("met", "met", "excellent")])
def test_every_point_needs_an_outcome_that_is_offered(world, sign_in, outcomes):
    response = sign_in(world.otto).post(page(world), form(outcomes, ("", "", "")))
    assert (response.status_code, Observation.objects.count()) == (422, 0)


def test_a_double_click_is_one_observation(world, sign_in):
    browser = sign_in(world.otto)
    ways = {browser.post(page(world), form())["Location"] for _ in range(2)}
    assert (len(ways), Observation.objects.count(), Finding.objects.count()) == (1, 1, 3)


@pytest.mark.parametrize("change", ["outcome", "note", "person", "observer"])
def test_a_form_sent_again_with_something_else_is_not_saved_and_not_lost(world, sign_in, change):
    nia = make.user(number="NIA")
    make.posting(user=nia, unit=world.desk, role=world.guide)
    sign_in(world.otto).post(page(world), form())
    data = {"outcome": form(("met", "met", "met"), ("", "", "")), "note": form(notes=("", "Something else.", ""))}
    browser = sign_in(world.root if change == "observer" else world.otto)
    response = browser.post(
        page(world, nia if change == "person" else None), data.get(change, form()), headers={"accept-language": "en"}
    )
    shown = response.content.decode()
    assert (response.status_code, Observation.objects.count()) == (409, 1)
    assert "saved before with other contents" in shown
    key = re.search(r'name="key" value="([^"]+)"', shown)[1]
    assert key != "form-1"
    assert ("Something else." in shown) == (change == "note")
    assert shown.count(" checked") == 3
    assert browser.post(page(world, nia if change == "person" else None), data.get(change, form()) | {"key": key})[
        "Location"
    ].startswith("/observations/")


def test_before_it_is_saved_one_reads_that_it_is_final(world, sign_in):
    shown = sign_in(world.otto).get(page(world), headers={"accept-language": "en"}).content.decode()
    assert "Once saved, an observation is final" in shown


def test_the_unit_is_that_of_the_post_in_the_observers_scope(world, sign_in):
    Posting.objects.create(user=world.pavel, unit=world.desk, duty="works", job_role=world.guide, start="2026-01-01")
    sign_in(world.otto).post(page(world, world.pavel), form())
    assert Observation.objects.get().unit == world.desk  # his main post is on the ward


def test_two_forms_are_two_observations(world, sign_in):
    browser = sign_in(world.otto)
    keys = {re.search(r'name="key" value="([^"]+)"', browser.get(page(world)).content.decode())[1] for _ in range(2)}
    assert len(keys) == 2
    for key in keys:
        browser.post(page(world), form(key=key))
    assert Observation.objects.count() == 2


def test_nobody_observes_themselves(world):
    with pytest.raises(IntegrityError, match="observer_is_not_observed"), transaction.atomic():
        make.observation(checklist=world.checklist, person=world.otto, by=world.otto, unit=world.outpatient)


def test_one_who_heads_their_own_unit_is_not_on_their_own_list(world, sign_in):
    browser = sign_in(world.otto)
    assert listed(browser) == ["MIRA"]
    assert browser.get(page(world, world.otto)).status_code == 404


def test_who_left_is_not_observed(world, sign_in):
    type(world.mira).objects.filter(pk=world.mira.pk).update(left_on="2026-01-01")
    browser = sign_in(world.otto)
    assert (listed(browser), browser.get(page(world)).status_code) == ([], 404)
    assert (browser.post(page(world), form()).status_code, Observation.objects.count()) == (404, 0)


def test_who_left_as_the_path_says_is_not_observed(world, sign_in):
    assignment = make.assignment(person=world.mira, path=world.path, unit=world.desk)
    type(assignment).objects.update(state="left")
    browser = sign_in(world.otto)
    assert (listed(browser), browser.get(page(world)).status_code) == ([], 404)


def test_the_step_of_the_path_is_done_with_the_observation(world):
    assignment = make.assignment(person=world.mira, path=world.path, unit=world.desk)
    seen = make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)
    assert list(assignment.done.values_list("step", "source")) == [("seen", f"observation:{seen.pk}")]


def test_what_another_form_field_says_changes_nothing(world, sign_in):
    sign_in(world.otto).post(
        page(world), form() | {"by": world.hui.pk, "person": world.pavel.pk, "unit": world.ward.pk, "at": "2000-01-01"}
    )
    seen = Observation.objects.get()
    assert (seen.by, seen.person, seen.unit, seen.at.year > 2000) == (world.otto, world.mira, world.desk, True)


def test_the_person_observed_reads_every_note(world, sign_in):
    seen = make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)
    assert "Seen at 14:05." in sign_in(world.mira).get(f"/observations/{seen.pk}/").content.decode()


@pytest.mark.parametrize(("days", "version"), [(1, 1), (0, 2)])
def test_a_finding_rests_on_the_words_in_force_that_day(world, days, version):
    cite = world.checklist.points[0]["cite"]
    make.released(
        by=world.root, changes={cite: make.words("Speak sooner.")}, on=timezone.localdate() + timedelta(days=days)
    )
    seen = make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)
    found = seen.findings.select_related("wording__standard").get(point=world.checklist.points[0]["key"])
    assert found.wording.standard.number == version


def test_a_first_version_that_is_still_to_come_is_observed_by_its_words(world):
    draft = make.draft_standard(by=world.root, slug="ward", clauses=("WD-MANN-001",))
    release(draft, world.root, effective_on=timezone.localdate() + timedelta(days=9))
    assert set(Wording.objects.last_of(["WD-MANN-001"], on=timezone.localdate())) == {"WD-MANN-001"}
