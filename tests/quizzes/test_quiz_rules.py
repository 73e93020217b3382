"""The rules of a quiz: what it may say, when one may begin, which attempt counts, what is told of it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.quiz_rules import (
    SHAPE,
    Decision,
    Granted,
    Terms,
    code_fits,
    counting,
    decide,
    late_until,
    quiz_problems,
    rules_of,
    shown,
    terms_of,
)
from staff.shapes import with_flags

ROW = {"clauses": ["FD-"], "count": 3}
PASS = {"percent": 70, "by": "ROOT", "how": {"en": "Set."}, "on": "2026-10-01"}
BODY = {"standard": "front-desk", "blueprint": [ROW], "minutes": 20, "attempts": 2, "pass_mark": PASS}
BARE = {name: value for name, value in BODY.items() if name != "blueprint"}
SECTION = {"key": "one", "title": {"en": "One"}, "rows": [ROW], "points": 40}
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_quiz_that_says_nothing_of_its_rules_has_the_defaults():
    rules = rules_of(BODY)
    assert (rules.kind, rules.counts, rules.shuffle, rules.pages, rules.back) == ("exam", "first", True, "one", True)
    assert (rules.opens_at, rules.closes_at, rules.late_minutes, rules.wait_hours) == (None, None, 0, 0)
    assert (rules.code, rules.pair, rules.practice, rules.count) == ("", "", False, 3)
    assert rules.review == ("finished", ("answers", "right", "feedback", "clause"))
    assert rules.marking == (False, 0)


def said(**rules):
    return BODY | {"rules": rules}


WRONG = {
    "both": (BODY | {"sections": [SECTION]}, "A quiz has either a blueprint or sections."),
    "neither": (BARE, "A quiz has either a blueprint or sections."),
    "closes first": (said(opens_at="2026-11-21T09:00", closes_at="2026-11-21T09:00"), "A quiz closes after it opens."),
    "late": (said(late_minutes=61), "rules.late_minutes is a whole number from 0 to 60, not 61."),
    "a strange rule": (said(grace=1), "rules.grace is no field here; known are"),
    "no time": (said(opens_at="2026-02-30T09:00"), "rules.opens_at is a time such as 2026-11-21T09:00, not"),
    "review": (said(review={"when": "closed"}), "What is shown after the close needs a time at which the quiz closes."),
    "pages": (said(pages="all", back=False), "With all questions on one page one can always go back."),
    "post": (BODY | {"kind": "post"}, "A test after names the test before it belongs to."),
    "own pair": (said(pair="me") | {"kind": "pre"}, "The pair of a quiz is another quiz."),
    "pair of an exam": (said(pair="other"), "Only a test before or after has another test as its pair."),
    "morning": (BODY | {"kind": "morning", "blueprint": [ROW | {"count": 6}]}, "at most 5 items, not 6."),
    "a row of both": (
        BARE | {"sections": [SECTION | {"rows": [ROW | {"items": ["a"]}]}]},
        "sections[1].rows[1] asks either for clauses or for items.",
    ),
    "too long": (BODY | {"blueprint": [ROW | {"count": 90}] * 3}, "draws 270 items; a paper holds at most 200."),
    "limit": (said(marking={"limit": "-1"}), "The largest difference is at least 0 points."),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_quiz_is_said(name):
    body, sentence = WRONG[name]
    found = quiz_problems(body, "me")
    assert len(found) == 1 and sentence in found[0][1]


def test_every_rule_together_is_sound_and_a_pack_says_true_in_words():
    rules = {
        "opens_at": "2026-11-21T09:00", "closes_at": "2026-11-22T09:00", "late_minutes": 5, "wait_hours": 24,
        "counts": "average", "shuffle": "false", "pages": "one", "back": "false", "code": "tea", "pair": "before",
        "review": {"when": "closed", "show": ["clause", "answers"]}, "marking": {"second": "true", "limit": "2.5"},
    }  # fmt: skip
    body = BARE | {"kind": "post", "sections": [SECTION], "rules": rules}
    body = with_flags(SHAPE, body)
    assert quiz_problems(body, "after") == []
    found = rules_of(body)
    assert (found.shuffle, found.back, found.marking) == (False, False, (True, Decimal("2.5")))
    assert found.review == ("closed", ("answers", "clause"))


def run(ordinal, percent=None, closed=True):
    at = NOW + ordinal * HOUR if closed else None
    return SimpleNamespace(ordinal=ordinal, percent=None if percent is None else Decimal(percent), closed_at=at)


TERMS = Terms(minutes=20, attempts=2, wait_hours=24, opens_at=NOW, closes_at=NOW + 100 * HOUR)
DECIDED = [
    ([], NOW - HOUR, Decision("not_open_yet", NOW)),
    ([], NOW, Decision("start")),
    ([], NOW + 100 * HOUR, Decision("closed", NOW + 100 * HOUR)),
    ([run(1)], NOW + 24 * HOUR, Decision("wait", NOW + 25 * HOUR)),
    ([run(1)], NOW + 25 * HOUR, Decision("start")),
    ([run(1), run(2)], NOW + 50 * HOUR, Decision("no_attempt_left")),
    ([run(1, closed=False)], NOW + 200 * HOUR, Decision("go_on")),
]


@pytest.mark.parametrize(("runs", "now", "decision"), DECIDED)
def test_whether_one_may_begin_is_decided_by_the_terms(runs, now, decision):
    assert decide(TERMS, runs, now) == decision


def test_an_accommodation_changes_what_it_says_and_nothing_else():
    zone = ZoneInfo("Asia/Shanghai")
    rules = rules_of(said(closes_at="2026-11-21T21:00", late_minutes=5))
    terms = terms_of(rules, Granted(7, 30, None, None, None), zone)
    assert (terms.minutes, terms.extended_from, terms.attempts, terms.accommodation) == (30, 20, 2, 7)
    assert terms.closes_at == NOW + HOUR
    assert terms.frozen() == {
        "minutes": 30, "attempts": 2, "late_minutes": 5, "extended_from": 20, "accommodation": 7,
        "closes_at": "2026-11-21T13:00:00+00:00",
    }  # fmt: skip
    assert terms_of(rules, Granted(8, 20, 5, None, NOW + 9 * HOUR), zone).extended_from is None


def test_time_ends_with_the_close_and_lateness_comes_after():
    assert TERMS.deadline(NOW) == NOW + timedelta(minutes=20)
    last = TERMS.closes_at - timedelta(minutes=3)
    assert TERMS.deadline(last) == TERMS.closes_at
    assert late_until(TERMS.closes_at, {"late_minutes": 5}) == TERMS.closes_at + timedelta(minutes=5)
    assert (late_until(NOW, {}), late_until(None, {"late_minutes": 5})) == (NOW, None)


def test_which_attempt_counts():
    runs = [run(3, "80.0"), run(1, "60.0"), run(2, "80.0"), run(4, closed=False)]
    found = {rule: counting(runs, rule) for rule in ("first", "last", "best", "average")}
    assert {rule: (counted.percent, [each.ordinal for each in counted.runs]) for rule, counted in found.items()} == {
        "first": (60, [1]), "last": (80, [3]), "best": (80, [2]), "average": (Decimal("73.3"), [1, 2, 3]),
    }  # fmt: skip
    assert counting([run(1, closed=False)]) == (None, [])
    waiting = [run(1), run(2, "50.0")]
    assert [counting(waiting, rule).percent for rule in ("first", "last", "best", "average")] == [None, 50, 50, None]


percents = st.decimals(0, 100, places=1)


@settings(max_examples=60, deadline=None)
@given(st.lists(percents, min_size=1, max_size=6), st.randoms())
def test_what_counts_lies_between_the_worst_and_the_best_in_any_order(values, random):
    runs = [run(ordinal, value) for ordinal, value in enumerate(values, start=1)]
    for rule in ("first", "last", "best", "average"):
        counted = counting(random.sample(runs, len(runs)), rule)
        assert min(values) <= counted.percent <= max(values)
        assert counted == counting(runs, rule)


def test_the_review_tells_what_the_rule_allows():
    def told(now, **review):
        return shown(rules_of(said(closes_at="2026-11-21T21:00", review=review)), NOW + HOUR, now)

    assert told(NOW, when="closed") == ()
    assert told(NOW + HOUR, when="closed", show=["clause", "answers"]) == ("answers", "clause")
    assert (told(NOW + HOUR, when="never"), len(told(NOW))) == ((), 4)


@pytest.mark.parametrize(
    ("typed", "fits"), [("tea", True), (" tea ", True), ("茶", False), ("", False), ("TEA", False)]
)
def test_an_access_code_is_compared_whole(typed, fits):
    assert code_fits(rules_of(said(code="tea")), typed) is fits
    assert code_fits(rules_of(BODY), typed)
