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
from quizzes.models import Attempt
from scoring import marks
from scoring.models import Mark, Score
from staff.frozen import digest
from staff.models import Event
from standards.citing import cited

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
    """Closes what ran out of time, with what was saved."""
    now = timezone.now()
    expired = Attempt.objects.expired(now).order_by("deadline").iterator()
    for attempt in list(islice((each for each in expired if each.late_until < now), 200)):
        try:
            finish(attempt, by=None, closed_by="clock")
        except Exception:  # the others' time is up as well
            logger.exception("attempt %s could not be closed", attempt.pk)


def _score_quiz(attempt):
    rows = marks.rows_of(attempt, body_of=body_of)
    found = marks.outcome(rows, taking.subject_of(attempt).body["pass_mark"]["percent"])
    result = {"percent": found.percent, "passed": found.passed, "reason": found.reason}
    return _write(attempt, marks.as_marks(rows), rules=marking.RULES, **result)


def body_of(item):
    """The body an item is judged by when it is handed in; None where it no longer counts."""
    return marks.as_written(item)


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
    turns = [
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
        turns,
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


def _write(attempt, given, *, percent, passed, rules, reason="", dimensions=None, flags=None):
    score = Score(
        attempt=attempt,
        percent=percent,
        reason=reason or ("" if percent is not None else "no_points"),
        passed=passed,
        dimensions=dimensions or {},
        flags=flags or {},
        rules=rules,
    )
    score.digest = score_digest(score, given)
    score.save()
    for mark in given:
        mark.score = score
    Mark.objects.bulk_create(given)
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
