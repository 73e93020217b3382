"""The chain of events shows what was changed, and what was taken away."""

import pytest

from config.verifying import events, verify
from staff.frozen import thaw
from staff.models import GENESIS, Event
from tests import make


@pytest.fixture
def three(db):
    mira = make.user(number="MIRA")
    return [Event.write("look", actor=mira, subject=f"page:{place}", after={"n": place}) for place in (1, 2, 3)]


def sentences():
    return [str(row) for row in events()[1]]


def test_each_event_bears_the_hash_of_the_one_before(three):
    assert [event.prev_hash for event in three] == [GENESIS, three[0].hash, three[1].hash]
    assert sentences() == []


def test_an_event_that_was_edited_is_found(three):
    with thaw():
        Event.objects.filter(pk=three[1].pk).update(after={"n": 9})
    assert sentences() == [f"staff.event {three[1].pk}: look: does not match its hash."]


def test_an_event_edited_with_its_hash_breaks_the_next(three):
    with thaw():
        edited = three[1]
        edited.after = {"n": 9}
        Event.objects.filter(pk=edited.pk).update(after=edited.after, hash=edited.computed_hash())
    assert sentences() == [f"staff.event {three[2].pk}: Does not follow the event before it: a gap."]


def test_an_event_taken_out_leaves_a_gap(three):
    with thaw():
        three[1].delete()
    assert sentences() == [f"staff.event {three[2].pk}: Does not follow the event before it: a gap."]


def test_an_end_taken_off_is_found_by_a_head_written_down_before(three):
    head = verify()["head"]
    assert head == three[2].hash
    with thaw():
        three[2].delete()
    assert verify()["differences"] == []
    assert [row.sentence for row in verify(head=head)["differences"]] == [
        f"No event bears the hash {head}: the end was removed."
    ]


def test_an_older_head_is_still_good_after_more_events(three):
    assert verify(head=three[0].hash)["differences"] == []


def test_an_event_holds_no_name(three):
    row = Event.objects.values().first()
    assert "Mira" not in str(row)
