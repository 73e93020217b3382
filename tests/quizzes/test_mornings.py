"""Morning checks: one paper for a unit, on a shared screen and on its phones, for practice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.verifying import verify
from quizzes import mornings
from quizzes.models import Attempt, MorningCheck
from quizzes.taking import Refused
from scoring.finish import finish
from staff.models import Event
from tests import make

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def check(world):
    drill = make.quiz(by=world.root, slug="drill", kind="morning", minutes=5)
    return mornings.open_check(drill, world.outpatient, by=world.otto)


def text(response):
    return response.content.decode()


def test_a_check_is_opened_joined_played_and_told(world, check, sign_in):
    phone, screen = sign_in(world.mira), sign_in(world.otto)
    assert "0 joined" in text(screen.get(f"/mornings/{check.pk}/", headers=ENGLISH))
    join = f"/morning/{check.token}/"
    assert "3 questions" in text(phone.get(join, headers=ENGLISH)) and Attempt.objects.count() == 0
    phone.post(join)
    attempt = Attempt.objects.get()
    assert (attempt.paper, attempt.purpose, attempt.unit) == (check.paper, "practice", world.desk)
    make.answer(attempt=attempt, position=1, response=make.right_answer(attempt=attempt, position=1))
    finish(attempt, by=world.mira)
    phone.post(join)
    assert Attempt.objects.count() == 1  # one a session
    screen.post(f"/mornings/{check.pk}/close/")
    page = text(screen.get(f"/mornings/{check.pk}/", headers=ENGLISH))
    assert "1 joined" in page and "1 handed in" in page and "1 of 1" in page and "100.0 %" in page
    told = Event.objects.filter(subject=f"morningcheck:{check.pk}").values_list("verb", flat=True)
    assert list(told) == ["open-morning-check", "close-morning-check"]
    assert verify()["differences"] == []


def test_the_screen_shows_one_question_and_its_key_only_when_asked(world, check, sign_in):
    screen = sign_in(world.otto)
    for place, entry in enumerate(check.paper, start=1):
        page = text(screen.get(f"/mornings/{check.pk}/?item={place}", headers=ENGLISH))
        assert f"Question {entry['slug']}?" in page and "FEEDBACK-" not in page and "The words of" not in page
        page = text(screen.get(f"/mornings/{check.pk}/?item={place}&key=1", headers=ENGLISH))
        assert f"FEEDBACK-{entry['slug']}" in page and "The words of FD-" in page
    for wrong in ("0", "4", "x", "-1", "9" * 30):
        assert "Join with your phone" in text(screen.get(f"/mornings/{check.pk}/?item={wrong}", headers=ENGLISH))


def test_the_next_morning_is_another_attempt_and_brings_other_questions(world, check):
    for number in range(3):
        make.item(by=world.root, slug=f"more-{number}")
    finish(mornings.join(world.mira, check), by=world.mira)
    mornings.close(check, by=world.otto)
    again = mornings.open_check(check.quiz, world.outpatient, by=world.otto)
    attempt = mornings.join(world.mira, again)
    assert (attempt.ordinal, attempt.paper) == (2, again.paper)
    assert not {each["slug"] for each in check.paper} & {each["slug"] for each in again.paper}


def test_after_half_an_hour_it_is_over(world, check, sign_in):
    MorningCheck.objects.filter(pk=check.pk).update(opened_at=timezone.now() - timedelta(minutes=31))
    check.refresh_from_db()
    with pytest.raises(Refused):
        mornings.join(world.mira, check)
    mornings.sweep()
    check.refresh_from_db()
    assert check.closed_at and Event.objects.last().actor is None
    assert "This morning check is over." in text(sign_in(world.mira).get(f"/morning/{check.token}/", headers=ENGLISH))


def test_time_on_the_phone_ends_with_the_check(world, check):
    MorningCheck.objects.filter(pk=check.pk).update(opened_at=timezone.now() - timedelta(minutes=28))
    check.refresh_from_db()
    assert mornings.join(world.mira, check).deadline == check.opened_at + mornings.LASTS


def test_nobody_opens_one_for_a_unit_that_is_not_theirs_or_of_another_quiz(world, check, sign_in):
    otto = sign_in(world.otto)
    before = MorningCheck.objects.count()
    answers = [
        otto.post("/mornings/", {"unit": unit, "quiz": quiz}).status_code
        for unit, quiz in (
            (world.ward.pk, "drill"),
            ("x", "drill"),
            (world.desk.pk, "nobody"),
            (world.desk.pk, "first-month"),
        )
    ]
    assert (answers, MorningCheck.objects.count()) == ([404, 404, 404, 409], before)


def test_a_morning_quiz_is_not_begun_without_its_check(world, check, sign_in):
    assert sign_in(world.mira).post("/quizzes/drill/start/").status_code == 409
    assert Attempt.objects.count() == 0
