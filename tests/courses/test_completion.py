"""The completion rate: done ÷ due, one decimal, and who is not counted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.completion import by_unit, rate, total
from courses.models import Assignment
from tests import make

TODAY = timezone.localdate()
# state, days until it is due
ROWS = [
    ("done", -3), ("done", -1), ("done", 5), ("open", -1), ("open", 0), ("open", 1),
    ("exempt", -1), ("leave", -1), ("left", -1),
]  # fmt: skip


@pytest.fixture
def assigned(world):
    for place, (state, days) in enumerate(ROWS):
        person = make.user(number=f"P{place}")
        row = make.assignment(person=person, path=world.path, unit=world.desk)
        done = {"done_at": timezone.now(), "done_steps": 4} if state == "done" else {}
        Assignment.objects.filter(pk=row.pk).update(state=state, due_on=TODAY + timedelta(days=days), **done)
    return world


FIGURES = {
    "assigned": 9, "due": 5, "done": 3, "overdue": 1, "not_yet_due": 1, "exempt": 1, "leave": 1, "left": 1,
    "rate": Decimal("60.0"),
}  # fmt: skip


def test_the_rate_is_done_over_due(assigned):
    """Due are the three done (one before its day), the one late and the one due today."""
    assert total({assigned.desk.pk}, TODAY) == FIGURES


def test_each_unit_and_path_has_its_own(assigned):
    make.assignment(person=assigned.pavel, path=assigned.path, unit=assigned.ward)
    names = {"unit": assigned.desk.pk, "path_slug": "guide-path"}
    ward = dict.fromkeys(FIGURES, 0) | {"assigned": 1, "not_yet_due": 1, "rate": None}
    assert by_unit({assigned.desk.pk, assigned.ward.pk}, TODAY) == [
        names | FIGURES,
        {"unit": assigned.ward.pk, "path_slug": "guide-path"} | ward,
    ]


@pytest.mark.parametrize(
    ("done", "due", "percent"),
    [(0, 0, None), (0, 7, "0.0"), (7, 7, "100.0"), (2, 3, "66.7"), (1, 8, "12.5"), (1, 800, "0.1"), (1, 2000, "0.1")],
)
def test_a_rate_has_one_decimal_half_up_and_none_when_nothing_is_due(done, due, percent):
    assert rate(done, due) == (percent and Decimal(percent))


def test_the_other_units_are_not_counted(assigned):
    assert total({assigned.ward.pk}, TODAY)["assigned"] == 0


def test_the_figures_of_a_department_are_one_query(assigned):
    units = {assigned.desk.pk, assigned.ward.pk}
    with CaptureQueriesContext(connection) as queries:
        total(units, TODAY)
        by_unit(units, TODAY)
    assert len(queries) == 2


@pytest.mark.parametrize(
    ("state", "names"),
    [("done", ["P0", "P1", "P2"]), ("overdue", ["P3"]), ("open", ["P4", "P5"]), ("out", ["P6", "P7", "P8"])],
)
def test_every_number_opens_its_names(assigned, state, names):
    found = Assignment.objects.in_units({assigned.desk.pk}).named({"state": state}, TODAY)
    assert sorted(row.person.employee_number for row in found) == names


def test_the_page_of_the_department_costs_the_same_for_one_and_for_ten(assigned, sign_in):
    browser = sign_in(assigned.otto)
    browser.get("/team/")
    with CaptureQueriesContext(connection) as ten:
        browser.get("/team/")
    Assignment.objects.exclude(person__employee_number="P3").delete()
    with CaptureQueriesContext(connection) as one:
        browser.get("/team/")
    assert len(ten) == len(one)
