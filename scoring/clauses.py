"""What the page of one clause tells: its words through the versions, who must know it, how often it is missed."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone

from courses.models import LessonRead
from evidence.models import NA, NOT_MET, Finding
from scoring.models import Mark, Score
from staff.models import JobRole, Posting, User
from standards.models import Standard, Wording

MONTHS = 12
SUFFICIENT = 30
MISSED = Q(lost__gt=0) | Q(lost__isnull=True, points__lt=F("max_points"))


def words_of(key):
    """The wordings of a clause, the newest first; each with the keys of the clauses `before` and `after` it in its
    version, and the first version that holds the clause no more (`gone_in`, `gone_at`) or, where another version
    followed with it, that one. One statement."""
    same = Wording.objects.filter(standard=OuterRef("standard"))
    before = same.filter(position__lt=OuterRef("position")).order_by("-position").values("clause__key")[:1]
    after = same.filter(position__gt=OuterRef("position")).order_by("position").values("clause__key")[:1]
    later = Standard.objects.published().filter(
        slug=OuterRef("standard__slug"), number__gt=OuterRef("standard__number")
    )
    found = Wording.objects.filter(clause__key=key).select_related("clause", "standard").defer("standard__body")
    return list(
        found.annotate(
            before=Subquery(before),
            after=Subquery(after),
            gone_in=Subquery(later.order_by("number").values("number")[:1]),
            gone_at=Subquery(later.order_by("number").values("published_at")[:1]),
        ).order_by("-standard__number")
    )


def history(wordings):
    """[(wording, the one before it or None)] of the versions that said something else, the newest first."""
    pairs = [*pairwise(wordings), (wordings[-1], None)]
    return [(now, before) for now, before in pairs if before is None or _said(now) != _said(before)]


def _said(wording):
    return wording.text, wording.threshold, wording.weight, wording.kind, wording.roles


@dataclass
class Holders:
    """The people of one job role who must know a clause; `read` is how many have read a lesson that teaches it."""

    role: dict
    people: list
    read: int


def holders(user, roles, lessons):
    """[Holders] among the people whose units one heads or appraises today, by the clause's job roles; all roles are
    meant when it names none. lessons: {(course, lesson)} that teach it. Two statements."""
    scope = user.access.scope(Posting.HEADS) | user.access.scope(Posting.APPRAISES)
    if not scope:
        return []
    works = Posting.objects.current().filter(duty=Posting.WORKS, unit__in=scope, user__in=User.objects.present())
    if roles:
        works = works.filter(job_role__in=roles)
    fields = ("job_role", "user", "user__name", "user__employee_number")
    rows = list(works.exclude(user=user).order_by("user__employee_number").values_list(*fields).distinct())
    read = _read({row[1] for row in rows}, lessons)
    wanted = [(role.name, [row for row in rows if row[0] == role.pk]) for role in roles] if roles else [(None, rows)]
    return [_holders(name, found, read) for name, found in wanted]


def _holders(name, rows, read):
    people = {pk: {"name": who, "employee_number": number, "read": pk in read} for _, pk, who, number in rows}
    return Holders(name, list(people.values()), sum(each["read"] for each in people.values()))


def _read(people, lessons):
    """Who of these has read one of the lessons, in whichever version."""
    wanted = Q(pk__in=[])
    for course, lesson in lessons:
        wanted |= Q(course__slug=course, lesson=lesson)
    return (
        set(LessonRead.objects.filter(wanted, person__in=people).values_list("person", flat=True)) if lessons else set()
    )


def named_roles(slugs):
    return list(JobRole.objects.filter(slug__in=slugs)) if slugs else []


def missed(clause):
    """{n, missed, people, months} over the current marks and the standing findings that rest on a clause; people is a
    queryset, months as by_month() has them. Marks that are void or wait for a person, and points not seen, count
    neither way. Two statements."""
    marks = Mark.objects.filter(wording__clause=clause, score__attempt__purpose="assessed")
    marks = marks.exclude(status__in=["void", "awaiting"]).filter(score__in=Score.objects.current())
    findings = Finding.objects.filter(wording__clause=clause, observation__corrected_by__isnull=True)
    findings = findings.exclude(outcome=NA)
    counted = {}
    for rows, at, wrong in (
        (marks, "score__attempt__closed_at", MISSED),
        (findings, "observation__at", Q(outcome=NOT_MET)),
    ):
        found = rows.order_by().annotate(month=TruncMonth(at)).values_list("month")
        for month, n, lost in found.annotate(n=Count("pk"), lost=Count("pk", filter=wrong)):
            before = counted.get(month.date().replace(day=1), (0, 0))
            counted[month.date().replace(day=1)] = before[0] + n, before[1] + lost
    missing = Q(pk__in=marks.filter(MISSED).values("score__attempt__person"))
    missing |= Q(pk__in=findings.filter(outcome=NOT_MET).values("observation__person"))
    return {
        "n": sum(n for n, _ in counted.values()),
        "missed": sum(lost for _, lost in counted.values()),
        "people": User.objects.filter(missing).only("pk"),
        "months": by_month(counted, timezone.localdate()),
    }


def by_month(counted, today):
    """[{month, n, missed, percent: None where nothing was asked, sufficient}] of the last twelve months, this one
    last. counted: {first of the month: (n, missed)}."""
    last = today.year * 12 + today.month - 1
    months = [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]
    return [_month(month, *counted.get(month, (0, 0))) for month in months]


def _month(month, n, lost):
    percent = percent_of(lost, n)
    return {"month": month, "n": n, "missed": lost, "percent": percent, "sufficient": n >= SUFFICIENT}


def percent_of(part, whole):
    """A whole percent, half up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None
