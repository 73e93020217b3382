"""Sitting a quiz: flags, one page or all, no way back, being late, leaving the page. Told, and nothing of it lost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizzes import sitting, taking
from quizzes.models import Answer, Attempt
from scoring.finish import finish, sweep
from scoring.models import Score
from tests import make
from tests.quizzes.test_taking import form, position_of, post, statements

real = pytest.mark.django_db(transaction=True)


@pytest.fixture
def attempt(world):
    return make.attempt(person=world.mira, subject=world.quiz)


@pytest.fixture
def by_rules(world):
    """An attempt of Mira's on the quiz with these rules."""

    def begin(**rules):
        return make.attempt(person=world.mira, subject=make.quiz(by=world.root, rules=rules))

    return begin


def set_flag(browser, attempt, place, on=True, **fields):
    return browser.post(f"/attempts/{attempt.pk}/{place}/flag/", {"flag": "on" if on else "off"} | fields)


def page(browser, attempt, rest=""):
    return browser.get(f"/attempts/{attempt.pk}/{rest}").content.decode()


def labels(html):
    """What the map of a page says of each question."""
    return re.findall(r'aria-label="(第\d+题[^"]*)"', html)


# --- flags -------------------------------------------------------------------------


def test_a_flag_is_said_in_words_on_the_question_and_on_the_check(world, attempt, sign_in):
    browser = sign_in(world.mira)
    assert set_flag(browser, attempt, 2)["Location"] == f"/attempts/{attempt.pk}/2/"
    wanted = ["第1题，未答", "第2题，未答，已标记", "第3题，未答"]
    assert [labels(page(browser, attempt, rest)) for rest in ("1/", "check/")] == [wanted] * 2
    set_flag(browser, attempt, 2, on=False)
    assert "已标记" not in "".join(labels(page(browser, attempt, "1/")))


def test_two_flags_stand_beside_each_other_and_twice_is_once(world, attempt, sign_in):
    browser = sign_in(world.mira)
    for place in (3, 1, 3):
        assert set_flag(browser, attempt, place, save="1").status_code == 204
    assert Attempt.objects.get().flagged == [1, 3]


def test_what_was_chosen_and_not_saved_yet_comes_along_with_the_flag(world, attempt, sign_in):
    place = position_of(attempt, "greet")
    response = set_flag(sign_in(world.mira), attempt, place, **form(attempt, place, option=["b"]))
    assert (response["Location"], Answer.objects.get().response) == (f"/attempts/{attempt.pk}/{place}/", ["b"])


def test_a_closed_attempt_is_flagged_no_more(world, attempt, sign_in):
    finish(attempt, by=world.mira)
    assert set_flag(sign_in(world.mira), attempt, 1).status_code == 409
    assert Attempt.objects.get().flagged == []


# --- the page is left ---------------------------------------------------------------


def test_leaving_is_counted_once_in_three_seconds_and_never_judged(world, attempt, sign_in):
    browser, address = sign_in(world.mira), f"/attempts/{attempt.pk}/left/"
    assert [browser.post(address).status_code for _ in range(3)] == [204] * 3
    assert Attempt.objects.get().left_times == 1
    sitting.cache.clear()
    browser.post(address)
    assert "本页离开过2次：只计数，不作评判。" in page(browser, attempt, "check/")
    for place in (1, 2, 3):
        make.answer(attempt=attempt, position=place, response=make.right_answer(attempt=attempt, position=place))
    assert finish(attempt, by=world.mira).percent == 100
    assert "作答时离开页面2次：只计数，不作评判。" in page(browser, attempt, "result/")


def test_leaving_a_closed_attempt_counts_nothing(world, attempt, sign_in):
    finish(attempt, by=world.mira)
    assert sign_in(world.mira).post(f"/attempts/{attempt.pk}/left/").status_code == 204
    assert Attempt.objects.get().left_times == 0


# --- saving ---------------------------------------------------------------------------


def test_the_receipt_of_a_saved_answer_is_a_sentence_with_the_servers_time(world, attempt, sign_in):
    told = post(sign_in(world.mira), attempt, 1, form(attempt, 1) | {"save": "1"}).json()
    saved = timezone.localtime(Answer.objects.get().recorded_at)
    assert (told["said"], told["seq"]) == (f"已保存 {saved:%H:%M:%S}", 1)
    assert told["deadline"] == int(attempt.deadline.timestamp())


@real
def test_a_script_is_told_in_a_sentence_why_an_answer_was_not_taken(world, attempt, sign_in):
    browser, data = sign_in(world.mira), form(attempt, 1) | {"save": "1"}
    wrong = post(browser, attempt, 1, data | {"seq": "none"})
    finish(attempt, by=world.mira)
    closed = post(browser, attempt, 1, data)
    assert [(each.status_code, each.json()["code"]) for each in (wrong, closed)] == [
        (422, "incomplete"),
        (409, "closed"),
    ]


@real
def test_an_older_draft_that_arrives_late_is_kept_and_does_not_count(world, attempt, sign_in):
    browser, place = sign_in(world.mira), position_of(attempt, "greet")
    signed = taking.ticket(attempt, place, timezone.now())
    for seq, option in ((2, ["b"]), (1, ["a"])):
        data = form(attempt, place, seq=seq, option=option, signed=signed) | {"save": "1"}
        assert post(browser, attempt, place, data).json()["seq"] == seq
    assert (Answer.objects.count(), sitting.standing(attempt).answers[place].response) == (2, ["b"])
    assert finish(attempt, by=world.mira).marks.get(position=place).points == 1


@real
def test_two_answers_are_both_shown_and_either_can_be_chosen(world, attempt, sign_in):
    """Nothing is written over: the page shows what the server has and what was sent, and one chooses."""
    browser, place = sign_in(world.mira), position_of(attempt, "greet")
    make.answer(attempt=attempt, position=place, response=["b"])
    response = post(browser, attempt, place, form(attempt, place, option=["a"]) | {"save": "1"})
    html = response.content.decode()
    assert (response.status_code, "中文 Option b of greet" in html, "中文 Option a of greet" in html) == (
        409,
        True,
        True,
    )
    assert sitting.standing(attempt).answers[place].response == ["b"]
    chosen = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', html[html.index("data-use-mine") :]))
    assert post(browser, attempt, place, chosen)["Location"] == f"/attempts/{attempt.pk}/{place}/"
    assert sitting.standing(attempt).answers[place].response == ["a"]


def test_a_sign_in_in_between_comes_back_to_the_question(world, attempt, sign_in, client):
    """The session ended while a form was sent: sign-in leads to the form's address by GET, and that to its page."""
    address = f"/attempts/{attempt.pk}/2/answer/"
    assert client.post(address, {})["Location"] == f"/accounts/login/?next={address}"
    browser = sign_in(world.mira)
    assert browser.get(address)["Location"] == f"/attempts/{attempt.pk}/2/"
    assert browser.get(f"/attempts/{attempt.pk}/finish/")["Location"] == f"/attempts/{attempt.pk}/"


# --- the clock ----------------------------------------------------------------------------


def end(attempt, seconds_ago):
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(seconds=seconds_ago))
    make.forget()


def test_a_page_that_slept_asks_for_the_servers_clock(world, attempt, sign_in):
    address = f"/attempts/{attempt.pk}/clock/"
    told = sign_in(world.mira).get(address).json()
    assert (told["deadline"], told["state"]) == (int(attempt.deadline.timestamp()), "open")
    assert abs(float(told["now"]) - timezone.now().timestamp()) < 5
    end(attempt, 1)
    assert sign_in(world.mira).get(address).json()["state"] == "closed"


def test_when_the_time_is_up_every_page_says_what_counts_and_offers_to_hand_in(world, attempt, sign_in):
    end(attempt, 1)
    browser = sign_in(world.mira)
    for rest in ("1/", "check/"):
        html = page(browser, attempt, rest)
        assert ("以届时已保存的内容为准" in html, f'action="/attempts/{attempt.pk}/finish/"' in html) == (True, True)
        assert "data-answer" not in html


def test_a_late_answer_is_taken_within_the_minutes_of_the_quiz_and_told_to_be_late(world, by_rules, sign_in):
    attempt, browser = by_rules(late_minutes=5), sign_in(world.mira)
    end(attempt, 60)
    sweep()
    assert "按迟交标注" in page(browser, attempt, "1/")
    told = post(browser, attempt, 1, form(attempt, 1) | {"save": "1"}).json()
    assert told["said"].endswith("，迟交")
    end(attempt, 301)
    assert post(browser, attempt, 1, form(attempt, 1, seq=2)).status_code == 409
    sweep()
    assert (Answer.objects.count(), Score.objects.get().attempt.closed_by) == (1, "clock")


def test_extra_time_is_shown_beside_what_the_others_have(world, attempt, sign_in):
    Attempt.objects.update(terms={"minutes": 60, "extended_from": 45})
    make.forget()
    assert "60分钟（由45分钟延长）" in page(sign_in(world.mira), attempt, "1/")


# --- all on one page ------------------------------------------------------------------------


def test_all_questions_on_one_page_are_saved_each_by_itself(world, by_rules, sign_in):
    attempt, browser = by_rules(pages="all"), sign_in(world.mira)
    assert browser.get(f"/attempts/{attempt.pk}/")["Location"] == f"/attempts/{attempt.pk}/paper/"
    html = page(browser, attempt, "paper/")
    assert html.count("data-answer") == 3 and [f'id="q{place}"' in html for place in (1, 2, 3)] == [True] * 3
    assert html.count('class="button button-primary') == 1
    stay = f"/attempts/{attempt.pk}/paper/#q2"
    assert post(browser, attempt, 2, form(attempt, 2))["Location"] == stay
    assert browser.get(f"/attempts/{attempt.pk}/2/")["Location"] == stay
    assert set_flag(browser, attempt, 2)["Location"] == stay
    assert labels(page(browser, attempt, "check/"))[1] == "第2题，已答，已标记"


def test_one_wrong_form_of_many_is_told_on_the_page_of_all(world, by_rules, sign_in):
    attempt = by_rules(pages="all")
    response = post(sign_in(world.mira), attempt, 1, form(attempt, 1) | {"seq": "none"})
    html = response.content.decode()
    assert (response.status_code, html.count('id="wrong"'), html.count("data-answer")) == (422, 1, 3)


def test_a_paper_of_many_costs_no_more_statements_than_one_question(world, by_rules, sign_in):
    attempt, browser = by_rules(pages="all"), sign_in(world.mira)
    page(browser, attempt, "paper/")
    assert len(statements(lambda: page(browser, attempt, "paper/"))) == 2


# --- no way back ----------------------------------------------------------------------------


@real
def test_a_question_once_left_is_neither_opened_nor_answered_again(world, by_rules, sign_in):
    attempt, browser = by_rules(back=False), sign_in(world.mira)
    sent = form(attempt, 1)
    assert post(browser, attempt, 1, sent | {"save": "1"}).status_code == 200  # saved, not left
    assert browser.get(f"/attempts/{attempt.pk}/1/").status_code == 200
    assert browser.get(f"/attempts/{attempt.pk}/2/").status_code == 409  # one follows the other
    assert post(browser, attempt, 1, sent | {"seq": 2})["Location"] == f"/attempts/{attempt.pk}/2/"
    left = browser.get(f"/attempts/{attempt.pk}/1/")
    assert (left.status_code, "第1题已经离开。这场测验不能回头。" in left.content.decode()) == (409, True)
    assert post(browser, attempt, 1, form(attempt, 1, seq=3)).status_code == 409
    assert post(browser, attempt, 1, sent | {"seq": 2})["Location"] == f"/attempts/{attempt.pk}/2/"  # the same form
    html = page(browser, attempt, "2/")
    assert f'href="/attempts/{attempt.pk}/1/"' not in html and "第1题，已答" in html
    assert browser.get(f"/attempts/{attempt.pk}/")["Location"] == f"/attempts/{attempt.pk}/2/"
    assert Answer.objects.count() == 2


def test_past_the_last_question_only_the_check_is_left(world, by_rules, sign_in):
    attempt, browser = by_rules(back=False), sign_in(world.mira)
    ways = [post(browser, attempt, place, form(attempt, place))["Location"] for place in (1, 2, 3)]
    assert ways[-1] == f"/attempts/{attempt.pk}/check/"
    assert f'href="/attempts/{attempt.pk}/' not in page(browser, attempt, "check/")
    assert browser.get(f"/attempts/{attempt.pk}/")["Location"] == ways[-1]


# --- on purpose ------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["", "1/", "1/answer/", "1/flag/", "paper/", "check/", "clock/", "left/", "finish/"])
@pytest.mark.parametrize("verb", ["get", "post"])
def test_anothers_attempt_is_found_by_no_address(world, attempt, sign_in, rest, verb):
    response = getattr(sign_in(world.pavel), verb)(f"/attempts/{attempt.pk}/{rest}")
    assert response.status_code in (404, 405)
    assert (Answer.objects.count(), Score.objects.count(), Attempt.objects.get().left_times) == (0, 0, 0)


def test_an_item_of_another_paper_cannot_be_answered_by_naming_it(world, attempt, sign_in):
    """The paper says which item stands where; ids that come along are read by nobody."""
    place = position_of(attempt, "greet")
    named = {"item": world.items[1].pk, "item_id": world.items[1].pk, "slug": "manner", "duration": 1, "score": 100}
    post(sign_in(world.mira), attempt, place, form(attempt, place, option=["b"]) | named)
    assert finish(attempt, by=world.mira).marks.get(position=place).item == world.items[0]


def test_sixty_kilobytes_in_a_blank_are_refused_in_a_sentence_and_given_back(world, sign_in):
    """Nothing of it is cut off in silence: the page says how long it may be and still holds what was typed."""
    make.item_of("fill", by=world.root)
    subject = make.quiz(by=world.root, slug="blanks", blueprint=[{"items": ["of-fill"], "count": 1}])
    attempt, browser = make.attempt(person=world.mira, subject=subject), sign_in(world.mira)
    typed = "长" * 20_000  # 60 KB
    data = {"seq": 1, "ticket": taking.ticket(attempt, 1, timezone.now()), "blank-one": typed}
    told = post(browser, attempt, 1, data | {"save": "1"})
    assert (told.status_code, "20000" in told.json()["said"]) == (422, True)
    response = post(browser, attempt, 1, data)
    assert (response.status_code, typed in response.content.decode(), Answer.objects.count()) == (422, True, 0)


def test_a_scripted_stem_is_shown_as_text(world, sign_in):
    item = make.item(by=world.root, slug="greet", keys=("b", "<i>"))
    assert item.number == 2
    script = "<script>alert(1)</script> ![x](javascript:alert(2)) <img src=x onerror=alert(3)>"
    body = item.body | {"stem": make.words(script, script), "options": [
        {"key": key, "text": make.words(script, script)} for key in ("a", "b")
    ]}  # fmt: skip
    make._publish(type(item), "greet", body, world.root)
    attempt = make.attempt(person=world.mira, subject=world.quiz)
    html = page(sign_in(world.mira), attempt, f"{position_of(attempt, 'greet')}/")
    assert re.findall(r"<script>|<img|javascript:alert[^)]*\)[^ )]*\"", html) == []
    assert "&lt;script&gt;" in html


# --- what it costs ---------------------------------------------------------------------------


def test_flags_and_leaving_cost_the_answer_nothing(world, attempt, sign_in):
    browser = sign_in(world.mira)
    set_flag(browser, attempt, 1)
    browser.post(f"/attempts/{attempt.pk}/left/")
    data = form(attempt, 2)
    assert len(statements(lambda: post(browser, attempt, 2, data))) == 2
    assert len(statements(lambda: page(browser, attempt, "2/"))) == 2
    sitting.cache.clear()
    page(browser, attempt)  # the session is warm again
    assert len(statements(lambda: browser.post(f"/attempts/{attempt.pk}/left/"))) == 2
    assert len(statements(lambda: browser.post(f"/attempts/{attempt.pk}/left/"))) == 1
    assert len(statements(lambda: set_flag(browser, attempt, 3, save="1"))) <= 6


def test_an_answer_with_no_way_back_costs_at_most_three_when_saved_and_four_when_left(world, by_rules, sign_in):
    attempt, browser = by_rules(back=False), sign_in(world.mira)
    page(browser, attempt, "1/")
    data = form(attempt, 1)
    assert len(statements(lambda: post(browser, attempt, 1, data | {"save": "1"}))) == 3
    assert len(statements(lambda: post(browser, attempt, 1, data | {"seq": 2}))) == 4


def test_the_page_of_a_question_stays_small(world, attempt, sign_in):
    with CaptureQueriesContext(connection):
        assert len(page(sign_in(world.mira), attempt, "1/").encode()) < 6_000
