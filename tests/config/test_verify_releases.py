"""`verify` finds what was changed in review lists, their decisions, delta assignments and what was retired."""

import pytest
from django.utils import timezone

from config.verifying import verify
from courses.models import Assignment
from quizzes.models import Item
from scoring.deciding import decide, hand_over
from staff.frozen import digest
from staff.models import Event
from standards.agreeing import agree, ask
from standards.models import ContentReview, Standard
from tests import make
from tests.config.test_verify import gone, tampered, tampering

pytestmark = pytest.mark.slow

LANG = "FD-LANG-001"


@pytest.fixture
def released(world):
    """Version 2 with mira's delta, and one row of the list for each thing that becomes of it."""
    make.score(person=world.mira, subject=world.quiz)
    make.item(by=world.root, slug="spare")
    make.item(by=world.root, slug="loose")
    changes = {LANG: make.words("Speak first, at once."), "FD-MANN-001": make.words("Rise.")}
    world.release = make.released(by=world.ana, changes=changes, editorial=["FD-MANN-001"], reason="A word.")
    world.rows = {(row.kind, row.slug): row for row in world.release.reviews}
    decide(world.rows["item", "greet"], world.ana, state="right")
    decide(world.rows["item", "loose"], world.ana, state="retire", reason="Old.")
    decide(world.rows["course", "onboarding"], world.ana, state="revise", reason="Old words.")
    make.course(by=world.root, lessons=[make.lesson(key="greet", text="At once.")])
    hand_over(world.rows["checklist", "desk-round"], world.ana, owner=world.ana)
    return world


def row_of(world, kind, slug):
    return ContentReview.objects.get(pk=world.rows[kind, slug].pk)


def test_what_our_own_deeds_wrote_does_not_differ(released):
    assert verify()["differences"] == []
    changes = {LANG: make.words("Speak first, at once."), "FD-MANN-001": make.words("Sit.")}
    make.released(by=released.ana, changes=changes | {LANG: make.words("Wait.")})
    assert ContentReview.objects.filter(state="overtaken").exists()
    assert verify()["differences"] == []


def test_a_row_taken_from_the_list_is_found(released):
    with tampering():
        gone(ContentReview.objects.filter(pk=released.rows["scenario", "queue-jumper"].pk))
    told = [str(row) for row in verify()["differences"]]
    assert told == [
        f"standards.standard {released.release.version.pk}: front-desk v2: its review list is not the one its event "
        "tells of (5 rows, 6 told)."
    ]


def test_a_row_that_shows_other_words_is_found(released):
    row = row_of(released, "item", "spare")
    found = tampered(ContentReview, row.pk, old=row.new)
    assert found == [
        f"standards.standard {released.release.version.pk}: front-desk v2: its review list is not the one its event "
        "tells of (6 rows, 6 told)."
    ]


@pytest.mark.parametrize(
    ("which", "changes", "sentence"),
    [
        (("item", "greet"), {"state": "revise"}, "It is decided otherwise, by somebody else or at another time"),
        (("item", "greet"), {"reason": "Another."}, "The reason is not the one its event tells of."),
        (("item", "spare"), {"state": "right"}, "No event tells that it is decided: right."),
        (("course", "onboarding"), {"closed_at": "late"}, "It is closed as revised, and no newer version"),
        (("item", "loose"), {"decided_by": "mira"}, "It is decided otherwise, by somebody else or at another time"),
        (("checklist", "desk-round"), {"owner": "mira"}, "It is another's than its event tells of."),
    ],
)
def test_a_decision_changed_afterwards_is_found(released, which, changes, sentence):
    row, moment = row_of(released, *which), timezone.now()
    values = {name: released.mira if value == "mira" else value for name, value in changes.items()}
    if values.get("closed_at"):
        values["closed_at"] = moment + timezone.timedelta(days=2)
    if values.get("state") == "right":
        values |= {"decided_by": released.ana, "decided_at": moment, "closed_at": moment}
    found = tampered(ContentReview, row.pk, **values)
    assert found[0].startswith(f"standards.contentreview {row.pk}: {sentence}")


def test_a_decision_undone_is_found(released):
    row = row_of(released, "item", "greet")
    values = {"state": "open", "decided_by": None, "decided_at": None, "closed_at": None}
    assert len(tampered(ContentReview, row.pk, **values)) == 1


def test_a_delta_taken_from_a_person_is_found(released):
    version = released.release.version
    sentence = "front-desk v2: its delta is not assigned to whom its event tells of"
    with tampering():
        gone(Assignment.objects.filter(cause="delta:front-desk:2"))
    assert [str(row) for row in verify()["differences"]] == [
        f"standards.standard {version.pk}: {sentence} (0, 1 told)."
    ]


def test_a_delta_given_to_another_is_found(released):
    pk = Assignment.objects.get(cause="delta:front-desk:2").pk
    assert tampered(Assignment, pk, person=released.pavel) == [
        f"standards.standard {released.release.version.pk}: front-desk v2: its delta is not assigned to whom its event "
        "tells of (1, 1 told)."
    ]


def test_an_invented_delta_is_found(released):
    Assignment.begin(released.pavel, released.path, unit=released.ward, cause="delta:front-desk:9")
    assert [str(row) for row in verify()["differences"]] == [
        "courses.assignment -: No release event tells of delta:front-desk:9."
    ]


def test_a_version_retired_or_brought_back_behind_the_back_is_found(released):
    loose = Item.objects.get(slug="loose")
    found = tampered(Item, loose.pk, retired_at=None)
    assert f"quizzes.item {loose.pk}: It is not retired as its event tells." in found
    with tampering():
        Item.objects.filter(pk=loose.pk).update(retired_at=Event.objects.get(verb="retire").at)
    spare = Item.objects.get(slug="spare")
    assert f"quizzes.item {spare.pk}: No retire event tells of it." in tampered(
        Item, spare.pk, retired_at=timezone.now()
    )


def test_another_date_is_found(released):
    version = released.release.version
    assert tampered(Standard, version.pk, effective_on="2020-01-01")[0].startswith(
        f"standards.standard {version.pk}: front-desk v2: effective_on is datetime.date(2020, 1, 1), its body says"
    )


def test_an_agreement_to_something_else_is_found(world):
    draft = make.next_standard(by=world.ana, changes={LANG: make.words("Wait.")})
    ask(draft, world.ana, {"effective_on": timezone.localdate(), "editorial": set(), "reason": ""})
    agree(Standard.objects.get(pk=draft.pk), world.root)
    draft = Standard.objects.get(pk=draft.pk)
    version = make.release(draft, world.ana, effective_on=timezone.localdate()).version
    assert verify()["differences"] == []
    version.body |= {"agreed": version.body["agreed"] | {"of": "0" * 64, "by": world.ana.pk}}
    found = tampered(Standard, version.pk, body=version.body, digest=digest(version.content()))
    assert f"standards.standard {version.pk}: front-desk v2: what was agreed to is not what was published." in found
    assert (
        f"standards.standard {version.pk}: front-desk v2: who published it agreed to it as the second person." in found
    )
