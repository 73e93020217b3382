import pytest

from config.demo.playing import QUIZ

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
