"""What a thumb must reach on a phone: the deed in the dock, every tab, and after a turn the newest words."""

import pytest

from config.demo.playing import SCENARIO
from tests.browser.shots import PAGES, PHONE

pytestmark = pytest.mark.browser
SMALL = {"width": 320, "height": 640}
DOCKED = [
    page for page in PAGES if page.name in ("lesson", "quiz", "quiz-done", "scenario", "play", "checklist", "revise")
]

COVERED = """deeds => deeds.filter(deed => {
  const box = deed.getBoundingClientRect();
  const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const below = document.elementFromPoint(box.x + box.width / 2, box.bottom - 2);
  return !(deed.contains(found) && deed.contains(below));
}).map(deed => deed.textContent.trim())"""


@pytest.mark.parametrize("viewport", [PHONE, SMALL], ids=["390", "320"])
@pytest.mark.parametrize("page", DOCKED, ids=lambda page: page.name)
def test_nothing_lies_over_a_dock(window, site, page, viewport):
    tab = window(page.person, viewport=viewport, language="en").new_page()
    tab.goto(page.url(site))
    deeds = tab.locator(".dock :is(a, button)")
    assert deeds.count() >= 1
    assert deeds.evaluate_all(COVERED) == []
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert deeds.evaluate_all(COVERED) == []


def test_a_covered_deed_would_be_seen(window, site):
    tab = window("PAVEL").new_page()
    tab.goto(site.url + site.paths["play"])
    tab.evaluate("Object.assign(document.querySelector('.top').style, {position: 'fixed', inset: 0, zIndex: 9})")
    assert len(tab.locator(".dock button").evaluate_all(COVERED)) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("person", ["MIRA", "ANA", "OTTO", "HUI", "ROOT"])
def test_every_tab_is_on_the_screen_and_the_other_pages_are_in_the_foot(window, site, person, language):
    tab = window(person, viewport=SMALL, language=language).new_page()
    tab.goto(f"{site.url}/appraisals/")
    boxes = [link.bounding_box() for link in tab.locator(".tabs a:visible").all()]
    assert len(boxes) == 4
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= SMALL["width"] for box in boxes)
    assert tab.locator(".tabs ul").evaluate("row => row.scrollWidth <= row.clientWidth")
    everywhere = {link.get_attribute("href") for link in tab.locator(".tabs a:visible, .foot nav a:visible").all()}
    assert {"/", "/standards/", "/marks/", "/appraisals/"} <= everywhere


@pytest.mark.parametrize(("person", "script"), [("HUI", True), ("ROOT", False)], ids=["script", "no-script"])
def test_after_a_turn_the_newest_words_are_seen_and_have_the_focus(window, site, person, script):
    tab = window(person, java_script_enabled=script).new_page()
    tab.goto(f"{site.url}/scenarios/{SCENARIO}/")
    tab.locator(".dock .button-primary").tap()
    for turn in (1, 2):
        tab.locator(f"input[name=turn][value='{turn}']").wait_for(state="attached")
        tab.locator(".option").nth(2).tap()
        tab.locator(".dock .button-primary").tap()
        tab.locator(f"input[name=turn][value='{turn + 1}']").wait_for(state="attached")
    assert tab.url.endswith("#now")
    now = tab.locator("#now:focus").bounding_box()
    assert 0 <= now["y"] < PHONE["height"] / 2
    assert tab.locator("#now .bubble").first.is_visible()
