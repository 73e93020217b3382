"""Which attempt counts, what is told of an attempt, and what a test after gained."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from quizzes.models import Attempt
from scoring.sheets import sheet
from tests import make

ENGLISH = {"accept-language": "en"}


def ruled(world, **rules):
    return make.quiz(by=world.root, attempts=3, rules=rules)


@pytest.mark.parametrize(
    ("counts", "percent", "n"),
    [("first", "33.3", 1), ("last", "66.7", 1), ("best", "100.0", 1), ("average", "66.7", 3)],
)
def test_the_sheet_counts_the_attempt_the_quiz_says(world, counts, percent, n):
    quiz = ruled(world, counts=counts)
    for wrong in ((1, 2), (), (3,)):
        make.score(person=world.mira, subject=quiz, wrong=wrong)
    found = sheet(world.mira, world.plan, make.period())
    assert [(line.value, len(records)) for _row, line, records in found.rows()[:1]] == [(Decimal(percent), n)]


def page(world, sign_in, score, person=None):
    response = sign_in(person or world.mira).get(f"/attempts/{score.attempt_id}/result/", headers=ENGLISH)
    return response.content.decode()


SECRETS = ("FEEDBACK-", "Option b of greet", "The words of FD-", "right, not chosen", "Question greet", "Points:")
TOLD = {
    "never": ({"when": "never"}, []),
    "before the close": ({"when": "closed"}, []),
    "own answers": ({"show": ["answers"]}, ["Option b of greet", "Question greet", "Points:"]),
    "the feedback": ({"show": ["feedback"]}, ["FEEDBACK-", "Question greet"]),
    "all": ({}, list(SECRETS)),
}


@pytest.mark.parametrize("name", TOLD)
def test_the_result_tells_what_the_rule_allows_and_heads_see_all(world, sign_in, name):
    review, told = TOLD[name]
    closes = f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    quiz = ruled(world, review=review, closes_at=closes)
    begun = make.attempt(person=world.mira, subject=quiz)
    place = 1 + [entry["slug"] for entry in begun.paper].index("greet")
    score = make.score(person=world.mira, subject=quiz, wrong=tuple({1, 2, 3} - {place}))
    html = page(world, sign_in, score)
    assert "33.3" in html and "Not passed" in html
    assert [secret for secret in SECRETS if secret in html] == [secret for secret in SECRETS if secret in told]
    assert [secret for secret in SECRETS if secret not in page(world, sign_in, score, world.otto)] == []


def test_after_the_close_the_answers_are_shown(world, sign_in):
    soon = f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    quiz = ruled(world, review={"when": "closed"}, closes_at=soon)
    score = make.score(person=world.mira, subject=quiz)
    assert "Your answers are shown here once the quiz has closed" in page(world, sign_in, score)
    begun = make.attempt(person=world.pavel, subject=quiz)
    past = (timezone.now() - timedelta(minutes=1)).isoformat()
    Attempt.objects.filter(pk=begun.pk).update(terms=begun.terms | {"closes_at": past})
    score = make.score(person=world.pavel, subject=quiz)
    assert "FEEDBACK-" in page(world, sign_in, score, world.pavel)


def test_a_test_after_shows_both_percents_and_the_gain_and_draws_other_items(world, sign_in):
    for number in range(3):
        make.item(by=world.root, slug=f"more-{number}")
    before = make.quiz(by=world.root, slug="before", count=3, kind="pre")
    after = make.quiz(by=world.root, slug="after", count=3, kind="post", rules={"pair": "before"})
    first = make.score(person=world.mira, subject=before, wrong=(1, 2))
    score = make.score(person=world.mira, subject=after)
    assert not {each["slug"] for each in first.attempt.paper} & {each["slug"] for each in score.attempt.paper}
    html = page(world, sign_in, score)
    assert "33.3 %" in html and "+66.7" in html
    assert "part of a gain is practice, not learning" in html
    assert "Before and after" not in page(world, sign_in, first)
