import pytest

from config.demo.playing import QUIZ, STANDARD
from tests.browser.shots import DESK

pytestmark = pytest.mark.browser


def give(tab, kind, keys):
    """Answers the question on the page as a person without script does."""
    if kind == "ordering":
        for place, key in enumerate(keys, start=1):
            tab.locator(f"select[name='rank-{key}']").select_option(str(place))
    else:
        for key in keys:
            tab.locator(f"input[name=option][value='{key}']").check(force=True)


def test_a_whole_quiz_is_taken_without_javascript(window, site):
    tab = window("ROOT", java_script_enabled=False).new_page()
    tab.goto(f"{site.url}/quizzes/{QUIZ}/")
    tab.locator(".button-primary").click()
    attempt = site.attempt("ROOT", QUIZ)
    for place in range(1, 11):
        assert tab.url == f"{site.url}/attempts/{attempt}/{place}/"
        give(tab, *site.right(attempt, place))
        tab.locator("form[data-answer] .button-primary").click()
    assert tab.url == f"{site.url}/attempts/{attempt}/check/"
    tab.locator(".button-primary").click()
    assert tab.url == f"{site.url}/attempts/{attempt}/result/"
    assert site.one("SELECT percent FROM scoring_score WHERE attempt_id = ?", attempt) == 100


def test_an_order_with_a_place_given_twice_is_told_so_without_javascript(window, site):
    tab = window("PAVEL", java_script_enabled=False, language="en").new_page()
    tab.goto(site.url + site.ordering())
    for each in tab.locator("select[name^='rank-']").all():
        each.select_option("1")
    tab.locator("form[data-answer] .button-primary").click()
    assert tab.locator("[role=alert]").is_visible()


def test_an_item_is_written_from_a_gap_and_published_without_javascript(window, site):
    tab = window("ANA", viewport=DESK, java_script_enabled=False, language="en").new_page()
    tab.goto(f"{site.url}/standards/{STANDARD}/coverage/?weight=red_line")
    tab.locator("main a[href*='/items/new/']").first.click()
    key = tab.url.partition("clause=")[2]
    assert tab.locator(".clause .chip").first.inner_text().strip() == key
    tab.select_option("[name=type]", "ordering")
    tab.get_by_role("button", name="Show its fields").click()
    tab.fill("[name=stem_en]", "What first?")
    for number, words in enumerate(("Look up", "Greet", "Ask", "Show", "Wish well"), start=1):
        if not tab.locator(f"[name=option-{number}-en]").count():
            tab.get_by_role("button", name="One more").click()
        tab.fill(f"[name=option-{number}-en]", words)
    tab.locator("form .button-primary").click()
    assert "English is missing in the feedback." in tab.locator("main").inner_text()
    assert tab.locator("[name=option-5-en]").input_value() == "Wish well"
    tab.fill("[name=feedback_en]", "In this order.")
    tab.locator("form .button-primary").click()
    assert tab.locator("main").get_by_text("Draft, not published").is_visible()
    tab.get_by_role("button", name="Publish as version 1").click()
    assert tab.locator("main").get_by_text("Version 1 is published.").is_visible()
    count = "SELECT count(*) FROM standards_citation c JOIN standards_wording w ON w.id = c.wording_id"
    named = " JOIN standards_clause k ON k.id = w.clause_id WHERE c.kind = 'item' AND k.key = ? AND c.slug = ?"
    assert site.one(count + named, key, tab.url.split("/")[-2]) == 1
