"""A changed clause touches exactly what cites it and whom it was applied to."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scoring.impact import affected
from staff.publishing import publish
from standards.models import Standard
from tests import make


def told(*arguments):
    out = StringIO()
    call_command("compare_standard", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def second(world):
    """Version 2 of the standard: FD-MANN-001 reworded, FD-PROC-001 gone, FD-DUTY-001 new."""
    kept = [key for key in make.CLAUSES if key != "FD-PROC-001"]
    draft = make.draft_standard(by=world.ana, clauses=(*kept, "FD-DUTY-001"))
    rows = [
        row | {"text": make.words("Stand up.", "起身。")} if row["key"] == "FD-MANN-001" else row
        for row in draft.body["clauses"]
    ]
    Standard.objects.filter(pk=draft.pk).update(body=draft.body | {"clauses": rows})
    return publish(Standard.objects.get(pk=draft.pk), world.ana)


def test_the_command_tells_what_changed_and_whom_it_touches(world, second):
    make.score(person=world.mira, subject=world.quiz)
    found = json.loads(told("front-desk", 1, 2, "--json"))
    assert (found["added"], found["removed"], found["moved"]) == (["FD-DUTY-001"], ["FD-PROC-001"], [])
    assert found["changed"] == [
        {"key": "FD-MANN-001", "old": make.words("The words of FD-MANN-001.", "FD-MANN-001 的条文。"),
         "new": make.words("Stand up.", "起身。")},
    ]  # fmt: skip
    assert set(found["affected"]) == {"lessons", "items", "scenes", "points", "people"}
    assert found["affected"]["points"] == ["desk-round:p2", "desk-round:p3"]
    assert found["affected"]["people"] == ["MIRA"]


def test_who_was_never_taught_or_judged_by_a_clause_is_not_touched(world):
    assert affected(["FD-MANN-001"])["people"] == []
    make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)
    assert affected(["FD-MANN-001"])["people"] == ["MIRA"]
    assert affected(["FD-PROH-001"])["people"] == []


def test_who_has_left_is_not_touched(world):
    make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)
    type(world.mira).objects.filter(pk=world.mira.pk).update(is_active=False)
    assert affected(["FD-MANN-001"])["people"] == []


@pytest.mark.parametrize("arguments", [("front-desk", 1, 9), ("nowhere", 1, 2)])
def test_a_version_that_is_not_there_is_named(world, arguments):
    with pytest.raises(CommandError, match="There is no published version"):
        told(*arguments)
