"""Completion of units: one GROUP BY over the assignment register.

rate = done ÷ due, in percent with one decimal. Due are the assignments whose due date has come and
every one that is done already; exempt, on leave, left and not yet due are counted beside it.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q

from courses.models import Assignment

OPEN, DONE = Assignment.OPEN, Assignment.DONE


def one_decimal(value):
    return Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP)


def rate(done, due):
    """Percent 0–100 with one decimal, or None when nothing is due."""
    return one_decimal(Decimal(100 * done) / due) if due else None


def counts(today):
    """The aggregates of a completion cell, for .aggregate() or .annotate()."""
    has_come = Q(state=DONE) | Q(state=OPEN, due_on__lte=today)
    return {
        "assigned": Count("pk"),
        "due": Count("pk", filter=has_come),
        "done": Count("pk", filter=Q(state=DONE)),
        "overdue": Count("pk", filter=Q(state=OPEN, due_on__lt=today)),
        "not_yet_due": Count("pk", filter=Q(state=OPEN, due_on__gt=today)),
        "exempt": Count("pk", filter=Q(state=Assignment.EXEMPT)),
        "leave": Count("pk", filter=Q(state=Assignment.LEAVE)),
        "left": Count("pk", filter=Q(state=Assignment.LEFT)),
    }


def total(unit_ids, today):
    """{assigned, due, done, overdue, not_yet_due, exempt, leave, left, rate} over these units."""
    found = Assignment.objects.in_units(unit_ids).aggregate(**counts(today))
    return found | {"rate": rate(found["done"], found["due"])}


def by_unit(unit_ids, today):
    """The same for each unit and path: [{unit, path_slug, …, rate}]."""
    rows = (
        Assignment.objects.in_units(unit_ids)
        .values("unit", "path_slug")
        .annotate(**counts(today))
        .order_by("unit", "path_slug")
    )
    return [row | {"rate": rate(row["done"], row["due"])} for row in rows]
