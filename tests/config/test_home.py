"""The first page: what to do now on the left of a desk, figures and lists on the right; one column on a phone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Assignment
from tests import make

ENGLISH = {"accept-language": "en"}


def columns(browser):
    """The two columns of the page without tags; [] where there is only one."""
    html = browser.get("/", headers=ENGLISH).content.decode()
    if 'class="home-cols"' not in html:
        return []
    left, right = html.partition('class="home-cols"><div>')[2].partition("</div><div>")[::2]
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in (left, right)]


@pytest.mark.parametrize(
    ("person", "now", "lists"),
    [
        ("ana", "No draft is waiting", "Standards All standards"),
        ("otto", "Nothing is due in your units yet", "Completion of your units"),
        ("hui", "No sheet can be signed yet", "Sheets to sign this month"),
    ],
)
def test_who_works_at_a_desk_has_what_to_do_now_left_and_the_lists_right(world, sign_in, person, now, lists):
    left, right = columns(sign_in(getattr(world, person)))
    assert now in left and lists not in left
    assert right.startswith(lists)


def test_a_learner_has_one_column(world, sign_in):
    assert columns(sign_in(world.mira)) == []


def test_a_manager_sees_who_is_overdue_the_longest_first_and_nobody_elses(world, sign_in):
    today = timezone.localdate()
    for person, unit, days in ((world.mira, world.desk, 40), (world.pavel, world.ward, 60)):
        make.assignment(person=person, path=world.path, unit=unit, on=today - timedelta(days=days))
    late = make.user(number="LATE", name="Later Still")
    make.assignment(person=late, path=world.path, unit=world.desk, on=today - timedelta(days=50))
    right = columns(sign_in(world.otto))[1]
    assert re.findall(r"(\w+) Overdue since", right) == ["LATE", "MIRA"]
    assert "PAVEL" not in right
    Assignment.objects.update(state=Assignment.EXEMPT)
    assert "Overdue" not in columns(sign_in(world.otto))[1]


@pytest.mark.parametrize(("person", "most"), [("mira", 5), ("ana", 9), ("otto", 7), ("hui", 14)])
def test_home_costs_no_more_than_it_says(world, sign_in, person, most):
    make.assignment(person=world.mira, path=world.path, unit=world.desk)
    browser = sign_in(getattr(world, person))
    browser.get("/")
    with CaptureQueriesContext(connection) as queries:
        browser.get("/")
    assert len(queries) <= most
