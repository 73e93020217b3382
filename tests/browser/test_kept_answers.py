"""What of an answer stays in the browser: the answer until it is sent, and nothing that opens a door."""

import json
import time

import pytest

from config.demo.organisation import PASSWORD
from config.demo.playing import QUIZ

pytestmark = pytest.mark.browser
NOW_MS = int(time.time() * 1000)
ANSWER = "[data-ordering] button:not([aria-disabled=true]), .option"
KEEP = "kept => Object.entries(kept).forEach(([key, value]) => localStorage.setItem(key, value))"


def entry(age_days):
    """An answer waiting for its server, put aside some days ago."""
    at = NOW_MS - age_days * 86_400_000
    kept = [{"id": f"{at}-0.5", "url": "/attempts/1/1/answer/", "body": [["option", "a"]]}]
    return json.dumps(kept, separators=(",", ":"))


def test_an_answer_kept_offline_holds_no_token(window, site):
    phone = window("PAVEL")
    tab = phone.new_page()
    tab.goto(f"{site.url}/attempts/{site.attempt('PAVEL', QUIZ)}/2/")
    phone.set_offline(True)
    tab.locator(ANSWER).last.tap()
    tab.locator("[data-save-status][data-state=offline]").wait_for()
    kept = tab.evaluate("JSON.stringify(localStorage)")
    assert ("answers:" in kept, "csrf" in kept) == (True, False)
    phone.set_offline(False)
    tab.locator("[data-save-status][data-state=saved]").wait_for()
    assert tab.evaluate("localStorage.length") == 0


def test_of_two_answers_one_is_chosen_and_none_is_lost_before(window, site):
    first, second = window("ANA").new_page(), window("ANA").new_page()
    first.goto(f"{site.url}/quizzes/{QUIZ}/")
    first.locator(".dock .button-primary").tap()
    first.wait_for_url("**/attempts/*/1/")
    second.goto(first.url)
    for tab, choice, state in ((first, 0, "saved"), (second, 1, "refused")):
        tab.locator(ANSWER).nth(choice).tap()
        tab.locator(f"[data-save-status][data-state={state}]").wait_for()
    attempt = site.attempt("ANA", QUIZ)
    assert (saved(site, attempt), second.evaluate("localStorage.length")) == (saved(site, attempt, seq=1), 1)
    second.reload()  # nothing was chosen yet: it is asked again
    second.locator("#two-answers [data-use-mine] button").tap()
    second.locator("[data-save-status][data-state=saved]").wait_for()
    assert (saved(site, attempt) == saved(site, attempt, seq=1), second.evaluate("localStorage.length")) == (False, 0)
    first.locator(ANSWER).nth(1).tap()
    first.locator("[data-keep-theirs]").tap()
    first.locator("#two-answers").wait_for(state="detached")
    assert (saved(site, attempt), first.evaluate("localStorage.length")) == (saved(site, attempt, seq=2), 0)


def saved(site, attempt, seq=None, place=1):
    """The answer that counts at a place, or that with a number."""
    query = "SELECT response FROM quizzes_answer WHERE attempt_id = ? AND position = ?"
    return (
        site.one(f"{query} AND seq = ?", attempt, place, seq)
        if seq
        else site.one(f"{query} ORDER BY seq DESC", attempt, place)
    )


def test_signing_out_leaves_only_what_was_not_sent_yet(window, site):
    tab = window(None).new_page()  # a session of its own: it ends here
    tab.goto(f"{site.url}/accounts/login/")
    tab.locator("input[name=login]").fill("HUI")
    tab.locator("input[name=password]").fill(PASSWORD)
    tab.locator("main button").tap()
    tab.locator(".sign-out button").wait_for()
    waiting = {"answers:7:41": entry(1)}
    done = {"answers:7:39": "[]", "answers:7:40": entry(15), "answers:7:38:refused": entry(0), "answers:7:37": "{"}
    tab.evaluate(KEEP, waiting | done | {"other": "stays"})
    tab.locator(".sign-out button").tap()
    tab.locator("input[name=password]").wait_for()
    assert tab.evaluate("({...localStorage})") == waiting | {"other": "stays"}


def test_what_was_clicked_offline_never_covers_what_another_device_saved_since(window, site):
    """The second click has a number nobody has used; it comes from a page as old as the first."""
    phone, desk = window("OTTO"), window("OTTO")
    one = phone.new_page()
    one.goto(f"{site.url}/quizzes/{QUIZ}/")
    one.locator(".dock .button-primary").tap()
    one.wait_for_url("**/attempts/*/1/")
    answers = []
    one.on("response", lambda answer: "/answer/" in answer.url and answers.append(answer.status))
    phone.set_offline(True)
    for place in (0, 1):
        one.locator(ANSWER).nth(place).tap()
    one.locator("[data-save-status][data-state=offline]").wait_for()
    two = desk.new_page()
    two.goto(one.url)
    two.locator(ANSWER).last.tap()
    two.locator("[data-save-status][data-state=saved]").wait_for()
    phone.set_offline(False)
    one.locator("[data-save-status][data-state=refused]").wait_for()
    assert set(answers) == {409}
    attempt = site.attempt("OTTO", QUIZ)
    assert saved(site, attempt) == saved(site, attempt, seq=1)
    one.locator("[data-keep-theirs]").tap()
    one.locator("#two-answers").wait_for(state="detached")
    assert one.evaluate("localStorage.length") == 0
