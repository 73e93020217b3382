"""Searching by keyboard, by thumb, and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.shots import DESK, PHONE

pytestmark = pytest.mark.browser


def test_a_slash_goes_to_the_field_and_enter_searches(window, site):
    tab = window("MIRA", viewport=DESK).new_page()
    tab.goto(site.url + "/marks/")
    tab.keyboard.press("/")
    tab.keyboard.type("投訴")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=*")
    expect(tab.locator("main mark")).to_have_text(["投诉"])
    tab.keyboard.press("/")
    expect(tab.locator("#q")).to_be_focused()


def test_a_slash_that_is_typed_stays_a_slash(window, site):
    tab = window("ANA", viewport=DESK).new_page()
    tab.goto(site.url + "/search/")
    tab.locator("#q").fill("24")
    tab.keyboard.press("/")
    assert tab.locator("#q").input_value() == "24/"


def test_a_phone_searches_without_scripts(window, site):
    tab = window("MIRA", viewport=PHONE, java_script_enabled=False).new_page()
    tab.goto(site.url + "/")
    tab.locator(".foot a[href='/search/']").tap()
    tab.locator("#q").fill("投诉")
    tab.locator("main form button").tap()
    tab.locator("main .chip").first.tap()
    tab.wait_for_url("**/clauses/FD-*/")


def test_a_standard_is_searched_from_its_page(window, site):
    tab = window("MIRA", viewport=PHONE).new_page()
    tab.goto(site.url + "/standards/cloakroom/")
    tab.locator("#q").fill("病人")
    tab.locator("main form[role=search] button").tap()
    tab.wait_for_url("**/search/?standard=cloakroom&q=*")
    expect(tab.locator("main .chip")).to_have_count(0)
    tab.get_by_text("取消筛选").tap()
    expect(tab.locator("main .chip").first).to_be_visible()
