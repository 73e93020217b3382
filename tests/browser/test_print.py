import re

import pytest

from config.demo.playing import STANDARD
from tests.browser.shots import DESK, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_signed_sheet_prints_on_one_page_from_any_screen(window, site, viewport, language):
    tab = window("MIRA", viewport=viewport, language=language).new_page()
    tab.goto(f"{site.url}/appraisals/{site.appraisal}/")
    assert tab.locator(".sheet").is_visible() == (viewport == DESK)
    assert tab.locator(".sheet-phone").is_visible() == (viewport == PHONE)
    tab.emulate_media(media="print")
    assert (tab.locator(".sheet").is_visible(), tab.locator(".sheet-phone").is_visible()) == (True, False)
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(prefer_css_page_size=True))) == 1


def test_a_handbook_of_several_pages_has_a_margin_on_each(window, site):
    """Words at the paper's edge are lost in most printers."""
    tab = window("MIRA", viewport=DESK).new_page()
    tab.goto(f"{site.url}/standards/{STANDARD}/handbook/")
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).padding") == "0px"
    pages = re.findall(rb"/Type\s*/Page\b", tab.pdf(prefer_css_page_size=True))
    assert 3 <= len(pages) <= 12


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_clause_prints_its_words_its_figures_and_its_versions(window, site, language):
    tab = window("HUI", viewport=DESK, language=language).new_page()
    tab.goto(site.url + site.clause())
    tab.emulate_media(media="print")
    assert [tab.locator(part).first.is_visible() for part in (".clause", ".figure", ".chart", ".facts")] == [True] * 4
    assert not any(each.is_visible() for each in tab.locator("nav, .button, form").all())
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(prefer_css_page_size=True))) <= 2


def test_coverage_prints_the_wide_picture(window, site):
    tab = window("ANA", viewport=PHONE).new_page()
    tab.goto(f"{site.url}/standards/{STANDARD}/coverage/")
    tab.emulate_media(media="print")
    assert [tab.locator(f".ribbons.{name}").is_visible() for name in ("wide-only", "narrow-only")] == [True, False]
