import re

import pytest

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
