"""The review at the desk: typed words survive a closed tab and each other, the keys do what they say."""

import itertools

import pytest

from config.demo.organisation import PASSWORD
from standards.formats.reading import read
from standards.matching import normalise
from tests.browser.shots import DESK

pytestmark = pytest.mark.browser
COUNT = itertools.count(1)
TEXT = "# 寄存 | Cloakroom\n\n## 交接\n\n- 先问好，再接衣物。\n- 三分钟内交还衣物。\n- 不翻动客人口袋。\n"


@pytest.fixture
def address(site):
    """The review of a draft of its own, with three clauses nobody has looked at."""
    slug = f"review-{next(COUNT)}"
    ana = site.browser("ANA")
    page = ana.get("/standards/import/")
    page = ana.submit(page, "import", {"slug": slug}, file=("document", "cloakroom.md", TEXT.encode()))
    site._wait_for(ana, page.path)
    return f"{site.url}/standards/{slug}/review/"


def opened(window, address, person="ANA", **options):
    tab = window(person, viewport=DESK, **options).new_page()
    tab.goto(address)
    return tab


def place(tab, number):
    return tab.locator("[data-clause]").nth(number - 1)


def field(tab):
    return tab.locator(".current textarea").first


def test_words_typed_before_the_tab_was_closed_are_there_again(window, address):
    desk = window("ANA", viewport=DESK)
    tab = desk.new_page()
    tab.goto(address)
    field(tab).fill("写到一半的话")
    tab.locator(".current select[name=kind]").select_option("attitude")
    tab.close(run_before_unload=False)
    tab = desk.new_page()
    tab.goto(address)
    assert field(tab).input_value() == "写到一半的话"
    assert tab.locator(".current select[name=kind]").input_value() == "attitude"
    assert tab.locator(".kept[role=status]").is_visible()
    tab.locator(".current [data-save]").click()
    tab.wait_for_url("**saved=**")
    assert tab.evaluate("localStorage.length") == 0
    assert "写到一半的话" in place(tab, 1).text_content()


def test_what_was_restored_can_be_discarded(window, address):
    tab = opened(window, address)
    field(tab).fill("不要的话")
    tab.reload()
    tab.locator(".kept button").click()
    tab.locator(".kept").wait_for(state="detached")
    assert field(tab).input_value() == "先问好，再接衣物。"
    assert tab.evaluate("localStorage.length") == 0


def test_nothing_is_kept_of_a_clause_that_was_left_out(window, address):
    tab = opened(window, address)
    field(tab).fill("不要了")
    tab.locator("button[value=leave_out]").click()
    tab.wait_for_url("**saved=**")
    assert tab.evaluate("localStorage.length") == 0


def test_nothing_is_kept_of_a_clause_nobody_changed(window, address):
    tab = opened(window, address)
    field(tab).fill("改一下")
    field(tab).fill("先问好，再接衣物。")
    tab.reload()
    assert tab.locator(".kept").count() == 0
    assert tab.evaluate("localStorage.length") == 0


def test_two_trainers_on_one_clause_both_keep_their_words(window, address):
    ana, root = opened(window, address), opened(window, address, "ROOT")
    field(ana).fill("安娜的话")
    ana.goto("about:blank")
    field(root).fill("管理员的话")
    root.locator(".current [data-save]").click()
    root.wait_for_url("**saved=**")
    key = place(root, 1).get_attribute("id")
    ana.goto(f"{address}?clause={key}")
    assert field(ana).input_value() == "安娜的话"
    ana.locator(".current [data-save]").click()
    ana.locator(".error[role=alert]").wait_for()
    assert field(ana).input_value() == "安娜的话"
    assert "管理员的话" in place(ana, 1).text_content()
    ana.locator(".current [data-save]").click()
    ana.wait_for_url("**saved=**")
    assert "安娜的话" in place(ana, 1).text_content()


def test_signing_out_takes_typed_words_along_and_a_session_that_ends_does_not(window, site, address):
    desk = window(None, viewport=DESK)
    tab = desk.new_page()
    tab.goto(f"{site.url}/accounts/login/")
    tab.locator("input[name=login]").fill("ANA")
    tab.locator("input[name=password]").fill(PASSWORD)
    tab.locator("main button").click()
    tab.locator(".sign-out button").wait_for()
    tab.goto(address)
    field(tab).fill("写到一半的话")
    cookies = desk.cookies()
    desk.clear_cookies()
    tab.goto(f"{site.url}/accounts/login/")
    assert tab.evaluate("localStorage.length") == 1
    desk.add_cookies(cookies)
    tab.goto(address)
    assert field(tab).input_value() == "写到一半的话"
    tab.locator(".sign-out button").click()
    tab.locator("input[name=password]").wait_for()
    assert tab.evaluate("localStorage.length") == 0


def focused(tab):
    return tab.evaluate("document.activeElement.closest('[data-clause]')?.querySelector('.cn, h3').textContent.trim()")


def test_the_keys_walk_open_accept_and_save(window, address):
    tab = opened(window, address)
    for key, number in (("j", "2"), ("j", "3"), ("j", "3"), ("k", "2"), ("ArrowDown", "3"), ("ArrowUp", "2")):
        tab.keyboard.press(key)
        assert focused(tab) == number
    tab.keyboard.press("e")
    tab.wait_for_url("**clause=**")
    tab.keyboard.press("e")
    assert tab.evaluate("document.activeElement.tagName") == "TEXTAREA"
    tab.keyboard.type("jka?")
    tab.keyboard.press("Control+Enter")
    tab.wait_for_url("**saved=**")
    assert "jka?" in place(tab, 2).text_content()
    assert focused(tab) == "3"
    tab.keyboard.press("a")
    tab.wait_for_url("**saved=**")
    tab.locator(".current h3", has_text="1").wait_for()
    assert tab.locator(".st.is-done").count() == 2


def test_the_list_of_keys_is_shown_and_a_letter_being_composed_is_left_alone(window, address):
    tab = opened(window, address)
    assert tab.locator("[data-keys] dl").is_hidden()
    tab.keyboard.press("?")
    assert tab.locator("[data-keys] dl").is_visible()
    tab.keyboard.press("?")
    assert tab.locator("[data-keys] dl").is_hidden()
    press = "how => document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true, ...how}))"
    for how in ({"isComposing": True}, {"ctrlKey": True}, {"metaKey": True}, {"altKey": True}):
        tab.evaluate(press, how)
    assert focused(tab) is None
    field(tab).focus()
    tab.keyboard.press("Escape")
    assert focused(tab) == "1"


def test_a_clause_is_cut_moved_and_taken_back_without_javascript(window, address):
    tab = opened(window, address, java_script_enabled=False)
    tab.locator("button[value=split]").click()
    assert "\n\n" in field(tab).input_value()
    tab.locator("button[value=split]").click()
    assert tab.locator("[data-clause]").count() == 4
    tab.locator(".current summary").click()
    tab.locator("button[value=down]").click()
    assert "再接衣物。" in place(tab, 1).text_content()
    tab.locator("#undo button").click()
    assert tab.locator("[data-clause]").count() == 4
    tab.locator(".is-head button").last.click()
    assert tab.locator("[data-clause]").count() == 5
    tab.locator("button[form=accept]").first.click()
    assert tab.locator(".st.is-done").count() == 1


def test_on_a_phone_the_lines_are_folded_and_a_clause_finds_its_line(window, address):
    tab = window("ANA").new_page()
    tab.goto(address)
    assert tab.locator(".source-text").is_hidden()
    tab.locator(".facts-line a").first.click()
    assert tab.locator("#L5").is_visible()
    tab.goto(address)
    tab.locator("label.fold").click()
    assert tab.locator("#L6").is_visible()


def test_a_document_printed_to_pdf_by_a_browser_has_the_same_clauses(chromium):
    rules = [f"第{n}条规范：{words}" for n, words in enumerate(RULES * 4, start=1)]
    page = chromium.new_page()
    rows = "".join(f"<p>{n}. {rule}</p>" for n, rule in enumerate(rules, start=1))
    style = "body {font: 12pt/1.8 'Noto Sans CJK SC'} p {margin: 0; text-indent: 2em}"
    page.set_content(f"<html lang=zh><style>{style}</style><h1>门诊服务标准</h1><h2>行为规范</h2>{rows}")
    foot = "<span style='font-size:9px;margin:auto'>第 <span class=pageNumber></span> 页</span>"
    data = page.pdf(format="A4", display_header_footer=True, header_template="<span></span>", footer_template=foot)
    page.close()
    parsed, how = read("standard.pdf", data)
    texts = [normalise(row["text"]["zh"]) for row in parsed.clauses]
    assert (how, parsed.title) == ("pdf", {"zh": "门诊服务标准"})
    assert texts == [normalise(rule) for rule in rules]
    assert {row["reason"] for row in parsed.skipped} == {"head or foot of a page"}


RULES = [
    "接待病人先起身问好，再问需要什么帮助，不得让病人站着等候；病人行动不便的，应当主动搀扶，必要时陪同前往诊室。",
    "接听电话不得超过三声铃响，先报科室，再问事由。",
    "投诉应当在5分钟内有人出面，24小时内答复，3个工作日内办结，并把处理经过和结果记录在案，逐级上报，每月汇总分析一次，提出改进措施。",
    "不翻动、不议论、不外传病人的资料。",
]
