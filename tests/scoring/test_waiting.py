"""Which sheets can be signed, which lack records, who has no plan: on the first page and on the list."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Assignment
from staff.models import User
from tests import make


def read(browser, address):
    return browser.get(address, headers={"accept-language": "en"}).content.decode()


def counts(browser, address="/appraisals/"):
    shown = read(browser, address)
    return [int(re.search(rf"{words} (\d+)", shown)[1]) for words in ("Can be signed", "Records missing", "No plan")]


def numbers(shown):
    return [number for number in ("MIRA", "PAVEL", "ANA", "OTTO") if f">{number}<" in shown]


def sheet_of(person):
    return f"/appraisals/{person.pk}/{make.period()}/"


def test_three_groups_are_counted(world, sign_in):
    make.full_sheet(world=world)
    assert counts(sign_in(world.hui)) == [1, 1, 2]  # mira; pavel; ana and otto


def test_each_group_has_its_list(world, sign_in):
    make.full_sheet(world=world)
    browser = sign_in(world.hui)
    shown = {group: numbers(read(browser, f"/appraisals/?group={group}")) for group in ("ready", "blocked", "planless")}
    assert shown == {"ready": ["MIRA"], "blocked": ["PAVEL"], "planless": ["ANA", "OTTO"]}


def test_the_first_page_counts_and_opens_what_can_be_signed(world, sign_in):
    """ANA comes first by number, has no plan, and is not what the red button opens."""
    make.full_sheet(world=world)
    shown = read(sign_in(world.hui), "/")
    assert "1 sheet can be signed" in shown
    assert "Not yet: 1 with records missing, 2 without a plan." in shown
    assert re.search(r'class="button button-primary[^"]*" href="([^"]+)"', shown)[1] == sheet_of(world.mira)
    assert numbers(shown) == ["MIRA"]


def test_when_none_can_be_signed_the_first_page_says_so(world, sign_in):
    shown = read(sign_in(world.hui), "/")
    assert "No sheet can be signed yet" in shown
    assert re.search(r'class="button button-primary[^"]*" href="([^"]+)"', shown)[1] == "/appraisals/"


def test_a_signed_sheet_waits_no_more(world, sign_in):
    make.appraisal(world=world)
    assert counts(sign_in(world.hui)) == [0, 1, 2]


@pytest.mark.parametrize("how", ["left_on", "assignment"])
def test_who_left_is_on_no_list(world, sign_in, how):
    make.full_sheet(world=world)
    if how == "left_on":
        User.objects.filter(pk=world.mira.pk).update(left_on="2026-01-01")
    else:
        Assignment.objects.filter(person=world.mira).update(state=Assignment.LEFT)
    assert counts(sign_in(world.hui)) == [0, 1, 2]


def test_who_came_back_is_on_the_list(world, sign_in):
    old = make.assignment(person=world.mira, path=world.path, unit=world.desk)
    Assignment.objects.filter(pk=old.pk).update(state=Assignment.LEFT)
    make.full_sheet(world=world)
    assert counts(sign_in(world.hui)) == [1, 1, 2]


def test_the_month_before_has_its_list_too(world, sign_in):
    make.full_sheet(world=world)
    browser = sign_in(world.hui)
    before = re.search(r'href="\?period=([0-9-]+)"', read(browser, "/appraisals/"))[1]
    assert before < make.period()
    assert counts(browser, f"/appraisals/?period={before}") == [0, 2, 2]


def test_of_very_many_people_a_part_is_counted_and_the_page_says_so(world, sign_in, monkeypatch):
    monkeypatch.setattr("scoring.appraisal_views.AT_ONCE", 1)
    make.full_sheet(world=world)
    browser = sign_in(world.hui)
    home = read(browser, "/")
    assert "None of the first 1 sheets can be signed yet" in home  # ANA comes first and has no plan
    assert "Counted over people 1 to 1 of 4." in home
    assert counts(browser) == [0, 0, 1]
    assert counts(browser, "/appraisals/?part=2") == [1, 0, 0]


@pytest.mark.slow
def test_fifty_people_cost_as_many_statements_as_five(world, sign_in):
    make.full_sheet(world=world)

    def costs():
        found = []
        for address in ("/", "/appraisals/", "/appraisals/?group=blocked"):
            browser = sign_in(world.hui)
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            found.append(len(queries))
        return found

    few = costs()
    for number in range(46):
        person = make.user(number=f"P{number:02}")
        make.posting(user=person, unit=world.desk, role=world.guide)
        make.score(person=person, subject=world.quiz)
        make.observation(
            checklist=world.checklist, person=person, by=world.otto, unit=world.desk, key=f"form of {number}"
        )
    assert (few, costs()) == ([14, 13, 13], [14, 13, 13])
