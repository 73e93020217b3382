"""The first day of somebody like Mira: her desk, her path, nothing done yet. A phone, and only what a
thumb can do: each page has one primary action, and it leads on."""

import json

import pytest

from config.demo.playing import COURSE, QUIZ, SCENARIO
from tests.browser.site import NEWCOMER

pytestmark = pytest.mark.browser
QUESTIONS = 10


@pytest.fixture
def phone(window):
    return window(NEWCOMER)


def go_on(tab):
    """The page's one primary action."""
    primary = tab.locator(".button-primary:visible")
    assert primary.count() == 1, f"{tab.url} has {primary.count()} primary actions"
    primary.tap()


def choose(tab, name, keys):
    for key in keys:
        tab.locator(f".option:has(input[name='{name}'][value='{key}'])").tap()


def put_in_order(tab, keys):
    """Moves each step up to its place with its button."""
    for place, key in enumerate(keys):
        row = tab.locator(f"[data-ordering] > li:has(select[name='rank-{key}'])")
        while (now := row.evaluate("row => [...row.parentNode.children].indexOf(row)")) > place:
            row.locator("[data-way=up]").tap()
            assert row.evaluate("row => [...row.parentNode.children].indexOf(row)") == now - 1
    if tab.locator("[data-ordering] select").first.input_value() == "":  # it was in order from the start
        for way in ("down", "up"):
            tab.locator(f"[data-ordering] > li:has(select[name='rank-{keys[0]}']) [data-way={way}]").tap()


def give(tab, kind, keys):
    put_in_order(tab, keys) if kind == "ordering" else choose(tab, "option", keys)


def saved(tab):
    tab.locator("[data-save-status][data-state=saved]").wait_for()


def answers(site, attempt, place):
    return site.one("SELECT count(*) FROM quizzes_answer WHERE attempt_id = ? AND position = ?", attempt, place)


def test_a_new_guide_learns_answers_and_plays_on_a_phone(phone, site):
    tab = phone.new_page()
    tab.goto(site.url)
    learn(tab, site)
    tab.goto(site.url)
    tab = take_quiz(phone, tab, site)
    tab.goto(site.url)
    play(tab, site)
    tab.goto(f"{site.url}/marks/")
    assert tab.locator("main a[href*='/result/']").count() == 2
    follow_the_thread(tab, site)


def learn(tab, site):
    go_on(tab)
    tab.wait_for_url(f"**/courses/{COURSE}/")
    go_on(tab)
    course = json.loads(site.one("SELECT body FROM courses_course WHERE slug = ?", COURSE))
    for lesson in course["lessons"]:
        tab.wait_for_url(f"**/courses/{COURSE}/{lesson['key']}/")
        for check in lesson["checks"]:
            choose(tab, f"check-{check['key']}", check["right"])
        if lesson["checks"]:
            go_on(tab)
            tab.locator("fieldset .notice").first.wait_for()
        go_on(tab)
    tab.wait_for_url(f"{site.url}/")


def take_quiz(phone, tab, site):
    go_on(tab)
    tab.wait_for_url(f"**/quizzes/{QUIZ}/")
    go_on(tab)
    tab.wait_for_url("**/attempts/*/1/")
    attempt = site.attempt(NEWCOMER, QUIZ)
    for place in range(1, QUESTIONS + 1):
        tab.wait_for_url(f"**/attempts/{attempt}/{place}/")
        kind, keys = site.right(attempt, place)
        if place == 3:
            lose_the_network_and_come_back(phone, tab, site, attempt)
        elif place == 5:
            tab = close_the_page_offline_and_open_another(phone, tab, site, attempt)
        else:
            give(tab, kind, keys)
            saved(tab)
        go_on(tab)
    tab.wait_for_url(f"**/attempts/{attempt}/check/")
    go_on(tab)
    tab.wait_for_url(f"**/attempts/{attempt}/result/")
    assert site.one("SELECT percent FROM scoring_score WHERE attempt_id = ?", attempt) == 100
    return tab


def lose_the_network_and_come_back(phone, tab, site, attempt, place=3):
    """The answer is kept on the phone and says so; it is sent by itself when the network is back."""
    phone.set_offline(True)
    give(tab, *site.right(attempt, place))
    tab.locator("[data-save-status][data-state=offline]").wait_for()
    assert answers(site, attempt, place) == 0
    assert len(tab.evaluate("Object.keys(localStorage).filter(key => key.startsWith('answers:'))")) == 1
    phone.set_offline(False)
    saved(tab)
    assert answers(site, attempt, place) > 0
    assert tab.evaluate("localStorage.length") == 0


def close_the_page_offline_and_open_another(phone, tab, site, attempt, place=5):
    """The page is closed while the answer is only on the phone; the next page of the attempt sends it."""
    phone.set_offline(True)
    give(tab, *site.right(attempt, place))
    tab.locator("[data-save-status][data-state=offline]").wait_for()
    tab.close()
    phone.set_offline(False)
    tab = phone.new_page()
    tab.goto(f"{site.url}/attempts/{attempt}/{place + 1}/")
    for _ in range(100):  # wait_for_function would evaluate a string, and our policy refuses that
        if tab.evaluate("localStorage.length") == 0:
            break
        tab.wait_for_timeout(100)
    assert answers(site, attempt, place) > 0
    tab.goto(f"{site.url}/attempts/{attempt}/{place}/")
    return tab


def play(tab, site):
    go_on(tab)
    tab.wait_for_url(f"**/scenarios/{SCENARIO}/")
    go_on(tab)
    for turn, choice in enumerate(site.report["scenario"]["best_path"], start=1):
        tab.locator(f"input[name=turn][value='{turn}']").wait_for(state="attached")
        choose(tab, "choice", [choice])
        go_on(tab)
    tab.locator("input[name=turn]").wait_for(state="detached")
    go_on(tab)
    tab.wait_for_url("**/result/")
    attempt = site.attempt(NEWCOMER, SCENARIO)
    assert site.one("SELECT percent FROM scoring_score WHERE attempt_id = ?", attempt) == 100


def follow_the_thread(tab, site):
    """From a mark to the clause it rests on, and to the standard."""
    tab.locator(f"main a[href='/attempts/{site.attempt(NEWCOMER, QUIZ)}/result/']").first.tap()
    tab.wait_for_url("**/result/")
    tab.locator("main a[href^='/clauses/']").first.tap()
    tab.wait_for_url("**/clauses/*/")
    tab.locator("main a[href^='/standards/']").first.tap()
    tab.wait_for_url("**/standards/**")


def test_an_expired_session_brings_her_back_to_the_same_question(window, site):
    phone = window("PAVEL")
    tab = phone.new_page()
    tab.goto(site.url + site.paths["question"])
    phone.clear_cookies(name="sessionid")
    tab.reload()
    assert tab.url.startswith(f"{site.url}/accounts/login/?next={site.paths['question']}")
    tab.locator("input[name=login]").fill("PAVEL")
    tab.locator("input[name=password]").fill("decorum-demo-2026")
    go_on(tab)
    tab.wait_for_url(site.url + site.paths["question"])


def test_two_devices_the_later_one_is_told_and_nothing_is_lost(window, site):
    first, second = window("HUI").new_page(), window("HUI").new_page()
    first.goto(f"{site.url}/quizzes/{QUIZ}/")
    go_on(first)
    first.wait_for_url("**/attempts/*/1/")
    attempt = site.attempt("HUI", QUIZ)
    second.goto(first.url)
    kind, keys = site.right(attempt, 1)
    give(first, kind, keys)
    saved(first)
    give(second, kind, keys)
    second.locator("[data-save-status][data-state=refused]").wait_for()
    assert answers(site, attempt, 1) >= 1
