"""The page of a clause: who must know it, how often it is missed month by month, what its words were."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.progress import read
from evidence.models import Observation
from quizzes.models import Attempt
from scoring.clauses import MONTHS, by_month, missed, percent_of, words_of
from staff.frozen import thaw
from staff.models import User
from staff.publishing import publish
from standards.models import Clause
from tests import make

ENGLISH = {"accept-language": "en"}


def page(browser, key="FD-LANG-001"):
    return browser.get(f"/clauses/{key}/", headers=ENGLISH).content.decode()


def part(html, heading):
    """The section under a heading, without tags."""
    section = html.partition(f">{heading}</h2>")[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", section).split())


def next_version(world, **changes):
    """The standard's next version, in which rows are changed by key; None takes a clause out."""
    draft = make.draft_standard(by=world.root)
    rows = [row | (changes.get(row["key"].replace("-", "_"), {}) or {}) for row in draft.body["clauses"]]
    kept = [row for row in rows if changes.get(row["key"].replace("-", "_"), {}) is not None]
    type(draft).objects.filter(pk=draft.pk).update(body=draft.body | {"clauses": kept})
    return publish(type(draft).objects.get(pk=draft.pk), world.root)


def test_who_must_know_it_are_the_people_of_its_roles_in_ones_units(world, sign_in):
    next_version(world, FD_LANG_001={"roles": ["guide"]})
    read(world.mira, world.course, world.course.lessons[0])
    otto, hui = (part(page(sign_in(each)), "Who must know it") for each in (world.otto, world.hui))
    assert otto.startswith("Role guide 1 person 1 of 1 have read a lesson that teaches it. Their names Mira MIRA read")
    assert "2 people 1 of 2 have read" in hui and re.search(r"Mira MIRA read Pavel PAVEL not read", hui)


def test_a_clause_for_everyone_counts_everyone_of_today_but_oneself(world, sign_in):
    assert part(page(sign_in(world.hui)), "Who must know it").startswith("Everyone 4 people")
    world.pavel.postings.update(end=timezone.localdate() - timedelta(days=1))
    User.objects.filter(pk=world.mira.pk).update(left_on=timezone.localdate())
    told = part(page(sign_in(world.hui)), "Who must know it")
    assert told.startswith("Everyone 2 people") and "PAVEL" not in told and "MIRA" not in told


def test_who_heads_nobody_sees_no_names_and_a_learner_no_numbers(world, sign_in):
    assert "You head or appraise no unit" in part(page(sign_in(world.ana)), "Who must know it")
    learner = page(sign_in(world.mira))
    for words in ("Who must know it", "How often it is missed", "/items/", "PAVEL", "Question greet"):
        assert words not in learner


def test_an_item_is_a_link_for_a_trainer_only(world, sign_in):
    ana, otto = page(sign_in(world.ana)), page(sign_in(world.otto))
    assert 'href="/items/greet/"' in ana and "/items/new/?clause=FD-LANG-001" in ana
    assert "/items/" not in otto


def test_a_clause_taken_out_says_since_when_it_is_no_longer_in_force(world, sign_in):
    assert "No longer in force" not in page(sign_in(world.mira))
    newest = next_version(world, FD_LANG_001=None)
    next_version(world, FD_LANG_001=None)
    told = page(sign_in(world.ana))
    assert f"No longer in force since version 2 ({timezone.localdate(newest.published_at):%Y-%m-%d})" in told
    assert "/items/new/" not in told and "?version=1#FD-LANG-001" in told


def test_the_words_of_versions_are_marked_against_the_version_before(world, sign_in):
    limit = {"op": "<=", "number": "5", "unit": "minute", "per": ""}
    next_version(world)
    next_version(world, FD_LANG_001={"text": {"zh": "新", "en": "The new words of FD-LANG-001."}, "threshold": limit})
    html = page(sign_in(world.mira))
    assert [wording.standard.number for wording in words_of("FD-LANG-001")] == [3, 2, 1]
    told = part(html, "Versions of its words")
    assert re.findall(r"Version (\d)", told) == ["3", "1"]  # the second said the same
    assert "".join(re.findall(r"<ins>([^<≤]+)</ins>", html)).strip() == "new"
    assert "none → ≤ 5 minutes" in told


def test_the_neighbours_are_those_of_its_own_standard(world, sign_in):
    make.standard(by=world.root, slug="ward", clauses=("WD-MANN-001",))
    html = page(sign_in(world.mira), "FD-MANN-001")
    assert re.findall(r'rel="(\w+)" href="/clauses/([\w-]+)/"', html) == [
        ("prev", "FD-LANG-001"),
        ("next", "FD-PROC-001"),
    ]
    assert 'rel="' not in page(sign_in(world.mira), "WD-MANN-001").partition("<main")[2].replace('rel="icon"', "")


def test_a_clause_that_is_none_is_no_page(world, sign_in):
    assert sign_in(world.ana).get("/clauses/NO-SUCH-001/").status_code == 404


def test_months_come_from_when_it_was_answered_and_seen(world):
    attempt = make.score(person=world.mira, subject=world.quiz, wrong=(1, 2, 3)).attempt
    seen = make.observation(
        checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk, outcomes=("not_met", "na", "met")
    )
    now = timezone.localtime()
    last_month = (now.replace(day=1) - timedelta(days=1)).replace(hour=0, minute=30)  # in UTC a day earlier
    with thaw():
        Attempt.objects.filter(pk=attempt.pk).update(closed_at=last_month)
        Observation.objects.filter(pk=seen.pk).update(at=now - timedelta(days=800))
    found = missed(Clause.objects.get(key="FD-LANG-001"))
    assert (found["n"], found["missed"]) == (2, 2)
    shown = {row["month"]: (row["n"], row["missed"]) for row in found["months"] if row["n"]}
    assert shown == {last_month.date().replace(day=1): (1, 1)}  # the observation is older than a year


def test_under_thirty_the_percentage_and_the_months_are_grey_and_say_why(world, sign_in):
    make.score(person=world.mira, subject=world.quiz, wrong=(1, 2, 3))
    html = page(sign_in(world.hui))
    assert "Missed 1 of 1 times" in html and '<small class="faint">100 %</small>' in html
    assert "Fewer than 30, so the percentage is greyed" in html
    assert 'class="band"' in html and 'class="bar-ink"' not in html and "fewer than 30" in html


def test_from_thirty_on_the_percentage_stands_beside_the_counts(world, sign_in):
    make.score(person=world.mira, subject=world.quiz, wrong=(1, 2, 3))
    for number in range(29):
        make.score(person=make.user(number=f"P{number}"), subject=world.quiz)
    html = page(sign_in(world.hui))
    assert '1<small class="quiet"> / 30</small> <small>3 %</small>' in html
    assert 'class="bar-ink"' in html and 'class="band"' not in html and "Fewer than 30" not in html


days = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@given(days)
def test_there_are_always_twelve_months_in_a_row_this_one_last(today):
    months = [row["month"] for row in by_month({}, today)]
    assert len(months) == MONTHS and months[-1] == today.replace(day=1)
    assert all((later - month).days in range(28, 32) for month, later in pairwise(months))
    assert all(row["percent"] is None for row in by_month({}, today))


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_percent_is_whole_half_up_and_between_its_bounds(part, whole):
    part = min(part, whole)
    assert 0 <= percent_of(part, whole) <= 100
    assert percent_of(part, whole) == int(100 * part / whole + 0.5)


@pytest.mark.parametrize(("number", "most"), [("mira", 6), ("ana", 9), ("otto", 13), ("hui", 13), ("root", 14)])
def test_the_page_costs_the_same_however_much_there_is(world, sign_in, number, most):
    browser = sign_in(getattr(world, number))

    def cost():
        page(browser)
        with CaptureQueriesContext(connection) as queries:
            page(browser)
        return len(queries)

    make.score(person=world.mira, subject=world.quiz, wrong=(1, 2, 3))
    make.observation(checklist=world.checklist, person=world.mira, by=world.otto, unit=world.desk)
    few = cost()
    for n in range(3):
        make.standard(by=world.root, slug=f"other-{n}", clauses=(f"OT-MANN-00{n}",))
        unit = make.unit(code=f"unit-{n}", parent=world.outpatient)
        person = make.user(number=f"P{n}")
        make.posting(user=person, unit=unit, role=world.guide)
        make.score(person=person, subject=world.quiz, wrong=(1, 2, 3))
        make.course(by=world.root, slug=f"course-{n}")
        make.item(by=world.root, slug=f"item-{n}")
        make.checklist(by=world.root, slug=f"checklist-{n}")
        next_version(world, FD_LANG_001={"text": make.words(f"Words {n}.")})
    assert cost() == few <= most


def test_a_learner_sees_how_many_questions_ask_a_clause_and_not_which(world, sign_in):
    item = world.items[0]
    path = f"/items/{item.slug}/"
    learner = sign_in(world.mira).get("/clauses/FD-LANG-001/").content.decode()
    assert "道试题考查本条" in learner and path not in learner and item.title["zh"] not in learner
    assert path in sign_in(world.ana).get("/clauses/FD-LANG-001/").content.decode()
