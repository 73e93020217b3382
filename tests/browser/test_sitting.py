"""Sitting a quiz in a real browser: keys, flags, the map, one page for all, the network, the clock and the session."""

import json

import pytest

from config.demo.organisation import PASSWORD
from config.demo.playing import QUIZ
from tests.browser.shots import DESK
from tests.browser.site import manage

pytestmark = pytest.mark.browser
ANSWER = "[data-ordering] button:not([aria-disabled=true]), .option"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)
ANSWERS_KEPT = "Object.entries(localStorage).filter(([key]) => key.startsWith('answers:')).join()"
BY_RULES = """
from quizzes.models import Item, Quiz
from staff.models import User
from staff.publishing import publish

ana = User.objects.get(employee_number="ANA")
quiz = Quiz.objects.newest().get(slug="QUIZ")
titles = {"all-on-one": ("全部一页", "All on one page"), "no-way-back": ("不能回头", "No way back")}
for slug, rules in {"all-on-one": {"pages": "all"}, "no-way-back": {"back": False}}.items():
    zh, en = titles[slug]
    draft = Quiz.objects.create(slug=slug, title_zh=zh, title_en=en, body=quiz.body | {"rules": rules}, owner=ana)
    publish(draft, ana)
words = {"zh": "拍一张鞠躬的照片。", "en": "Photograph a bow."}
body = {"standard": quiz.body["standard"], "type": "upload", "difficulty": "easy", "points": 1}
body |= {"cites": ["FD-LANG-002"], "stem": words, "feedback": words, "accepts": ["image"]}
body |= {"rubric": [{"key": "b", "text": words, "points": 1}]}
item = Item.objects.create(slug="bow", title_zh="鞠躬", title_en="Bow", body=body, owner=ana)
publish(item, ana)
body = quiz.body | {"blueprint": [{"items": ["bow"], "count": 1}]}
publish(Quiz.objects.create(slug="handing-in", title_zh="上传", title_en="Handing in", body=body, owner=ana), ana)
""".replace("QUIZ", QUIZ)


@pytest.fixture(scope="session")
def by_rules(site):
    manage("shell", "--no-imports", "-c", BY_RULES)
    return site


def begin(tab, site, slug):
    tab.goto(f"{site.url}/quizzes/{slug}/")
    tab.locator(".dock .button-primary").click()
    tab.wait_for_url("**/attempts/**")


def saved(tab, nth=0):
    tab.locator("[data-save-status]").nth(nth).and_(tab.locator("[data-state=saved]")).wait_for()


def picking(site, attempt, kinds=("single", "truefalse")):
    """The first place of a paper whose question is answered by picking."""
    count = site.one("SELECT json_array_length(paper) FROM quizzes_attempt WHERE id = ?", attempt)
    return next(place for place in range(1, count + 1) if site.right(attempt, place)[0] in kinds)


def flagged(site, attempt):
    return json.loads(site.one("SELECT flagged FROM quizzes_attempt WHERE id = ?", attempt))


def counted(tab, site, attempt, wanted):
    for _ in range(50):
        if site.one("SELECT left_times FROM quizzes_attempt WHERE id = ?", attempt) == wanted:
            return True
        tab.wait_for_timeout(100)
    return False


def test_the_keys_choose_flag_and_go_on(window, site):
    tab = window("PAVEL", viewport=DESK, language="en").new_page()
    attempt = site.attempt("PAVEL", QUIZ)
    place = picking(site, attempt)
    tab.goto(f"{site.url}/attempts/{attempt}/{place}/")
    assert tab.locator("[data-exam-keys]").is_visible()
    for key, chosen in (("2", 1), ("a", 0)):
        tab.keyboard.press(key)
        saved(tab)
        assert tab.locator(".options input").nth(chosen).is_checked()
    tab.keyboard.press("f")
    here = tab.locator(".positions [aria-current=page]")
    assert here.get_attribute("aria-label") == f"Question {place}, answered, flagged"
    tab.keyboard.press("n")
    tab.wait_for_url(f"**/{place + 1}/" if place < 10 else "**/check/")
    assert flagged(site, attempt) == [place]
    tab.go_back()
    tab.keyboard.press("f")
    tab.locator(".flag:not(.is-on)").wait_for()
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/{place + 1}/" if place < 10 else "**/check/")
    assert flagged(site, attempt) == []


def test_the_map_is_one_row_on_a_phone_and_shows_where_one_is(window, site):
    tab = window("PAVEL").new_page()
    attempt = site.attempt("PAVEL", QUIZ)
    tab.goto(f"{site.url}/attempts/{attempt}/9/")
    row, here = (tab.locator(f".positions{rest}").bounding_box() for rest in ("", " [aria-current]"))
    assert row["height"] < 60 and 0 <= here["x"] <= 390 - 44
    sizes = [box.bounding_box() for box in tab.locator(".positions a").all()]
    assert min(min(size["width"], size["height"]) for size in sizes) >= 44
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_another_person_on_the_same_device_neither_sees_nor_sends_what_waits(window, site):
    phone = window("PAVEL")
    tab, attempt = phone.new_page(), site.attempt("PAVEL", QUIZ)
    place = picking(site, attempt)
    address = f"{site.url}/attempts/{attempt}/{place}/"
    tab.goto(address)
    before = site.one("SELECT count(*) FROM quizzes_answer WHERE attempt_id = ?", attempt)
    phone.set_offline(True)
    tab.locator(".option").last.tap()
    tab.locator("[data-save-status][data-state=offline]").wait_for()
    kept = tab.evaluate(ANSWERS_KEPT)
    tab.close()
    phone.set_offline(False)
    sent = []
    phone.on("request", lambda request: "/answer/" in request.url and sent.append(request.url))
    phone.clear_cookies()
    phone.add_cookies(site.cookies("HUI"))
    other = phone.new_page()
    for page in ("/", f"/quizzes/{QUIZ}/", f"/attempts/{attempt}/{place}/"):
        other.goto(site.url + page)
    other.wait_for_timeout(300)
    assert (sent, other.evaluate(ANSWERS_KEPT)) == ([], kept)
    phone.clear_cookies()
    phone.add_cookies(site.cookies("PAVEL"))
    other.goto(site.url)  # any page of the person whose answer it is
    for _ in range(100):
        if other.evaluate("localStorage.length") == 0:
            break
        other.wait_for_timeout(50)
    assert site.one("SELECT count(*) FROM quizzes_answer WHERE attempt_id = ?", attempt) == before + 1


def test_a_session_that_ends_keeps_the_answer_and_sends_it_after_the_sign_in(window, site):
    phone = window("PAVEL", language="en")
    tab, attempt = phone.new_page(), site.attempt("PAVEL", QUIZ)
    place = picking(site, attempt)
    address = f"{site.url}/attempts/{attempt}/{place}/"
    tab.goto(address)
    before = site.one("SELECT count(*) FROM quizzes_answer WHERE attempt_id = ?", attempt)
    phone.clear_cookies(name="sessionid")
    tab.locator(".option").first.tap()
    link = tab.locator("[data-save-status] a")
    link.wait_for()
    assert "You are signed out. Kept on this device." in tab.locator("[data-save-status]").inner_text()
    link.tap()
    tab.locator("input[name=login]").fill("PAVEL")
    tab.locator("input[name=password]").fill(PASSWORD)
    tab.locator("main .button-primary, main button").first.tap()
    tab.wait_for_url(address)
    saved(tab)
    assert tab.locator(".options input").first.is_checked()
    for _ in range(50):
        if tab.evaluate("localStorage.length") == 0:
            break
        tab.wait_for_timeout(100)
    assert site.one("SELECT count(*) FROM quizzes_answer WHERE attempt_id = ?", attempt) == before + 1


def test_leaving_is_counted_and_going_from_question_to_question_is_not(window, site):
    tab = window("HUI").new_page()
    begin(tab, site, QUIZ)
    attempt = site.attempt("HUI", QUIZ)
    before = site.one("SELECT left_times FROM quizzes_attempt WHERE id = ?", attempt)
    for place in (2, 3):
        tab.locator(f".positions a >> nth={place - 1}").click()
        tab.wait_for_url(f"**/{place}/")
    tab.go_back()
    tab.reload()
    tab.wait_for_timeout(500)
    assert site.one("SELECT left_times FROM quizzes_attempt WHERE id = ?", attempt) == before
    tab.goto(f"{site.url}/marks/")
    assert counted(tab, site, attempt, before + 1)
    tab.goto(f"{site.url}/attempts/{attempt}/check/")
    assert f"{before + 1}" in tab.get_by_text("只计数，不作评判").inner_text()


def test_the_clock_of_the_phone_may_be_two_days_off(window, site):
    tab, attempt = window("PAVEL").new_page(), site.attempt("PAVEL", QUIZ)
    tab.clock.install(time="2020-01-01T08:00:00Z")
    tab.goto(f"{site.url}/attempts/{attempt}/check/")
    deadline, now = (
        float(tab.locator("[data-deadline]").get_attribute(f"data-{name}")) for name in ("deadline", "now")
    )
    assert abs(shown(tab) - (deadline - now)) < 5


def test_after_a_pause_the_time_left_is_the_servers_again(window, site):
    """A lid closed: timers stood still. A clock set two days ahead meanwhile: the server is asked, not the clock."""
    tab, attempt = window("PAVEL").new_page(), site.attempt("PAVEL", QUIZ)
    tab.clock.install()
    tab.goto(f"{site.url}/attempts/{attempt}/check/")
    real = shown(tab)
    tab.clock.fast_forward("05:00")
    assert abs(shown(tab) - (real - 300)) < 10  # slept: the time went on
    with tab.expect_response("**/clock/"):
        tab.evaluate("dispatchEvent(new Event('online'))")
    tab.clock.run_for(600)
    assert abs(shown(tab) - real) < 15  # the server says how much is left


def shown(tab):
    parts = [int(part) for part in tab.locator("[data-left]").first.inner_text().split(":")]
    return sum(part * 60**place for place, part in enumerate(reversed(parts)))


def test_all_on_one_page_is_saved_item_by_item(window, by_rules):
    site = by_rules
    phone = window("PAVEL", language="en")
    tab = phone.new_page()
    begin(tab, site, "all-on-one")
    attempt = site.attempt("PAVEL", "all-on-one")
    assert tab.url.endswith(f"/attempts/{attempt}/paper/")
    forms = tab.locator("form[data-answer]")
    assert forms.count() == 10
    forms.nth(3).locator(ANSWER).first.tap()
    saved(tab, 3)
    assert tab.locator("nav [data-counts]").inner_text() == "1 answered, 9 open"
    forms.nth(4).locator("[data-flag]").tap()
    assert tab.locator(".positions a >> nth=4").get_attribute("aria-label") == "Question 5, not answered, flagged"
    phone.set_offline(True)
    forms.nth(5).locator(ANSWER).first.tap()
    tab.locator("[data-pending]", has_text="waiting to be sent: 1").wait_for()
    phone.set_offline(False)
    saved(tab, 5)
    tab.reload()
    assert tab.locator("nav [data-counts]").inner_text() == "2 answered, 8 open"


def test_all_on_one_page_works_without_script(window, by_rules):
    site = by_rules
    tab = window("HUI", java_script_enabled=False).new_page()
    begin(tab, site, "all-on-one")
    attempt = site.attempt("HUI", "all-on-one")
    place = picking(site, attempt)
    form = tab.locator("form[data-answer]").nth(place - 1)
    form.locator("input[name=option]").first.check(force=True)
    form.locator("[data-flag]").click()  # what was chosen comes along
    assert tab.url.endswith(f"/paper/#q{place}")
    assert form.locator("input[name=option]").first.is_checked()
    assert flagged(site, attempt) == [place]


def test_where_there_is_no_way_back_the_map_is_no_set_of_links(window, by_rules):
    site = by_rules
    tab = window("PAVEL").new_page()
    begin(tab, site, "no-way-back")
    attempt = site.attempt("PAVEL", "no-way-back")
    tab.locator(ANSWER).first.tap()
    saved(tab)
    tab.locator("[data-save]").tap()
    tab.wait_for_url(f"**/attempts/{attempt}/2/")
    assert tab.locator(".positions a").count() == 0
    tab.goto(f"{site.url}/attempts/{attempt}/1/")
    assert "不能回头" in tab.locator("main").inner_text()
    tab.locator("main .button-primary").tap()
    tab.wait_for_url(f"**/attempts/{attempt}/2/")


def test_what_waits_is_sent_before_handing_in(window, by_rules):
    site = by_rules
    phone = window("HUI")
    tab = phone.new_page()
    begin(tab, site, "no-way-back")
    attempt = site.attempt("HUI", "no-way-back")
    tab.route("**/answer/", lambda route: route.abort())
    tab.locator(ANSWER).first.tap()
    tab.locator("[data-save-status][data-state=offline]").wait_for()
    tab.goto(f"{site.url}/attempts/{attempt}/check/")
    tab.locator("[data-hand-in] .button-primary").tap()
    tab.locator("[data-save-status][data-state=offline]").wait_for()
    assert site.one("SELECT count(*) FROM quizzes_attempt WHERE id = ? AND closed_at IS NULL", attempt) == 1
    tab.unroute("**/answer/")
    tab.wait_for_url(f"**/attempts/{attempt}/result/")
    assert site.one("SELECT count(*) FROM quizzes_answer WHERE attempt_id = ?", attempt) == 1


def test_a_picture_is_sent_when_it_is_chosen_and_again_when_the_network_is_back(window, by_rules):
    site = by_rules
    phone = window("PAVEL", language="en")
    tab = phone.new_page()
    begin(tab, site, "handing-in")
    attempt = site.attempt("PAVEL", "handing-in")
    phone.set_offline(True)
    picture = {"name": "bow.png", "mimeType": "image/png", "buffer": PNG}
    tab.locator("input[type=file]").set_input_files(picture)
    status = tab.locator("[data-save-status]")
    status.and_(tab.locator("[data-state=offline]")).wait_for()
    assert "leave this page open" in status.inner_text()
    phone.set_offline(False)
    tab.get_by_text("Handed in:").wait_for()
    saved(tab)
    tab.locator("[data-save]").tap()
    tab.wait_for_url(f"**/attempts/{attempt}/check/")
    query = "SELECT count(*) FROM quizzes_answer WHERE attempt_id = ? AND response LIKE '%bow.png%'"
    assert site.one(query, attempt) == site.one("SELECT count(*) FROM quizzes_answer WHERE attempt_id = ?", attempt) > 0
