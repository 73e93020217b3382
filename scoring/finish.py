"""Finishing an attempt: close it once, mark it once, tell the path, write the event. One transaction."""

import logging
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from django.db import transaction
from django.utils import timezone

from courses import progress
from jobs.running import every
from quizzes import marking, play, taking
from quizzes.models import Answer, Attempt, Item
from scoring.models import Mark, Score
from staff.frozen import digest, kept
from staff.models import Event
from staff.prepared import Prepared
from standards.citing import cited, worded

logger = logging.getLogger("decorum.scoring")


class NotEnded(Exception):
    """A scenario is finished by playing it to an ending."""


def finish(attempt, *, by, closed_by="person"):
    """The attempt's score. Twenty calls at once give one: whoever closes the row marks it.
    Raises NotEnded for a scenario that a person has not played to an ending."""
    if closed_by == "person" and attempt.scenario_id and not attempt.closed and not ended(attempt):
        raise NotEnded
    now = timezone.now()
    with transaction.atomic():
        closed = Attempt.objects.open().filter(pk=attempt.pk).update(closed_at=now, closed_by=closed_by)
        if not closed:
            return attempt.scores.order_by("-revision").first()
        attempt.closed_at, attempt.closed_by = now, closed_by
        score = _score_quiz(attempt) if attempt.quiz_id else _score_scenario(attempt)
        kind = "quiz" if attempt.quiz_id else "scenario"
        steps = []
        if score.passed and attempt.purpose == Attempt.ASSESSED:
            steps = progress.done(attempt.person, kind, attempt.slug, f"score:{score.pk}", now)
        Event.write(
            "score",
            actor=by,
            subject=f"attempt:{attempt.pk}",
            after={"score": score.pk, "digest": score.digest, "closed_by": closed_by, "steps": steps},
        )
    return score


def ended(attempt):
    return play.step(taking.subject_of(attempt).body, taking.path_of(attempt)).ended


@every(60, "close-expired-attempts")
def sweep():
    """Closes what ran out of time, and of the minutes by which it may be late, with what was saved."""
    now = timezone.now()
    over = (attempt for attempt in Attempt.objects.expired(now).order_by("deadline") if attempt.expired(now))
    for attempt in islice(over, 200):
        try:
            finish(attempt, by=None, closed_by="clock")
        except Exception:  # the others' time is up as well
            logger.exception("attempt %s could not be closed", attempt.pk)


ANSWERS = Prepared(
    lambda attempt: (
        Answer.objects.filter(attempt=attempt).order_by("position", "seq").values_list("position", "pk", "response")
    ),
    int,
)


def _score_quiz(attempt):
    latest = {position: Answer(pk=pk, response=response) for position, pk, response in ANSWERS(attempt.pk)}
    rows = []
    for position, entry in enumerate(attempt.paper, start=1):
        item, answer = kept(Item, entry["item"]), latest.get(position)
        rows.append((position, item, answer, marking.mark(item.body, answer and answer.response)))
    percent = marking.percent([marked for *_, marked in rows])
    quiz = taking.subject_of(attempt)
    passed = percent is not None and percent >= quiz.body["pass_mark"]["percent"]
    wordings = _wordings([item for _, item, _, _ in rows])
    marks = [
        Mark(
            position=position,
            item=item,
            answer=answer,
            wording_id=wordings.get((item.slug, item.body["cites"][0])),
            points=marked.points,
            max_points=marked.max_points,
            status=marked.status,
        )
        for position, item, answer, marked in rows
    ]
    return _write(attempt, marks, percent=percent, passed=passed, rules=marking.RULES)


def _wordings(items):
    """{(item's slug, its first clause): wording id}; an item made from a change rests on the words of that version."""
    bank = {(item.slug, item.body["cites"][0]): item for item in items if "changed_in" not in item.body}
    found = cited("item", bank) if bank else {}
    made = [(item, item.body["standard"], item.body["changed_in"]) for item in items if "changed_in" in item.body]
    for version in {tuple(version) for _, *version in made}:
        own = {item.slug: item.body["cites"][0] for item, *of in made if tuple(of) == version}
        words = worded(*version, own.values())
        found |= {(slug, key): words[key] for slug, key in own.items() if key in words}
    return found


def _score_scenario(attempt):
    scenario = taking.subject_of(attempt)
    answers = list(attempt.answers.order_by("position"))
    path = [answer.response[0] for answer in answers]
    state = play.step(scenario.body, path)
    if not state.ended:
        flags = {"red": state.red} if state.red else {}
        return _write(attempt, [], percent=None, passed=False, rules=marking.RULES, reason="abandoned", flags=flags)
    played = play.score(scenario.body, path)
    lost = _lost_percent(played.losses, scenario.analysis)
    choices = [turn.choice for turn in play.walk(scenario.body, path)[0]]
    wordings = cited("scenario", {(scenario.slug, choice["cites"][0]): scenario for choice in choices})
    marks = [
        Mark(
            position=turn,
            answer=answer,
            wording_id=wordings.get((scenario.slug, choice["cites"][0])),
            status="scored",
            lost=lost[turn - 1],
        )
        for turn, (answer, choice) in enumerate(zip(answers, choices, strict=True), start=1)
    ]
    return _write(
        attempt,
        marks,
        percent=played.percent,
        passed=played.passed,
        rules=marking.RULES,
        dimensions={name: None if value is None else str(value) for name, value in played.dimensions.items()},
        flags={"red": played.red} if played.red else {},
    )


def _lost_percent(losses, analysis):
    """Each turn's loss in percent of best − worst, four decimals."""
    span = Fraction(analysis["best"]) - Fraction(analysis["worst"])
    return [marking.rounded(100 * loss / span, places=4) if span else Decimal(0) for loss in losses]


def _write(attempt, marks, *, percent, passed, rules, reason="", dimensions=None, flags=None):
    score = Score(
        attempt=attempt,
        percent=percent,
        reason=reason or ("" if percent is not None else "no_points"),
        passed=passed,
        dimensions=dimensions or {},
        flags=flags or {},
        rules=rules,
    )
    score.digest = score_digest(score, marks)
    score.save()
    for mark in marks:
        mark.score = score
    Mark.objects.bulk_create(marks)
    return score


# What an attempt is, from its start to its close.
ATTEMPT = (
    "pk", "person_id", "unit_id", "quiz_id", "scenario_id", "slug", "purpose", "ordinal", "allowed", "paper",
    "started_at", "deadline", "closed_at", "closed_by",
)  # fmt: skip


def score_digest(score, marks):
    """What a score's digest covers: the attempt with its person, paper and times, the rules, every mark and what
    was answered."""
    return digest(
        {
            "attempt": {name: getattr(score.attempt, name) for name in ATTEMPT},
            "revision": score.revision,
            "percent": None if score.percent is None else f"{score.percent:.1f}",
            "reason": score.reason,
            "passed": score.passed,
            "dimensions": score.dimensions,
            "flags": score.flags,
            "rules": score.rules,
            "by": score.by_id,
            "note": score.note,
            "marks": [_mark_row(mark) for mark in sorted(marks, key=lambda mark: mark.position)],
        }
    )


def _mark_row(mark):
    return {
        "position": mark.position,
        "item": mark.item_id,
        "answer": mark.answer_id,
        "response": mark.answer and mark.answer.response,
        "wording": mark.wording_id,
        "points": None if mark.points is None else f"{mark.points:.4f}",
        "max_points": None if mark.max_points is None else f"{mark.max_points:.4f}",
        "status": mark.status,
        "lost": None if mark.lost is None else f"{mark.lost:.4f}",
    }
