"""Marking closed quizzes anew from what they rest on: paper, newest answers, the body each item is judged by, ratings.
What differs is a new revision of the score, never a change of one; a step of a path that was done stays done."""

from collections import defaultdict
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from django.db import transaction

from courses import progress
from quizzes import marking
from quizzes.models import Answer, Attempt, Item, Quiz
from scoring.agreement import Given, rules_in, settle
from scoring.finish import score_digest
from scoring.judged import flags, holding, judged
from scoring.marks import Row, outcome, worth
from scoring.models import Mark, Rating, Score
from staff.frozen import kept
from staff.models import Event, User

BATCH = 200


class Basis(NamedTuple):
    """What one attempt's marks rest on, with its newest score and that one's marks, both by position."""

    attempt: Attempt
    answers: dict
    ratings: dict
    before: Score
    marks: dict


class Remark(NamedTuple):
    """A score that is not written yet, with its marks, beside the one it comes after."""

    before: Score
    score: Score
    marks: list


def batches(ids, size=BATCH):
    ids = list(ids)
    return (ids[start : start + size] for start in range(0, len(ids), size))


def bases(ids, *, lock=False):
    """[Basis] of closed quizzes, in the order of their ids; five statements. lock: inside a transaction, so that no two
    deeds write the next revision of one score."""
    attempts = Attempt.objects.quizzes().closed().filter(pk__in=ids).order_by("pk")
    attempts = list(attempts.select_for_update() if lock else attempts)
    answers, ratings, marks = defaultdict(dict), defaultdict(list), defaultdict(dict)
    for answer in Answer.objects.filter(attempt__in=ids).order_by("attempt", "position", "seq"):
        answers[answer.attempt_id][answer.position] = answer
    given = Rating.objects.filter(answer__attempt__in=ids).order_by("pk")
    for answer, turn, by, shares in given.values_list("answer", "turn", "by", "shares"):
        ratings[answer].append(Given(turn, by, shares))
    scores = {score.attempt_id: score for score in Score.objects.current().filter(attempt__in=ids)}
    for row in Mark.objects.filter(score__in=scores.values()):
        marks[row.score_id][row.position] = row
    return [
        Basis(attempt, answers[attempt.pk], ratings, scores[attempt.pk], marks[scores[attempt.pk].pk])
        for attempt in attempts
        if attempt.pk in scores
    ]


def bodies_by(standing=None, proposed=None):
    """{item version: Judged}, as a function. proposed: {item version: Judged} that go before what holds."""
    standing, proposed = holding() if standing is None else standing, proposed or {}
    return cache(lambda pk: proposed.get(pk) or judged(kept(Item, pk), standing))


def marked(body, answer, ratings, rules):
    """One response marked by a Judged: what only a person can mark is awaiting until its ratings settle it."""
    found = worth(answer, body.counting)
    if found.status != marking.AWAITING:
        return found
    settled = settle(body.body, ratings.get(answer.pk, ()), rules)
    return found if settled.needs else marking.Marked(settled.points, found.max_points, "scored")


def marks_of(attempt, *, answers, bodies, ratings):
    """[Row] of a quiz attempt, computed anew. answers: {position: newest}; bodies: as bodies_by(); ratings: {answer:
    [Given]}. While one answer awaits its marks all that people mark do: nobody is told half a result."""
    rules = rules_in(kept(Quiz, attempt.quiz_id).body)
    items = [entry["item"] for entry in attempt.paper]
    asked = [(bodies(item), answers.get(place)) for place, item in enumerate(items, start=1)]
    found = [marked(body, answer, ratings, rules) for body, answer in asked]
    if any(each.status == marking.AWAITING for each in found):
        found = [marked(body, answer, {}, rules) for body, answer in asked]
    weights = [entry.get("weight") for entry in attempt.paper]
    rows = enumerate(zip(items, found, weights, strict=True), start=1)
    return [Row(place, kept(Item, item), answers.get(place), each, weight) for place, (item, each, weight) in rows]


def _as_mark(row, before):
    """It counts under the words that the first mark counted under."""
    return Mark(
        position=row.position,
        item=row.item,
        answer=row.answer,
        wording_id=before and before.wording_id,
        points=row.marked.points,
        max_points=row.marked.max_points,
        status=row.marked.status,
    )


def remark(basis, bodies, *, by=None, note=""):
    """The Remark that follows, or None when nothing differs."""
    attempt, before = basis.attempt, basis.before
    rows = marks_of(attempt, answers=basis.answers, bodies=bodies, ratings=basis.ratings)
    found = outcome(rows, kept(Quiz, attempt.quiz_id).body["pass_mark"]["percent"])
    marks = [_as_mark(row, basis.marks.get(row.position)) for row in rows]
    same = (found.percent, found.passed) == (before.percent, before.passed) and len(marks) == len(basis.marks)
    if same and all(_same(row, basis.marks[row.position]) for row in marks):
        return None
    score = Score(
        attempt=attempt,
        revision=before.revision + 1,
        percent=found.percent,
        reason=found.reason,
        passed=found.passed,
        flags=flags(bodies(entry["item"]) for entry in attempt.paper),
        rules=marking.RULES,
        by=by,
        note=note,
    )
    return Remark(before, score, marks)


def _same(mark, before):
    return (mark.points, mark.max_points, mark.status, mark.answer_id) == (
        before.points,
        before.max_points,
        before.status,
        before.answer_id,
    )


def write(remarks, *, by, subject):
    """Writes these Remarks in the transaction under way, tells the paths and writes one event. Their new scores."""
    if not remarks:
        return []
    for each in remarks:
        each.score.digest = score_digest(each.score, each.marks)
    scores = Score.objects.bulk_create([each.score for each in remarks])
    for each in remarks:
        for row in each.marks:
            row.score = each.score
    Mark.objects.bulk_create([row for each in remarks for row in each.marks], batch_size=2_000)
    steps = [step for each in remarks for step in _told(each)]
    told = {"scores": [[score.pk, score.digest] for score in scores], "steps": steps}
    Event.write("remark", actor=by, subject=subject, after=told)
    return scores


def _told(remark):
    """The steps of paths that a score which passes now, and did not before, has done; on the day the quiz was closed,
    for nobody is late by our marking."""
    attempt, score = remark.score.attempt, remark.score
    if not score.passed or remark.before.passed or attempt.purpose != Attempt.ASSESSED:
        return []
    return progress.done(User(pk=attempt.person_id), "quiz", attempt.slug, f"score:{score.pk}", attempt.closed_at)


def rewrite(attempt, *, by, note):
    """The next revision of an attempt's score, or None when nothing differs. Call again: nothing twice."""
    with transaction.atomic():
        found = [remark(basis, bodies_by(), by=by, note=note) for basis in bases([attempt.pk], lock=True)]
        written = write([each for each in found if each], by=by, subject=f"attempt:{attempt.pk}")
    return written[0] if written else None


def percent_words(percent: Decimal | None) -> str | None:
    """A percent as records and digests hold it."""
    return None if percent is None else f"{percent:.1f}"
