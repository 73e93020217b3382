"""`verify` finds whatever was changed with the triggers off, and names it."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from config.verifying import CHECKS, verify
from courses.models import Assignment, StepDone
from quizzes.models import Answer, Attempt, Item, Scenario
from scoring.models import Appraisal, Basis, Mark, Score
from staff.frozen import thaw
from staff.models import Event, File
from standards.importing import keep_file
from standards.models import Citation, Wording
from tests import make


@pytest.fixture
def full(world):
    world.file = keep_file("rules.md", b"- Speak first.")
    world.signed = make.appraisal(world=world)
    return world


def tampered(model, pk, **changes):
    with thaw():
        assert model.objects.filter(pk=pk).update(**changes) == 1
    return [str(row) for row in verify()["differences"]]


def run(*arguments):
    """(exit code, what the command printed)."""
    out = StringIO()
    try:
        call_command("verify", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_what_our_own_deeds_wrote_does_not_differ(full):
    found = verify()
    assert found["differences"] == []
    assert found["checked"] == {
        "versions": 10, "wordings": 4, "files": 1, "attempts": 2, "scores": 2, "appraisals": 1,
        "events": Event.objects.count(), "citations": Citation.objects.count(), "assignments": 1,
        "triggers": found["checked"]["triggers"],
    }  # fmt: skip
    assert list(found["checked"]) == list(CHECKS)


def test_a_changed_version_is_found(full):
    item = full.items[0]
    assert tampered(Item, item.pk, body=item.body | {"right": ["a"]})[0] == (
        f"quizzes.item {item.pk}: greet v1 does not match its digest."
    )


def test_a_version_whose_columns_say_something_else_is_found(full):
    assert tampered(Item, full.items[0].pk, difficulty="hard") == [
        f"quizzes.item {full.items[0].pk}: greet v1: difficulty is 'hard', its body says 'easy'."
    ]


def test_a_changed_analysis_is_found(full):
    analysis = full.scenario.analysis | {"best": "9/1"}
    assert tampered(Scenario, full.scenario.pk, analysis=analysis) == [
        f"quizzes.scenario {full.scenario.pk}: queue-jumper v1: its analysis is not that of its body."
    ]


def test_a_changed_wording_is_found(full):
    wording = Wording.objects.first()
    assert tampered(Wording, wording.pk, text_en="Anything goes.", weight="general") == [
        f"standards.wording {wording.pk}: FD-LANG-001 of front-desk v1: weight, text_en not as published."
    ]


def test_a_changed_file_is_found(full):
    assert tampered(File, full.file.pk, data=b"- Say nothing.") == [
        f"staff.file {full.file.pk}: rules.md does not match its sum."
    ]


def test_a_changed_score_is_found(full):
    assert tampered(Score, full.score.pk, percent=Decimal("99.0")) == [
        f"scoring.score {full.score.pk}: The score does not match its digest."
    ]


def test_a_changed_mark_is_found(full):
    mark = full.score.marks.get(status="omitted")
    assert tampered(Mark, mark.pk, points=1, status="scored") == [
        f"scoring.score {full.score.pk}: The score does not match its digest."
    ]


def test_a_changed_answer_is_found_by_marking_it_again(full):
    item = next(item for item in full.items if item.type == "single")
    answer = full.score.attempt.answers.filter(marks__item=item).first()
    if answer is None:  # the omitted one is drawn by chance: change another
        item = next(item for item in full.items if item.type == "multiple")
        answer = full.score.attempt.answers.get(marks__item=item)
    found = tampered(Answer, answer.pk, response=["b"] if item.type == "multiple" else ["a"])
    assert found == [
        f"scoring.score {full.score.pk}: Position {answer.position} is marked 1.0000; its answer earns 0.0000."
    ]


def test_an_answer_put_in_afterwards_is_found(full):
    with thaw():
        Answer.objects.create(
            attempt=full.score.attempt, position=2, seq=9, key="late", response=["a"], presented_at=timezone.now()
        )
    assert [str(row) for row in verify()["differences"]] == [
        f"scoring.score {full.score.pk}: Position 2 is not marked on its last answer."
    ]


def test_a_changed_turn_is_found(full):
    answer = full.run.attempt.answers.order_by("position").last()
    assert tampered(Answer, answer.pk, response=[2]) == [
        f"scoring.score {full.run.pk}: The score says 100.0; its path is worth {make_percent(full)}."
    ]


def make_percent(world):
    from quizzes.play import score

    return score(world.scenario.body, [1, 2]).percent


def test_an_attempt_opened_again_is_found(full):
    assert tampered(Attempt, full.score.attempt_id, closed_at=None) == [
        f"quizzes.attempt {full.score.attempt_id}: Scored, yet open."
    ]


def test_a_score_taken_away_is_found(full):
    with thaw():
        score = make.score(person=full.pavel, subject=full.scenario)
        score.marks.all()._raw_delete("default")
        Score.objects.filter(pk=score.pk)._raw_delete("default")
    assert [str(row) for row in verify()["differences"]] == [
        f"quizzes.attempt {score.attempt_id}: Closed without a score."
    ]


def test_a_changed_sheet_is_found(full):
    row = f"scoring.appraisal {full.signed.pk}"
    assert tampered(Appraisal, full.signed.pk, body=full.signed.body | {"percent": "99.0"}) == [
        f"{row}: The sheet does not match its digest."
    ]


def test_a_changed_figure_beside_the_sheet_is_found(full):
    assert tampered(Appraisal, full.signed.pk, percent=Decimal("99.0"), band="excellent") == [
        f"scoring.appraisal {full.signed.pk}: The row says 99.0 excellent, the sheet another figure."
    ]


def test_a_basis_taken_away_is_found(full):
    with thaw():
        Basis.objects.filter(indicator="observation")._raw_delete("default")
    assert [str(row) for row in verify()["differences"]] == [
        f"scoring.appraisal {full.signed.pk}: Its bases are not the records the sheet was signed on."
    ]


def test_a_citation_that_is_missing_or_too_much_is_found(full):
    gone = Citation.objects.get(kind="item", slug="greet")
    other = Wording.objects.get(clause__key="FD-PROH-001")
    gone.delete()
    extra = Citation.objects.create(wording=other, kind="item", slug="greet", number=1)
    assert [str(row) for row in verify()["differences"]] == [
        "standards.citation -: item:greet:1 → FD-LANG-001 is missing.",
        f"standards.citation {extra.pk}: item:greet:1 → FD-PROH-001 is not in the newest content.",
    ]


def test_a_citation_follows_the_newest_version(full):
    make.item(by=full.root, slug="greet", cites=("FD-MANN-001",))
    assert verify()["differences"] == []
    assert list(Citation.objects.filter(slug="greet").values_list("wording__clause__key", "number")) == [
        ("FD-MANN-001", 2)
    ]


def test_a_register_that_lies_is_found(full):
    row = Assignment.objects.filter(pk=full.assignment.pk)
    row.update(done_steps=4, state="done", done_at=timezone.now())
    assert [difference.sentence for difference in verify()["differences"]] == [
        "done_steps is 4, 2 are recorded.",
        "The state is done with 2 of 4 steps recorded.",
        "done_at is not the time of its last step.",
    ]


def test_a_step_that_the_path_does_not_have_is_found(full):
    StepDone.objects.create(assignment=full.assignment, step="dance", source="hand")
    Assignment.objects.update(done_steps=3)
    assert [difference.sentence for difference in verify()["differences"]] == [
        "Steps done that the path does not have: dance."
    ]


# --- the command ------------------------------------------------------------------


def test_the_command_says_that_nothing_differs_and_prints_the_head(full):
    code, out = run()
    head = Event.objects.order_by("pk").last().hash
    assert (code, out.splitlines()[1:]) == (0, ["Nothing differs.", f"head {head}"])
    assert out.startswith("10 versions, 4 wordings, 1 files, 2 attempts, 2 scores, 1 appraisals, ")


def test_the_command_fails_and_names_what_differs(full):
    tampered(Score, full.score.pk, percent=Decimal("99.0"))
    code, out = run()
    assert (code, out.splitlines()[1:3]) == (
        1,
        [f"scoring.score {full.score.pk}: The score does not match its digest.", "1 differences."],
    )


def test_the_command_speaks_json(full):
    code, out = run("--json")
    found = json.loads(out)
    assert (code, found["differences"], found["checked"]["scores"], len(found["head"])) == (0, [], 2, 64)
    tampered(Score, full.score.pk, percent=Decimal("99.0"))
    code, out = run("--json")
    assert (code, json.loads(out)["differences"]) == (
        1,
        [{"model": "scoring.score", "id": str(full.score.pk), "sentence": "The score does not match its digest."}],
    )


def test_the_command_knows_a_removed_end_by_an_older_head(full):
    head = json.loads(run("--json")[1])["head"]
    Event.write("look", actor=None, subject="page:1")
    assert run("--head", head)[0] == 0
    with thaw():
        Event.objects.filter(hash=head)._raw_delete("default")
        Event.objects.filter(subject="page:1")._raw_delete("default")
    assert (run()[0], run("--head", head)[0]) == (0, 1)


def test_an_empty_database_is_in_order(db):
    assert verify()["differences"] == []
