"""The list of finished quizzes for trainers and managers: who may see whom, how it is narrowed and ordered, and its
rows for a page or a table."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quizzes.models import Attempt
from scoring.models import Score
from staff.labels import LABELS
from staff.models import Posting, User
from staff.text import text

PAGE, BATCH = 50, 2_000
OUTCOMES = ("passed", "failed", "awaiting")


@dataclass(frozen=True)
class Row:
    """One finished attempt with its newest score. flags: late, clock, awaiting, red; left: how often the page was
    left."""

    attempt: Attempt
    percent: Decimal | None
    passed: bool | None
    flags: tuple[str, ...]
    opens: bool = False

    @property
    def left(self):
        return self.attempt.left_times


def seen_by(user):
    """Everybody's for trainers; for managers those of the units they head and all below."""
    found = Attempt.objects.assessed().closed().quizzes()
    if user.access.has("trainer"):
        return found
    return found.filter(unit_id__in=user.access.scope(Posting.HEADS))


def narrowed(attempts, *, q="", quiz="", unit="", since=None, until=None, outcome="", units=None):
    """Those that fit every choice; `units` are the ids a chosen unit stands for."""
    if q:
        attempts = attempts.filter(person__in=User.objects.named(q))
    if quiz:
        attempts = attempts.filter(slug=quiz)
    if unit:
        attempts = attempts.filter(unit_id__in=units)
    if since:
        attempts = attempts.filter(closed_at__gte=_midnight(since))
    if until:
        attempts = attempts.filter(closed_at__lt=_midnight(until + timedelta(days=1)))
    if outcome in OUTCOMES:
        attempts = attempts.filter(Exists(_newest().filter(_outcome(outcome))))
    return attempts


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def _newest():
    return Score.objects.current().filter(attempt=OuterRef("pk"))


def _outcome(outcome):
    if outcome == "awaiting":
        return Q(percent__isnull=True, reason="awaiting_marks")
    return Q(passed=outcome == "passed") & ~Q(reason="awaiting_marks")


def ordered(attempts, sort):
    """By person or by percent; the newest first needs no sorting."""
    if sort in ("lowest", "highest"):
        percent = F("percent").asc(nulls_last=True) if sort == "lowest" else F("percent").desc(nulls_last=True)
        return attempts.annotate(percent=Subquery(_newest().values("percent")[:1])).order_by(percent, "-pk")
    return attempts.order_by("person__employee_number", "-pk") if sort == "person" else attempts.order_by("-pk")


def rows(attempts, *, opened_by=None):
    """[Row] of a page or a batch of attempts, with person, unit and quiz; two statements."""
    attempts = list(attempts.select_related("person", "unit", "quiz").defer("quiz__body", "paper", "person__password"))
    scores = Score.objects.current().filter(attempt__in=[attempt.pk for attempt in attempts])
    found = {score.attempt_id: score for score in scores.order_by()}
    scope = opened_by.access.scope(Posting.HEADS) | opened_by.access.scope(Posting.APPRAISES) if opened_by else set()
    return [
        _row(attempt, found.get(attempt.pk), opens=bool(opened_by) and _may_open(attempt, opened_by, scope))
        for attempt in attempts
    ]


def _may_open(attempt, user, scope):
    return attempt.person_id == user.pk or attempt.unit_id in scope


def _row(attempt, score, *, opens):
    late = attempt.closed_by == "person" and attempt.deadline is not None and attempt.closed_at > attempt.deadline
    said = {
        "late": late or bool(score and score.flags.get("late")),
        "clock": attempt.closed_by == "clock",
        "awaiting": bool(score) and score.reason == "awaiting_marks",
        "red": bool(score) and bool(score.flags.get("red")),
    }
    flags = tuple(name for name, holds in said.items() if holds)
    return Row(attempt, score and score.percent, score and score.passed, flags, opens)


def batches(attempts):
    """Every row, the newest first, a batch at a time by the key: memory does not grow with them."""
    last = None
    while True:
        part = attempts.filter(pk__lt=last) if last else attempts
        found = rows(part.order_by("-pk")[:BATCH])
        yield from found
        if len(found) < BATCH:
            return
        last = found[-1].attempt.pk


def header():
    return [_("Employee number"), _("Name"), _("Unit"), _("Quiz"), _("Version"), _("Attempt"), _("Percent"),
            _("Result"), _("Handed in"), _("Times the page was left"), _("Notes")]  # fmt: skip


def cells(row):
    """One row of the table, in the reader's language."""
    attempt, language = row.attempt, get_language()
    outcome = LABELS["awaiting"] if "awaiting" in row.flags else _("Passed") if row.passed else _("Not passed")
    return [
        attempt.person.employee_number,
        attempt.person.name,
        text(attempt.unit.name, language)[0] if attempt.unit else "",
        text(attempt.quiz.title, language)[0] or attempt.slug,
        attempt.quiz.number,
        attempt.ordinal,
        None if row.percent is None else float(row.percent),
        str(outcome),
        f"{timezone.localtime(attempt.closed_at):%Y-%m-%d %H:%M}",
        row.left,
        "; ".join(str(LABELS[f"result_{flag}"]) for flag in row.flags),
    ]
