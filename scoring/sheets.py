"""The open appraisal: a query over a person's records of one period, under a plan."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from courses.models import Assignment
from evidence.models import Observation
from evidence.observing import tally
from quizzes.models import Attempt
from scoring.appraising import Value, appraise, tenth
from scoring.models import Plan, Score

MANY = 30


@dataclass(frozen=True)
class Sheet:
    """An appraisal before it is signed. bases: {indicator: [record]}."""

    person: object
    plan: object
    period: str
    result: object
    bases: dict

    def rows(self):
        """[(indicator of the plan, its line, its records)]"""
        lines = {line.indicator: line for line in self.result.lines}
        return [(row, lines[row["key"]], self.bases[row["key"]]) for row in self.plan.body["indicators"]]


def span(period):
    """(first moment, last moment) of a period "2026-11" in the installation's zone; raises ValueError."""
    year, month = (int(part) for part in period.split("-"))
    last = calendar.monthrange(year, month)[1]
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(date(year, month, 1), time.min, tzinfo=zone),
        datetime.combine(date(year, month, last), time.max, tzinfo=zone),
    )


def plan_for(person, day):
    """The newest plan of the person's job role on a date, or None."""
    posting = person.postings.works_on(day).order_by("-primary", "start").first()
    return posting and Plan.objects.newest().filter(job_role=posting.job_role_id).first()


def sheet(person, plan, period):
    """The open Sheet: each indicator from the records of the period."""
    start, end = span(period)
    values, bases = {}, {}
    for row in plan.body["indicators"]:
        values[row["key"]], bases[row["key"]] = SOURCES[row["source"]](person, row, start, end)
    return Sheet(person, plan, period, appraise(plan.body, values), bases)


def _first_score(person, row, start, end):
    """By default the first closed attempt counts for the figure."""
    scores = Score.objects.current().filter(
        attempt__person=person,
        attempt__slug=row["slug"],
        attempt__purpose=Attempt.ASSESSED,
        attempt__closed_at__range=(start, end),
    )
    return scores.select_related("attempt").order_by("attempt__ordinal").first()


def _score_value(person, row, start, end):
    score = _first_score(person, row, start, end)
    if score is None:
        return Value(None, "no_attempt"), []
    taken = Score.objects.filter(attempt__slug=row["slug"], attempt__purpose=Attempt.ASSESSED, attempt__ordinal=1)
    notices = ("few_attempts",) if taken.values("attempt__person").distinct().count() < MANY else ()
    if row["source"] == "scenario":
        notices += ("one_scenario",)
    if score.percent is None:
        return Value(None, score.reason, 1, notices), [score]
    return Value(score.percent, "", 1, notices), [score]


def _observation_value(person, row, start, end):
    found = list(
        Observation.objects.filter(
            person=person, checklist__slug=row["slug"], at__range=(start, end), corrected_by__isnull=True
        )
        .prefetch_related("findings")
        .order_by("pk")
    )
    met = sum(tally(observation)["met"] for observation in found)
    seen = met + sum(tally(observation)["not_met"] for observation in found)
    if not seen:
        return Value(None, "not_observed"), found
    notices = ("few_observations",) if seen < MANY else ()
    return Value(tenth(Decimal(100 * met) / seen), "", len(found), notices), found


def _completion_value(person, row, start, end):
    """Steps done of the steps due by the end of the period (or by today)."""
    day = min(timezone.localdate(), timezone.localdate(end))
    assignment = (
        Assignment.objects.filter(person=person, path_slug=row["slug"], assigned_on__lte=day)
        .select_related("path")
        .order_by("-assigned_on", "-pk")
        .first()
    )
    if assignment is None:
        return Value(None, "no_assignment"), []
    done = set(assignment.done.filter(at__lte=end).values_list("step", flat=True))
    due = [step for step in assignment.path.steps if assignment.step_due(step) <= day or step["key"] in done]
    if not due:
        return Value(None, "nothing_due"), [assignment]
    finished = sum(step["key"] in done for step in due)
    return Value(tenth(Decimal(100 * finished) / len(due)), "", 1), [assignment]


SOURCES = {
    "quiz": _score_value,
    "scenario": _score_value,
    "observation": _observation_value,
    "completion": _completion_value,
}
