"""An item that was wrong after people answered it: what would change is shown first, and exactly that is written."""

from decimal import Decimal

import pytest

from config.verifying import verify
from courses.models import StepDone
from jobs.models import Job
from jobs.running import run
from quizzes.models import Item, Quiz
from scoring import rescoring
from scoring.models import Mark, Rescoring, Score
from scoring.rating import rate
from scoring.rescoring import CannotRescore, ListChanged, carry_out, dry_run, rescore
from tests import make

RIGHT = {"greet": ["b"], "manner": ["a", "c"], "order": ["c", "a", "b"]}


def take(world, person, **responses):
    return make.handed_in(person=person, subject=world.quiz, responses=RIGHT | responses)


def now(score):
    return Score.objects.current().get(attempt=score.attempt_id)


def item(slug="greet"):
    return Item.objects.newest().get(slug=slug)


def done(world, kind, fields=None, *, on=None, by=None):
    on = on or item()
    shown = dry_run(on, kind, fields or {}).digest
    return rescore(on, kind, fields or {}, by=by or world.ana, reason="Two answers were right.", shown=shown)


def test_a_void_item_counts_for_nobody_and_says_why(world):
    make.assignment(person=world.mira, path=world.path, unit=world.desk)
    wrong, right = take(world, world.mira, greet=["a"]), take(world, world.pavel)
    assert (wrong.percent, wrong.passed) == (Decimal("66.7"), False)
    plan = dry_run(item(), "void", {})
    assert [each[1:] for each in plan.changes] == [("66.7", "100.0", False, True), ("100.0", "100.0", True, True)]
    assert (plan.asked, rescoring.paths_of(plan.changes), Score.objects.count()) == (2, 1, 2)
    row, job = done(world, "void")
    assert (row.affected, job) == ([list(each) for each in plan.changes], None)
    assert [(s.revision, s.percent, s.by, s.note) for s in (now(wrong), now(right))] == [
        (2, Decimal("100.0"), world.ana, "Two answers were right.")
    ] * 2
    assert now(wrong).marks.get(item=item()).status == "void"
    assert StepDone.objects.get().source == f"score:{now(wrong).pk}"
    assert verify()["differences"] == []


def test_whole_marks_of_a_section_hold_when_it_is_marked_anew(world):
    sections = [
        {"key": key, "title": make.words(key), "points": points, "rows": [{"items": items, "count": len(items)}]}
        for key, points, items in (("first", 80, ["greet"]), ("second", 20, ["manner", "order"]))
    ]
    body = {name: value for name, value in world.quiz.body.items() if name != "blueprint"} | {"sections": sections}
    quiz = make._publish(Quiz, "weighed", body, world.root)
    score = make.handed_in(person=world.mira, subject=quiz, responses=RIGHT | {"greet": ["a"]})
    assert (score.percent, verify()["differences"]) == (Decimal("20.0"), [])
    done(world, "rekey", {"right": ["c"]})
    assert now(score).percent == Decimal("20.0")
    done(world, "rekey", {"right": ["a"]})
    assert (now(score).percent, verify()["differences"]) == (Decimal("100.0"), [])


def test_a_new_key_marks_anew_and_later_attempts_are_marked_by_it(world):
    score = take(world, world.mira, greet=["a"])
    done(world, "rekey", {"right": ["a"]})
    assert now(score).percent == Decimal("100.0")
    late = take(world, world.pavel)
    assert (late.percent, late.flags) == (Decimal("66.7"), {"rescored": [Rescoring.objects.get().pk]})
    done(world, "reweigh", {"points": 4})
    assert [(now(each).percent, now(each).passed) for each in (score, late)] == [
        (Decimal("100.0"), True),
        (Decimal("33.3"), False),
    ]
    assert Rescoring.objects.latest("pk").change == {"right": ["a"], "points": 4}
    done(world, "rekey", {"right": ["b"]})
    assert (now(late).percent, verify()["differences"]) == (Decimal("100.0"), [])


def test_who_falls_below_the_pass_mark_keeps_the_step_done(world):
    make.assignment(person=world.mira, path=world.path, unit=world.desk)
    score = take(world, world.mira)
    (change,) = dry_run(item(), "rekey", {"right": ["c"]}).changes
    assert (change.up, change.down) == (False, True)
    done(world, "rekey", {"right": ["c"]})
    assert (now(score).passed, StepDone.objects.get().source) == (False, f"score:{score.pk}")
    assert verify()["differences"] == []


def test_new_points_of_the_criteria_mark_the_same_ratings_anew(world):
    make.open_item(by=world.root)
    quiz = make.open_quiz(by=world.root, items=("words",))
    score = make.handed_in(person=world.mira, subject=quiz, responses={"words": {"text": "Good morning."}})
    rate(score.marks.get().answer, by=world.ana, turn=1, shares={"greets": "1", "offers": "0"})
    assert now(score).percent == Decimal("25.0")
    words = item("words")
    rubric = [row | {"points": 2} for row in words.body["rubric"]]
    done(world, "repoint", {"rubric": rubric}, on=words)
    assert (now(score).percent, now(score).revision, verify()["differences"]) == (Decimal("50.0"), 3, [])


def test_a_signed_sheet_is_listed_and_not_altered(world):
    signed = make.appraisal(world=world)
    entry = world.score.attempt.paper[1]
    plan = dry_run(Item.objects.get(pk=entry["item"]), "void", {})
    assert rescoring.signed_on(plan.changes) == [signed]
    done(world, "void", on=plan.item)
    signed.refresh_from_db()
    assert (signed.revision, verify()["differences"]) == (1, [])


@pytest.mark.parametrize(
    ("slug", "kind", "fields"),
    [
        ("greet", "rekey", {"right": ["z"]}),
        ("greet", "rekey", {"right": ["b"]}),
        ("greet", "rekey", {"points": 3}),
        ("greet", "repoint", {}),
        ("greet", "reweigh", {"points": 0}),
        ("greet", "reweigh", {"points": 1}),
        ("greet", "nothing", {}),
    ],
)
def test_what_is_no_way_to_judge_an_item_or_changes_nothing_is_refused(world, slug, kind, fields):
    with pytest.raises(CannotRescore):
        dry_run(item(slug), kind, fields)


def test_a_list_that_changed_meanwhile_is_not_written(world):
    take(world, world.mira, greet=["a"])
    shown = dry_run(item(), "void", {}).digest
    take(world, world.pavel)
    with pytest.raises(ListChanged):
        rescore(item(), "void", {}, by=world.ana, reason="Ambiguous.", shown=shown)
    assert (Rescoring.objects.count(), Score.objects.filter(revision=2).count()) == (0, 0)


def test_a_job_that_was_killed_half_way_goes_on_and_writes_nothing_twice(world, monkeypatch):
    scores = [take(world, make.user(number=f"P{n}"), greet=["a"]) for n in range(5)]
    monkeypatch.setattr(rescoring, "AT_ONCE", 0)
    monkeypatch.setattr(rescoring.batches, "__defaults__", (2,))
    row, job = done(world, "void")
    assert (job.kind, Score.objects.filter(revision=2).count()) == ("rescore", 0)

    def killed(done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(row, killed)
    assert Score.objects.filter(revision=2).count() == 4
    run.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["written"]) == (Job.DONE, 1)
    assert {now(score).revision for score in scores} == {2}
    assert (Mark.objects.filter(score__revision=2).count(), verify()["differences"]) == (15, [])


def test_who_handed_in_while_the_list_was_written_is_marked_anew(world):
    """Two transactions that do not see each other: the finish read no rescoring, and wrote its score after it."""
    done(world, "rekey", {"right": ["a"]})
    row = Rescoring.objects.get()
    score = take(world, world.mira)
    Rescoring.objects.create(item=row.item, kind="rekey", change={}, affected=[], reason="Back.", by=world.ana)
    rescoring.catch_up()
    rescoring.catch_up()
    assert (now(score).percent, now(score).revision) == (Decimal("100.0"), 2)
