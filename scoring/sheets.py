"""The open appraisal: a query over people's records of one period, each under a plan.

The records of many people are read at once, so fifty sheets cost as many statements as one.
"""

import calendar
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q
from django.utils import timezone

from courses.models import Assignment, StepDone
from evidence.models import Observation
from evidence.observing import at_work, posting_within
from quizzes.models import Attempt
from scoring.appraising import Value, appraise, tenth
from scoring.counted import counted
from scoring.models import Appraisal, Plan, Score
from staff.models import Posting

MANY = 30
PERIOD = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


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

    def red_lines(self):
        """[{indicator, clause}] of the red lines crossed in what the sheet rests on: named, and no cap."""
        return [
            {"indicator": row["key"], "clause": key}
            for row, _line, records in self.rows()
            for record in records
            if isinstance(record, Score)
            for key in record.flags.get("red", [])
        ]


@dataclass(frozen=True)
class Waiting:
    """People whose sheet of a period is not signed: what can be signed, what is blocked [Sheet], who has no plan."""

    ready: list
    blocked: list
    planless: list


def this_period():
    return f"{timezone.localdate():%Y-%m}"


def days(period):
    """(first, last) of a period "2026-11"; raises ValueError for anything else."""
    if not PERIOD.fullmatch(period):
        raise ValueError(f"{period!r} is no month of this century.")
    year, month = (int(part) for part in period.split("-"))
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def span(period):
    """(first moment, last moment) of a period in the installation's zone; raises ValueError."""
    zone = timezone.get_default_timezone()
    first, last = days(period)
    return datetime.combine(first, time.min, tzinfo=zone), datetime.combine(last, time.max, tzinfo=zone)


# --- whose sheet, under which plan ----------------------------------------------


def appraisable_by(user):
    """Whose sheet one may open: who works in the units one appraises and has not left; never one's own."""
    return at_work(user.access.scope(Posting.APPRAISES)).exclude(pk=user.pk)


def plan_for(person, day, unit_ids=None):
    """The newest plan of the person's job role on a date, or None; of the posting in these units, where given."""
    posting = posting_within(person, unit_ids, day)
    return posting and newest_plans([posting.job_role_id]).get(posting.job_role_id)


def newest_plans(job_roles):
    """{job role id: plan}"""
    found = Plan.objects.newest().filter(job_role__in=set(job_roles)).order_by("-pk")
    return {plan.job_role_id: plan for plan in found}


def waiting(appraiser, people, period):
    """The Waiting of these people (a list), in seven statements however many they are."""
    scope = appraiser.access.scope(Posting.APPRAISES)
    held = Posting.objects.current().filter(duty=Posting.WORKS, unit_id__in=scope, user__in=people)
    roles = dict(held.order_by("primary", "-start", "-pk").values_list("user_id", "job_role_id"))
    plans = newest_plans(roles.values())
    planned = [(person, plans[roles[person.pk]]) for person in people if roles.get(person.pk) in plans]
    found = sheets(planned, period) if planned else []
    return Waiting(
        ready=[each for each in found if each.result.percent is not None],
        blocked=[each for each in found if each.result.percent is None],
        planless=[person for person in people if roles.get(person.pk) not in plans],
    )


def unsigned(appraiser, period):
    """The people one appraises whose sheet of a period is not signed, in the order of their numbers."""
    signed = Appraisal.objects.in_period(period).values("person")
    return appraisable_by(appraiser).exclude(pk__in=signed)


# --- from records to sheets --------------------------------------------------------


def sheet(person, plan, period):
    """The open Sheet: each indicator from the records of the period."""
    return sheets([(person, plan)], period)[0]


def sheets(planned, period):
    """The open Sheet of each (person, plan)."""
    records = Records(planned, *span(period))
    return [_sheet(person, plan, period, records) for person, plan in planned]


def _sheet(person, plan, period, records):
    values, bases = {}, {}
    for row in plan.body["indicators"]:
        values[row["key"]], bases[row["key"]] = SOURCES[row["source"]](records, row, (person.pk, row["slug"]))
    return Sheet(person, plan, period, appraise(plan.body, values), bases)


class Records:
    """What happened to some people in a period: {(person id, slug): record} of each kind, one statement a kind."""

    def __init__(self, planned, start, end):
        self.people = [person.pk for person, _plan in planned]
        self.start, self.end = start, end
        self.day = min(timezone.localdate(), timezone.localdate(end))
        plans = {plan.pk: plan for _person, plan in planned}.values()
        rows = [row for plan in plans for row in plan.body["indicators"]]
        asked = {row["slug"] for row in rows if row["source"] in ("quiz", "scenario")}
        self.scores, self.takers = self._scores(asked), self._takers(asked)
        self.observations = self._observed({row["slug"] for row in rows if row["source"] == "observation"})
        self.assignments = self._assigned({row["slug"] for row in rows if row["source"] == "completion"})

    def _scores(self, slugs):
        """{(person id, slug): Counted} of the attempts closed in the period."""
        found = Score.objects.current().filter(
            attempt__person__in=self.people,
            attempt__slug__in=slugs,
            attempt__purpose=Attempt.ASSESSED,
            attempt__closed_at__range=(self.start, self.end),
        )
        taken = defaultdict(list)
        for score in found.select_related("attempt").defer("attempt__paper"):
            taken[score.attempt.person_id, score.attempt.slug].append(score)
        return {place: counted(scores) for place, scores in taken.items()}

    def _takers(self, slugs):
        """{slug: how many people have taken it}"""
        taken = Score.objects.filter(attempt__slug__in=slugs, attempt__purpose=Attempt.ASSESSED, attempt__ordinal=1)
        return dict(taken.order_by().values_list("attempt__slug").annotate(n=Count("attempt__person", distinct=True)))

    def _observed(self, slugs):
        outcomes = {outcome: Count("findings", filter=Q(findings__outcome=outcome)) for outcome in ("met", "not_met")}
        found = Observation.objects.standing().filter(
            person__in=self.people, checklist__slug__in=slugs, at__range=(self.start, self.end)
        )
        observed = defaultdict(list)
        for observation in found.annotate(slug=F("checklist__slug"), **outcomes).order_by("pk"):
            observed[observation.person_id, observation.slug].append(observation)
        return observed

    def _assigned(self, slugs):
        done = Prefetch("done", StepDone.objects.filter(at__lte=self.end), to_attr="done_by_then")
        found = Assignment.objects.filter(person__in=self.people, path_slug__in=slugs, assigned_on__lte=self.day)
        found = found.select_related("path").prefetch_related(done).order_by("assigned_on", "pk")
        return {(assignment.person_id, assignment.path_slug): assignment for assignment in found}


def _score_value(records, row, place):
    """The attempt that counts by the quiz's rules, the first unless they say otherwise."""
    found = records.scores.get(place)
    if found is None:
        return Value(None, "no_attempt"), []
    notices = ("few_attempts",) if records.takers.get(row["slug"], 0) < MANY else ()
    if row["source"] == "scenario":
        notices += ("one_scenario",)
    scores = [run.score for run in found.runs]
    reason = next((score.reason for score in scores if score.percent is None), "") if found.percent is None else ""
    return Value(found.percent, reason, len(scores), notices), scores


def _observation_value(records, _row, place):
    found = records.observations.get(place, [])
    met = sum(observation.met for observation in found)
    seen = met + sum(observation.not_met for observation in found)
    if not seen:
        return Value(None, "not_observed"), found
    notices = ("few_observations",) if seen < MANY else ()
    return Value(tenth(Decimal(100 * met) / seen), "", len(found), notices), found


def _completion_value(records, _row, place):
    """Steps done of the steps due by the end of the period (or by today)."""
    assignment = records.assignments.get(place)
    if assignment is None:
        return Value(None, "no_assignment"), []
    done = {step.step for step in assignment.done_by_then}
    due = [step for step in assignment.path.steps if assignment.step_due(step) <= records.day or step["key"] in done]
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
