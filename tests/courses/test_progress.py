"""Steps of a path are done once, by whoever learns of it, and the path with its last step."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import progress
from courses.models import Assignment, LessonRead, StepDone
from courses.stations import stations
from staff.models import Event
from tests import make

AT = timezone.now()


@pytest.fixture
def onboarding(world):
    return make.assignment(person=world.mira, path=world.path, unit=world.desk)


def done(world, kind, slug, source="score:1", at=AT):
    progress.done(world.mira, kind, slug, source, at)


def counted(assignment):
    assignment.refresh_from_db()
    return assignment.state, assignment.done_steps, assignment.done_at


def test_a_step_is_done_once(world, onboarding):
    done(world, "quiz", "first-month")
    done(world, "quiz", "first-month", source="score:2", at=AT + timedelta(days=1))
    assert list(StepDone.objects.values_list("step", "source", "at")) == [("quiz", "score:1", AT)]
    assert counted(onboarding) == ("open", 1, None)


def test_the_path_is_done_with_its_last_step(world, onboarding):
    for place, (key, kind, slug, _) in enumerate(make.STEPS):
        assert counted(onboarding)[:2] == ("open", place), key
        done(world, kind, slug, at=AT + timedelta(hours=place))
    assert counted(onboarding) == ("done", 4, AT + timedelta(hours=3))


def test_what_is_on_no_path_counts_nothing(world, onboarding):
    done(world, "quiz", "another")
    done(world, "course", "first-month")
    assert counted(onboarding) == ("open", 0, None)


def test_anothers_path_is_not_touched(world, onboarding):
    other = make.assignment(person=world.pavel, path=world.path, unit=world.ward)
    done(world, "quiz", "first-month")
    assert counted(other) == ("open", 0, None)


def test_an_exempt_path_is_left_alone(world, onboarding):
    Assignment.objects.update(state=Assignment.EXEMPT)
    done(world, "quiz", "first-month")
    assert counted(onboarding) == ("exempt", 0, None)


def test_a_path_is_due_when_its_last_step_is(world):
    begun = timezone.localdate() - timedelta(days=5)
    assignment = make.assignment(person=world.mira, path=world.path, unit=world.desk, on=begun)
    assert (assignment.due_on, assignment.steps) == (begun + timedelta(days=21), 4)


def test_there_is_one_open_assignment_of_a_path(world, onboarding):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.assignment(person=world.mira, path=world.path, unit=world.desk)


def test_the_stations_say_what_is_now_and_what_is_late(world):
    begun = timezone.localdate() - timedelta(days=8)
    assignment = make.assignment(person=world.mira, path=world.path, unit=world.desk, on=begun)
    done(world, "course", "onboarding")
    assert [(row["state"], row["late"], row["url"]) for row in stations(assignment)] == [
        ("done", False, "/courses/onboarding/"),
        ("now", True, "/quizzes/first-month/"),
        ("todo", False, "/scenarios/queue-jumper/"),
        ("todo", False, ""),
    ]


# --- lessons --------------------------------------------------------------------


def test_the_course_is_done_with_its_last_lesson(world, onboarding):
    greet, listen = world.course.lessons
    progress.read(world.mira, world.course, greet)
    assert (progress.unread(world.mira, world.course), counted(onboarding)[1]) == (["listen"], 0)
    progress.read(world.mira, world.course, listen)
    assert (progress.unread(world.mira, world.course), counted(onboarding)[1]) == ([], 1)
    assert Event.objects.filter(verb="course-done").count() == 1


def test_a_lesson_read_twice_is_read_once(world):
    for lesson in (*world.course.lessons, *world.course.lessons):
        progress.read(world.mira, world.course, lesson)
    assert (LessonRead.objects.count(), Event.objects.filter(verb="course-done").count()) == (2, 1)


def test_a_lesson_is_unread_again_only_if_it_changed(world):
    for lesson in world.course.lessons:
        progress.read(world.mira, world.course, lesson)
    lessons = [make.lesson(key="greet"), make.lesson(key="listen", text="Listen first."), make.lesson(key="thank")]
    second = make.course(by=world.root, lessons=lessons)
    assert progress.unread(world.mira, second) == ["listen", "thank"]


def test_a_course_read_before_its_path_was_assigned_is_done_by_opening_it_again(world):
    for lesson in world.course.lessons:
        progress.read(world.mira, world.course, lesson)
    assignment = make.assignment(person=world.mira, path=world.path, unit=world.desk)
    progress.read(world.mira, world.course, world.course.lessons[0])
    assert counted(assignment)[1] == 1


def test_a_lesson_counts_when_every_check_was_answered_right_or_wrong(world, sign_in):
    browser = sign_in(world.mira)
    browser.post("/courses/onboarding/greet/", {})
    assert LessonRead.objects.count() == 0
    page = browser.post("/courses/onboarding/greet/", {"check-c1": "a"}).content.decode()
    assert (LessonRead.objects.count(), "CHECK-WHY-greet" in page) == (1, True)


def test_only_the_words_that_were_shown_are_read(world, sign_in):
    browser = sign_in(world.mira)
    address, form = "/courses/onboarding/greet/", re.compile(r'name="shown" value="(\w+)"')
    shown = form.search(browser.get(address).content.decode())[1]
    make.course(by=world.ana, lessons=[make.lesson(key="greet", text="Wait until you are spoken to.")])
    late = browser.post(address, {"shown": shown, "check-c1": "b", "go": "1"}, headers={"accept-language": "en"})
    told = late.content.decode()
    assert (late.status_code, LessonRead.objects.count()) == (409, 0)
    assert "published anew while you read it" in told and f'href="{address}"' in told
    shown = form.search(browser.get(address).content.decode())[1]
    assert browser.post(address, {"shown": shown, "check-c1": "b"}).status_code == 200
    assert LessonRead.objects.get().course.number == 2


def test_why_a_check_is_right_is_not_told_before_it_is_answered(world, sign_in):
    page = sign_in(world.mira).get("/courses/onboarding/greet/").content.decode()
    assert "CHECK-WHY" not in page


def test_an_option_that_is_not_offered_is_no_answer(world, sign_in):
    sign_in(world.mira).post("/courses/onboarding/greet/", {"check-c1": "z"})
    assert LessonRead.objects.count() == 0


def test_a_script_in_a_lesson_stays_words(world, sign_in):
    text = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    make.course(by=world.root, lessons=[make.lesson(key="greet", text=text)])
    page = sign_in(world.mira).get("/courses/onboarding/greet/").content.decode()
    assert ("<script>alert" in page, "<img src=x" in page, 'href="javascript' in page) == (False, False, False)


def test_every_open_assignment_stands_on_the_first_page(world, sign_in):
    make.assignment(person=world.mira, path=world.path, unit=world.desk)
    for n in range(7):
        other = make.path(by=world.root, slug=f"other-{n}", steps=(("course", "course", "onboarding", 30 + n),))
        make.assignment(person=world.mira, path=other, unit=world.desk)
    page = sign_in(world.mira).get("/").content.decode()
    assert [f"other-{n}" in page for n in range(7)] == [True] * 7 and "另外分配给您的任务" in page
