"""Beginning a quiz: window, cool-down, access code and what was arranged for one person, all decided by the server."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from quizzes import taking
from quizzes.models import Accommodation, Attempt, Quiz
from quizzes.taking import Refused
from scoring.finish import finish, sweep
from tests import make

ENGLISH = {"accept-language": "en"}
NOON = timezone.datetime(2026, 11, 21, 12, tzinfo=timezone.get_default_timezone())


class Clock:
    """The server's clock, which stands still until it is moved."""

    now = NOON

    def shift(self, delta):
        self.now += delta


@pytest.fixture(autouse=True)
def clock(world, monkeypatch):
    """Stands still only once the world is built, which other tests share."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


def ruled(world, minutes=20, **rules):
    return make.quiz(by=world.root, slug="ruled", minutes=minutes, rules=rules)


def refused(person, quiz, **more):
    with pytest.raises(Refused) as refusal:
        taking.start(person, quiz, **more)
    assert Attempt.objects.filter(slug=quiz.slug).count() == len(taking.runs(person, quiz.slug))
    return refusal.value.code, str(refusal.value)


def text(response):
    return response.content.decode()


def test_before_the_window_and_after_it_nobody_begins(world, sign_in, clock):
    quiz = ruled(world, opens_at="2026-11-21T13:00", closes_at="2026-11-21T15:00")
    assert refused(world.mira, quiz)[0] == "not_open_yet"
    page = sign_in(world.mira).get("/quizzes/ruled/", headers=ENGLISH)
    assert "This quiz opens at 2026-11-21 13:00. Come back then." in text(page) and "Start," not in text(page)
    assert sign_in(world.mira).post("/quizzes/ruled/start/", headers=ENGLISH).status_code == 409
    clock.shift(timedelta(hours=3))
    assert refused(world.mira, quiz)[0] == "closed"
    clock.shift(timedelta(minutes=-5))
    assert taking.start(world.mira, quiz).deadline == NOON + timedelta(hours=3)


def test_the_page_says_how_long_one_has_when_the_close_is_near(world, sign_in):
    ruled(world, closes_at="2026-11-21T12:07")
    assert "Start, 7 minutes" in text(sign_in(world.mira).get("/quizzes/ruled/", headers=ENGLISH))


def test_an_attempt_that_is_going_on_is_gone_on_with_after_the_close(world, clock):
    quiz = ruled(world, closes_at="2026-11-21T12:10")
    begun = taking.start(world.mira, quiz)
    clock.shift(timedelta(minutes=11))
    assert taking.start(world.mira, quiz) == begun


def test_between_two_attempts_lies_the_cool_down(world, clock):
    quiz = ruled(world, wait_hours=24)
    finish(taking.start(world.mira, quiz), by=world.mira)
    clock.shift(timedelta(hours=23))
    code, sentence = refused(world.mira, quiz)
    assert (code, "12:00" in sentence) == ("wait", True)
    clock.shift(timedelta(hours=1))
    assert taking.start(world.mira, quiz).ordinal == 2


def test_a_wrong_access_code_is_told_and_after_five_none_is_looked_at(world, sign_in):
    ruled(world, code="礼貌 tea")
    browser = sign_in(world.mira)

    def tried(code):
        return browser.post("/quizzes/ruled/start/", {"code": code}, headers=ENGLISH)

    assert "Access code" in text(browser.get("/quizzes/ruled/", headers=ENGLISH))
    assert "tea" not in text(browser.get("/quizzes/ruled/", headers=ENGLISH))
    pages = [tried(code) for code in ("", "tea", "x" * 5000, "礼貌", "礼貌 te")]
    assert [page.status_code for page in pages] == [422] * 5
    assert "This is not the access code." in text(pages[1])
    blocked = tried("礼貌 tea")
    assert (blocked.status_code, Attempt.objects.count()) == (429, 0)
    assert "Five wrong codes in a minute." in text(blocked)
    assert sign_in(world.pavel).post("/quizzes/ruled/start/", {"code": "礼貌 tea"}).status_code == 302
    cache.delete(f"access-code-{world.mira.pk}")  # the minute is over
    assert tried(" 礼貌 tea ").status_code == 302


def grant(world, **more):
    return Accommodation.objects.create(slug="ruled", person=world.mira, by=world.ana, reason="Broken arm", **more)


def test_what_was_arranged_for_one_person_holds_for_no_other(world, sign_in):
    quiz = ruled(world, minutes=45, closes_at="2026-11-21T11:00")
    given = grant(world, minutes=60, attempts=3, closes_at=NOON + timedelta(hours=5))
    assert refused(world.pavel, quiz)[0] == "closed"
    page = text(sign_in(world.mira).get("/quizzes/ruled/", headers=ENGLISH))
    assert "60 (extended from 45) minutes" in page and "3 of 3" in page and "Broken arm" not in page
    attempt = taking.start(world.mira, quiz)
    assert (attempt.deadline - attempt.started_at, attempt.allowed) == (timedelta(minutes=60), 3)
    assert attempt.terms == {
        "minutes": 60, "attempts": 3, "late_minutes": 0, "extended_from": 45, "accommodation": given.pk,
        "closes_at": "2026-11-21T09:00:00+00:00",
    }  # fmt: skip


def test_what_was_withdrawn_holds_no_more(world):
    grant(world, minutes=60)
    grant(world, withdrawn=True)
    assert taking.start(world.mira, ruled(world)).terms["minutes"] == 20


def test_what_is_granted_later_leaves_the_attempt_as_it_was_begun(world):
    quiz = ruled(world)
    begun = taking.start(world.mira, quiz)
    grant(world, minutes=60)
    again = taking.start(world.mira, quiz)
    assert (again.deadline, again.terms) == (begun.deadline, begun.terms)


def test_the_clock_closes_an_attempt_only_when_lateness_is_over_too(world, clock):
    attempt = taking.start(world.mira, ruled(world, late_minutes=5))
    assert taking.sitting(world.mira, attempt.pk).late_until == NOON + timedelta(minutes=25)
    clock.shift(timedelta(minutes=24))
    sweep()
    assert Attempt.objects.open().count() == 1
    clock.shift(timedelta(minutes=2))
    sweep()
    assert Attempt.objects.open().count() == 0


def test_practice_counts_for_no_path(world, sign_in):
    make.assignment(person=world.mira, path=world.path, unit=world.desk)
    make.quiz(by=world.root, kind="practice")
    browser = sign_in(world.mira)
    assert "This is for practice" in text(browser.get("/quizzes/first-month/", headers=ENGLISH))
    browser.post("/quizzes/first-month/start/")
    attempt = Attempt.objects.get()
    for position in (1, 2, 3):
        right = make.right_answer(attempt=attempt, position=position)
        make.answer(attempt=attempt, position=position, response=right)
    score = finish(attempt, by=world.mira)
    assert (attempt.purpose, score.passed) == ("practice", True)
    assert world.mira.assignments.get().done_steps == 0


def test_the_next_paper_holds_what_one_was_not_given_before(world):
    for number in range(3):
        make.item(by=world.root, slug=f"more-{number}")
    quiz = make.quiz(by=world.root, slug="two", count=3, attempts=3)
    first = taking.start(world.mira, quiz)
    finish(first, by=world.mira)
    second = taking.start(world.mira, quiz)
    assert not {entry["slug"] for entry in first.paper} & {entry["slug"] for entry in second.paper}


def test_a_browser_cannot_make_up_its_terms(world, sign_in):
    ruled(world)
    made_up = {"minutes": 999, "deadline": "2099-01-01", "purpose": "preview", "attempts": 99, "person": world.pavel.pk}
    sign_in(world.mira).post("/quizzes/ruled/start/", made_up)
    attempt = Attempt.objects.get()
    assert (attempt.person, attempt.purpose, attempt.allowed) == (world.mira, "assessed", 2)
    assert attempt.deadline == NOON + timedelta(minutes=20)


def test_a_section_counts_with_its_whole_marks(world):
    """Three marks on one item of one point, beside two items that count for themselves: all but it right is 2 of 5."""
    parts = [
        {"key": "words", "title": {"en": "Words"}, "points": 3, "rows": [{"clauses": ["FD-LANG"], "count": 1}]},
        {"key": "rest", "title": {"en": "Rest"}, "rows": [{"clauses": ["FD-MANN", "FD-PROC"], "count": 2}]},
    ]
    body = {name: value for name, value in world.quiz.body.items() if name != "blueprint"} | {"sections": parts}
    score = make.score(person=world.mira, subject=make._publish(Quiz, "parted", body, world.root), wrong=(1,))
    assert [entry["section"] for entry in score.attempt.paper] == ["words", "rest", "rest"]
    assert str(score.percent) == "40.0"
