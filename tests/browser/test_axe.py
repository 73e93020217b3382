import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.shots import DESK, PAGES, PHONE

pytestmark = pytest.mark.browser
AXE = Axe()
WIDTHS = {"phone": PHONE, "desk": DESK}


def grave(tab):
    """[(rule, selectors)] of the serious and critical violations on a page."""
    found = AXE.run(tab).response["violations"]
    return [
        (each["id"], [node["target"] for node in each["nodes"]][:5])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_has_no_grave_violation_and_fits_its_width(window, site, page, width):
    tab = window(page.person, viewport=WIDTHS[width]).new_page()
    assert tab.goto(page.url(site)).status == page.status
    assert grave(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]["width"]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name in ("home", "play", "team", "question")], ids=lambda page: page.name
)
def test_page_in_the_dark_has_no_grave_violation(window, site, page):
    tab = window(page.person, color_scheme="dark").new_page()
    tab.goto(page.url(site))
    assert grave(tab) == []


def test_a_violation_would_be_seen(window, site):
    tab = window("").new_page()
    tab.goto(f"{site.url}/accounts/login/")
    tab.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [rule for rule, _where in grave(tab)] == ["button-name"]
