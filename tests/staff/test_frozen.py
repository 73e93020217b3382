"""What is frozen stays as it is: the database itself refuses, whatever Python does."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from config.verifying import triggers
from courses.models import Course, LessonRead, StepDone
from courses.progress import read
from evidence.models import Finding, Observation
from quizzes.models import Accommodation, Answer, Attempt, Item, ItemReport, MorningCheck
from scoring.deciding import decide
from scoring.models import Appraisal, Basis, Mark, Rating, Rescoring, Score
from staff import frozen
from staff.frozen import RECORD, SEALED, VERSION, Frozen, canonical, digest, thaw
from staff.models import Event, File
from staff.publishing import publish
from standards.importing import keep_file
from standards.models import Clause, ContentReview, Standard, Wording
from tests import make

RECORDS = {
    Event, File, Clause, Wording, LessonRead, StepDone, Answer, Observation, Finding, Score, Mark, Appraisal, Basis,
    Accommodation, Rating, Rescoring,
}  # fmt: skip
KINDS = {
    model._meta.object_name: model for model in frozen.frozen_models() if model.frozen in (RECORD, VERSION, SEALED)
}


@pytest.fixture
def full(world):
    """One row at least in every table that is frozen."""
    read(world.mira, world.course, world.course.lessons[0])
    keep_file("rules.md", b"- Speak first.")
    make.appraisal(world=world)
    make.review(by=world.ana, world=world)
    for row in ContentReview.objects.all():
        decide(row, world.ana, state="right")
    attempt = Attempt.objects.quizzes().filter(closed_at__isnull=False).first()
    mark = Mark.objects.filter(answer__isnull=False, item__isnull=False).first()
    by, told = {"by": world.ana}, {"item": mark.item, "answer": mark.answer}
    Accommodation.objects.create(slug="first-month", person=world.mira, minutes=60, reason="Reads slowly", **by)
    Rating.objects.create(shares={"first": "1"}, **told, **by)
    Rescoring.objects.create(item=mark.item, kind=Rescoring.VOID, void=True, reason="Two right answers", **by)
    MorningCheck.objects.create(quiz=world.quiz, unit=world.desk, token="t", closed_at=timezone.now(), by=world.ana)
    ItemReport.objects.create(attempt=attempt, position=1, words="?", closed_at=timezone.now(), **told, **by)
    return world


def refused(deed):
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        deed()


SET = dict.fromkeys(["Standard", "Course", "Path", "Item", "Quiz", "Scenario", "Checklist", "Plan"], "created_at")
SET |= {"Attempt": "started_at", "ContentReview": "decided_at", "MorningCheck": "opened_at", "ItemReport": "at"}


def a_column(model):
    """Any column that no rule leaves free, set to something else."""
    return "recorded_at" if model.frozen == RECORD else SET[model._meta.object_name]


def test_the_frozen_models_are_those_of_the_design():
    assert {model for model in KINDS.values() if model.frozen == RECORD} == RECORDS
    assert {name for name, model in KINDS.items() if model.frozen == VERSION} == {
        "Standard", "Course", "Path", "Item", "Quiz", "Scenario", "Checklist", "Plan",
    }  # fmt: skip
    assert [name for name, model in KINDS.items() if model.frozen == SEALED] == [
        "ContentReview", "Attempt", "MorningCheck", "ItemReport",
    ]  # fmt: skip


def test_every_frozen_row_refuses_to_be_changed(full):
    for model in KINDS.values():
        assert model.objects.exists(), model
        refused(lambda model=model: model.objects.update(**{a_column(model): timezone.now()}))


def test_every_frozen_row_refuses_to_be_deleted(full):
    for model in KINDS.values():
        assert model.objects.exists(), model
        refused(lambda model=model: model.objects.all()._raw_delete("default"))


def test_raw_sql_is_refused_as_well(full):
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute("UPDATE scoring_score SET percent = 100"))
        refused(lambda: cursor.execute("DELETE FROM staff_event"))


def test_saving_a_record_again_says_what_to_do_instead(full):
    with pytest.raises(Frozen) as refusal:
        Score.objects.first().save()
    assert str(refusal.value) == "A score is a record: write a new one with a reason."


def test_a_draft_is_free(people):
    draft = make.draft_standard(by=people.ana)
    assert Standard.objects.filter(pk=draft.pk).update(title_en="Another") == 1
    assert Standard.objects.filter(pk=draft.pk).delete()[0] == 1


def test_a_published_version_changes_only_owner_and_retirement(world):
    row = Course.objects.filter(pk=world.course.pk)
    free = {"owner": world.ana, "retired_at": timezone.now()}
    assert row.update(**free) == 1
    for field in Course._meta.concrete_fields:
        if field.name in ("id", "owner", "retired_at"):
            continue
        other = {"body": {"lessons": []}, "published_by": world.ana}.get(field.name)
        if other is None:
            other = "x" if field.get_internal_type() in ("CharField", "SlugField") else None
        if other is None:
            other = timezone.now() if "Date" in field.get_internal_type() else F(field.name) + 1
        refused(lambda field=field, other=other: row.update(**{field.name: other}))


def test_a_version_cannot_become_a_draft_again(world):
    refused(lambda: Item.objects.filter(pk=world.items[0].pk).update(published_at=None, number=None))


def test_an_open_attempt_changes_until_it_is_closed(world):
    row = Attempt.objects.filter(pk=make.attempt(person=world.mira, subject=world.quiz).pk)
    assert row.update(deadline=timezone.now()) == 1
    assert row.update(closed_at=timezone.now()) == 1
    refused(lambda: row.update(closed_at=None))
    refused(lambda: row._raw_delete("default"))


def test_an_answer_to_a_closed_attempt_is_refused_by_the_database(world):
    attempt = make.attempt(person=world.mira, subject=world.quiz)
    now = timezone.now()
    fields = {"attempt": attempt, "position": 1, "response": ["a"], "presented_at": now}
    Answer.objects.create(seq=1, key="one", **fields)
    Attempt.objects.filter(pk=attempt.pk).update(closed_at=now)
    refused(lambda: Answer.objects.create(seq=2, key="two", **fields))
    assert Answer.objects.count() == 1


def test_the_triggers_in_the_database_are_those_wanted(db):
    assert set(frozen.standing_triggers()) == set(frozen.wanted_triggers())
    assert len(frozen.wanted_triggers()) >= 2 * len(KINDS) + 1


def test_a_dropped_trigger_is_complained_about(db):
    with connection.cursor() as cursor:
        table = " ON scoring_score" if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "scoring_score_no_update"{table}')
    _, differences = triggers()
    assert [str(row) for row in differences] == [
        "trigger scoring_score_no_update: Is missing: this table can be changed."
    ]


def test_the_thaw_ends_with_every_trigger_standing(full):
    with thaw():
        Score.objects.update(note="corrected while thawed")
        assert frozen.standing_triggers() == {}
    assert set(frozen.standing_triggers()) == set(frozen.wanted_triggers())
    refused(lambda: Score.objects.update(note="again"))


def test_a_thaw_that_breaks_leaves_nothing_thawed(full):
    with pytest.raises(ZeroDivisionError), thaw():
        Score.objects.update(note="corrected while thawed")
        1 / 0
    assert set(frozen.standing_triggers()) == set(frozen.wanted_triggers())
    assert set(Score.objects.values_list("note", flat=True)) == {""}


# --- digests ------------------------------------------------------------------


def test_canonical_json_is_sorted_utf8_and_without_spaces():
    assert canonical({"b": ["问", 1], "a": {"z": None, "y": True}}) == '{"a":{"y":true,"z":null},"b":["问",1]}'


def test_a_time_is_digested_as_utc():
    moment = timezone.datetime(2026, 11, 21, 8, 30, tzinfo=timezone.get_fixed_timezone(480))
    assert canonical({"at": moment}) == '{"at":"2026-11-21T00:30:00.000000+00:00"}'


def test_a_float_has_no_digest():
    with pytest.raises(TypeError) as refusal:
        digest({"percent": 66.7})
    assert str(refusal.value) == "float has no canonical form; give a string"


def test_the_digest_of_a_known_body_is_known():
    assert digest({"slug": "a"}) == "51127f18aada123ed4887906dd7e8a9d1378d2f4efed9193200aba2f47b6997c"


# --- publishing -----------------------------------------------------------------


def test_publishing_stamps_the_next_number(people):
    first = make.standard(by=people.ana)
    second = make.standard(by=people.ana, clauses=("FD-LANG-001",))
    assert [(row.number, row.published_by) for row in (first, second)] == [(1, people.ana), (2, people.ana)]
    assert list(Standard.objects.newest()) == [second]


def test_publishing_twice_is_refused(people):
    draft = make.draft_standard(by=people.ana)
    seen_elsewhere = Standard.objects.get(pk=draft.pk)
    publish(draft, people.ana)
    with pytest.raises(Frozen):
        publish(seen_elsewhere, people.ana)
    assert Standard.objects.count() == 1
    assert list(Event.objects.values_list("verb", "subject")) == [("publish", "standard:front-desk:1")]


def test_a_draft_changed_meanwhile_is_not_published(people):
    draft = make.draft_standard(by=people.ana)
    Standard.objects.filter(pk=draft.pk).update(revision=F("revision") + 1)
    with pytest.raises(Frozen):
        publish(draft, people.ana)
    assert (Standard.objects.published().count(), Wording.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_there_is_one_draft_of_a_slug(people):
    make.draft_standard(by=people.ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.draft_standard(by=people.ana)


def test_an_older_version_stays_readable_when_the_next_is_published(people):
    first = make.standard(by=people.ana)
    make.standard(by=people.ana, clauses=("FD-LANG-001",))
    first.refresh_from_db()
    assert [wording.clause.key for wording in first.wordings.select_related("clause")] == list(make.CLAUSES)
