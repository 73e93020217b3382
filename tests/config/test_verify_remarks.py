"""What people marked, and what was marked anew, was changed behind our back: `verify` finds it."""

import pytest

from config.verifying import verify
from quizzes.models import Item
from scoring.models import Rating, Rescoring
from scoring.rating import rate
from scoring.rescoring import dry_run, rescore
from staff.models import Event
from tests import make
from tests.config.test_verify import tampered, tampering

pytestmark = pytest.mark.slow


@pytest.fixture
def marked(world):
    """One answer rated, and one item voided."""
    make.open_item(by=world.root)
    quiz = make.open_quiz(by=world.root)
    responses = {"greet": ["a"], "words": {"text": "Good morning."}}
    score = make.handed_in(person=world.mira, subject=quiz, responses=responses)
    answer = score.marks.get(item__slug="words").answer
    world.rating = rate(answer, by=world.ana, turn=1, shares={"greets": "1", "offers": "0.5"})
    item = Item.objects.newest().get(slug="greet")
    shown = dry_run(item, "void", {}).digest
    world.rescoring, _job = rescore(item, "void", {}, by=world.ana, reason="Two were right.", shown=shown)
    assert verify()["differences"] == []
    return world


def test_another_share_is_found_in_the_event_and_in_the_score(marked):
    found = tampered(Rating, marked.rating.pk, shares={"greets": "1", "offers": "1"})
    assert "scoring.rating 1: It does not match the digest its event tells of." in found
    assert any("Position" in each and "earns 4" in each for each in found)


def test_another_key_of_a_rescoring_is_found(marked):
    found = tampered(Rescoring, marked.rescoring.pk, void=False)
    assert f"scoring.rescoring {marked.rescoring.pk}: It does not match the digest its event tells of." in found
    assert any(each.startswith("scoring.score ") and ": Position" in each for each in found)


def test_a_remark_whose_event_is_another_is_found(marked):
    with tampering():
        event = Event.objects.filter(verb="remark").first()
        Event.objects.filter(pk=event.pk).update(verb="look")
    said = [str(row) for row in verify()["differences"]]
    assert f"scoring.score {event.after['scores'][0][0]}: No remark event tells of it." in said
