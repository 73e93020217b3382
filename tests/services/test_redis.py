"""Two web nodes behave as one: they share PostgreSQL and Redis, and nothing else."""

import re

import pytest
import redis

from config.demo.browser import Browser
from config.demo.organisation import PASSWORD
from config.demo.playing import QUIZ

pytestmark = pytest.mark.services
OPTION = re.compile(r'name="option" value="([^"]+)"')
RANK = re.compile(r'name="(rank-[^"]+)"')


def signed_in(url, number):
    browser = Browser(url)
    browser.sign_in(number, PASSWORD)
    return browser


def moved(browser, url):
    """The same cookies at another node, as behind a balancer."""
    other = Browser(url)
    for cookie in browser.jar:
        other.jar.set_cookie(cookie)
    return other


def some_answer(page):
    ranks = RANK.findall(page.text)
    if ranks:
        return [(name, str(place)) for place, name in enumerate(ranks, start=1)]
    return [("option", OPTION.search(page.text)[1])]


def test_a_session_of_one_node_is_good_at_the_other(two_nodes):
    mira = moved(signed_in(two_nodes[0], "MIRA"), two_nodes[1])
    assert mira.get("/marks/").path == "/marks/"


def test_signing_out_at_one_node_ends_the_session_at_the_other(two_nodes):
    first = signed_in(two_nodes[0], "MIRA")
    second = moved(first, two_nodes[1])
    second.get("/marks/")
    first.submit(first.get("/marks/"), "logout")
    assert second.get("/marks/").path == "/accounts/login/"


def test_a_session_outlives_a_redis_that_forgot_everything(two_nodes, told):
    mira = signed_in(two_nodes[0], "MIRA")
    redis.from_url(told["REDIS_URL"]).flushdb()
    assert mira.get("/marks/").path == "/marks/"


def test_an_attempt_moves_between_nodes_with_every_answer(two_nodes, one):
    first = signed_in(two_nodes[0], "PAVEL")
    second = moved(first, two_nodes[1])
    page = first.submit(first.get(f"/quizzes/{QUIZ}/"), "start")
    attempt = page.path.split("/")[2]
    for place in range(1, 11):
        browser = (first, second)[place % 2]
        page = browser.get(f"/attempts/{attempt}/{place}/")
        page = browser.submit(page, "answer", some_answer(page))
    page = first.submit(second.get(f"/attempts/{attempt}/check/"), "finish")
    assert page.path == f"/attempts/{attempt}/result/"
    assert one("SELECT count(*) FROM quizzes_answer WHERE attempt_id = %s", attempt) == 10
    assert (
        one(
            "SELECT count(*) FROM scoring_mark m JOIN scoring_score s ON m.score_id = s.id WHERE s.attempt_id = %s",
            attempt,
        )
        == 10
    )


def test_failed_sign_ins_are_counted_over_both_nodes(two_nodes):
    def attempt(number):
        browser = Browser(two_nodes[number % 2])
        page = browser.get("/accounts/login/")
        return browser.submit(page, "login", {"login": "G007", "password": f"wrong-password-{number}"}).text

    said = [attempt(number) for number in range(7)]
    assert ["Too many wrong passwords" in text for text in said] == [False] * 5 + [True] * 2
