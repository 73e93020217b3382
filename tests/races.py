"""What twenty threads do at once: on the SQLite file in the fast suite, on PostgreSQL with the services."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from django.db import connections
from django.utils import timezone

from config.verifying import verify
from courses import progress
from courses.models import Assignment, LessonRead, StepDone
from evidence.models import Finding, Observation
from evidence.observing import observe
from jobs.models import Job
from quizzes import taking, writing
from quizzes.models import Answer, Attempt, Item
from scoring.deciding import decide
from scoring.finish import finish
from scoring.models import Appraisal, Mark, Rating, Rescoring, Score
from scoring.rating import rate
from scoring.releasing import release
from scoring.rescoring import dry_run, rescore
from scoring.signing import CannotSign, sign
from staff.frozen import Frozen
from staff.models import Event
from standards.models import ContentReview, Standard
from tests import make

MANY = 20


def together(deed, count=MANY):
    """What each of `count` threads got from deed(number), all let go at the same moment; an exception is a result."""
    gate = Barrier(count)

    def run(number):
        gate.wait()
        try:
            return deed(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def kinds(results):
    """{name of the type: how many}"""
    names = [type(result).__name__ for result in results]
    return {name: names.count(name) for name in set(names)}


def starting_gives_one_attempt(world):
    got = together(lambda _: taking.start(world.mira, world.quiz))
    assert (kinds(got), Attempt.objects.count()) == ({"Attempt": MANY}, 1)
    assert {attempt.pk for attempt in got} == {Attempt.objects.get().pk}


def starting_never_passes_the_limit(world):
    for _ in range(world.quiz.body["attempts"] - 1):
        make.score(person=world.mira, subject=world.quiz)
    together(lambda _: finish(taking.start(world.mira, world.quiz), by=world.mira))
    assert Attempt.objects.filter(slug="first-month").count() == world.quiz.body["attempts"]


def finishing_gives_one_score(world):
    make.assignment(person=world.mira, path=world.path, unit=world.desk)
    attempt = make.attempt(person=world.mira, subject=world.quiz)
    for place in (1, 2, 3):
        make.answer(attempt=attempt, position=place, response=make.right_answer(attempt=attempt, position=place))
    got = together(lambda _: finish(Attempt.objects.get(pk=attempt.pk), by=world.mira))
    assert {score.pk for score in got} == {Score.objects.get().pk}
    assert (Mark.objects.count(), StepDone.objects.count(), Event.objects.filter(verb="score").count()) == (3, 1, 1)


def the_same_form_sent_twenty_times_is_one_answer(world):
    attempt = make.attempt(person=world.mira, subject=world.quiz)
    signed = taking.ticket(attempt, 1, timezone.now())
    got = together(lambda _: taking.answer(Attempt.objects.get(pk=attempt.pk), 1, ["a"], seq=1, signed=signed))
    assert (kinds(got), Answer.objects.count()) == ({"Answer": MANY}, 1)


def twenty_devices_give_one_answer_and_nineteen_are_told(world):
    attempt = make.attempt(person=world.mira, subject=world.quiz)

    def answer(number):
        signed = taking.ticket(attempt, 1, timezone.now() + timedelta(seconds=number))
        return taking.answer(Attempt.objects.get(pk=attempt.pk), 1, ["a"], seq=1, signed=signed)

    got = together(answer)
    assert (kinds(got), Answer.objects.count()) == ({"Answer": 1, "AnsweredElsewhere": MANY - 1}, 1)


def an_answer_racing_the_finish_counts_or_is_refused(world):
    attempt = make.attempt(person=world.mira, subject=world.quiz)
    signed = [taking.ticket(attempt, 1, timezone.now()) for _ in range(MANY)]
    right = make.right_answer(attempt=attempt, position=1)
    seen = [Attempt.objects.get(pk=attempt.pk) for _ in range(MANY)]  # all read while it was open

    def deed(number):
        if number == MANY // 2:
            return finish(seen[number], by=world.mira)
        return taking.answer(seen[number], 1, right, seq=number + 1, signed=signed[number])

    got = together(deed)
    saved = [answer for answer in got if isinstance(answer, Answer)]
    assert (set(kinds(got)) - {"Answer", "Refused"}, Score.objects.count()) == ({"Score"}, 1)
    assert Answer.objects.count() == len(saved)
    last = max(saved, key=lambda answer: answer.seq, default=None)
    assert Mark.objects.get(position=1).answer == last
    assert verify()["differences"] == []


def a_double_click_is_one_observation(world):
    findings = {point["key"]: ("met", "") for point in world.checklist.points}
    got = together(
        lambda _: observe(world.checklist, world.mira, by=world.otto, unit=world.desk, findings=findings, key="once")
    )
    assert ({seen.pk for seen in got}, Finding.objects.count()) == ({Observation.objects.get().pk}, 3)


def two_deeds_do_a_step_once(world):
    assignment = make.assignment(person=world.mira, path=world.path, unit=world.desk)
    now = timezone.now()
    got = together(lambda n: progress.done(world.mira, "quiz", "first-month", f"score:{n}", now))
    assignment.refresh_from_db()
    assert (kinds(got), assignment.done_steps, StepDone.objects.count()) == ({"list": MANY}, 1, 1)
    assert sum(map(len, got)) == 1


def a_lesson_is_read_once(world):
    lesson = world.course.lessons[0]
    got = together(lambda _: progress.read(world.mira, world.course, lesson))
    assert (kinds(got), LessonRead.objects.count()) == ({"NoneType": MANY}, 1)


def one_worker_gets_a_job(world):
    job = Job.queue("count", "ten sheep", owner=world.ana)
    assert sorted(together(lambda _: Job.objects.get(pk=job.pk).claim())) == [False] * (MANY - 1) + [True]


def the_same_work_is_queued_once(world):
    got = together(lambda _: Job.queue("count", "ten sheep", owner=world.ana, dedupe_key="sheep"))
    assert {job.pk for job in got} == {Job.objects.get().pk}


def a_sheet_is_signed_once(world):
    sheet = make.full_sheet(world=world)

    def deed(_):
        return sign(sheet, by=world.hui, unit=world.desk)

    assert kinds(together(deed)) == {"Appraisal": 1, CannotSign.__name__: MANY - 1}
    assert (Appraisal.objects.count(), Event.objects.filter(verb="sign-appraisal").count()) == (1, 1)


def twenty_writers_make_one_chain(world):
    got = together(lambda n: Event.write("look", actor=world.mira, subject=f"page:{n}"))
    assert kinds(got) == {"Event": MANY}
    assert verify()["differences"] == []


def publishing_an_item_is_done_once(world):
    draft = writing.begin(make.words("Race"), world.items[0].body, by=world.ana)
    got = together(lambda _: writing.publish(draft.slug, by=world.ana, shown=writing.seen(draft)))
    assert [type(each) for each in got if not isinstance(each, Frozen)] == [Item]
    assert Item.objects.published_numbers(draft.slug) == [1] and verify()["differences"] == []


def editing_an_item_keeps_one_draft_and_refuses_the_others(world):
    item = world.items[0]
    bodies = [item.body | {"points": number} for number in range(2, MANY + 2)]
    shown = writing.seen(item)
    got = together(lambda n: writing.rewrite("greet", item.title, bodies[n], by=world.ana, shown=shown))
    assert kinds(got) == {"Item": 1, "ChangedMeanwhile": MANY - 1}
    draft = Item.objects.draft_of("greet")
    again = [draft.body | {"points": number} for number in range(30, MANY + 30)]
    shown = writing.seen(draft)
    got = together(lambda n: writing.rewrite("greet", item.title, again[n], by=world.ana, shown=shown))
    assert kinds(got) == {"Item": 1, "ChangedMeanwhile": MANY - 1}
    assert Item.objects.draft_of("greet").revision == 2 and verify()["differences"] == []


def items_begun_at_once_get_names_of_their_own(world):
    bodies = [world.items[0].body | {"points": number + 1} for number in range(MANY)]
    got = together(lambda n: writing.begin({"en": "Same title"}, bodies[n], by=world.ana))
    assert kinds(got) == {"Item": MANY} and len({draft.slug for draft in got}) == MANY


def a_version_is_published_once(world):
    make.score(person=world.mira, subject=world.quiz)
    draft = make.next_standard(by=world.ana, changes={"FD-LANG-001": make.words("Wait.")})
    by = [world.ana, world.root]
    got = together(lambda n: release(Standard.objects.get(pk=draft.pk), by[n % 2], effective_on=timezone.localdate()))
    assert kinds(got)["Release"] == 1
    assert (ContentReview.objects.count(), Assignment.objects.filter(cause="delta:front-desk:2").count()) == (4, 1)
    assert verify()["differences"] == []


def a_review_is_decided_once(world):
    row = make.review(by=world.ana, world=world)
    states = ["right", "revise", "retire"]
    got = together(
        lambda n: decide(ContentReview.objects.get(pk=row.pk), world.ana, state=states[n % 3], reason="Why.")
    )
    told = Event.objects.filter(verb__in=["decide-review", "retire"]).count()
    assert told == kinds(got).get("str", 0) >= 1
    assert verify()["differences"] == []


def an_answer_gets_its_marks_from_the_first_of_twenty(world):
    make.open_item(by=world.root)
    quiz = make.open_quiz(by=world.root)
    score = make.handed_in(person=world.mira, subject=quiz, responses={"words": {"text": "Good morning."}})
    answer, shares = score.marks.get(item__slug="words").answer, {"greets": "1", "offers": "0.5"}
    markers = [make.user(number=f"M{number}", groups=["trainer"]) for number in range(MANY)]
    got = together(lambda n: rate(Answer.objects.get(pk=answer.pk), by=markers[n], turn=1, shares=shares))
    assert kinds(got) == {"Rating": 1, "MarkedMeanwhile": MANY - 1}
    assert (Rating.objects.count(), Score.objects.filter(revision=2).count()) == (1, 1)
    assert verify()["differences"] == []


def an_item_is_rescored_once(world):
    make.score(person=world.mira, subject=world.quiz)
    item = world.items[0]
    shown = dry_run(item, "void", {}).digest
    got = together(lambda _: rescore(item, "void", {}, by=world.ana, reason="Why.", shown=shown))
    assert kinds(got)["tuple"] == 1
    assert (Rescoring.objects.count(), Score.objects.filter(revision=2).count()) == (1, 1)
    assert verify()["differences"] == []


RACES = [
    an_answer_gets_its_marks_from_the_first_of_twenty,
    an_item_is_rescored_once,
    a_version_is_published_once,
    a_review_is_decided_once,
    starting_gives_one_attempt,
    starting_never_passes_the_limit,
    finishing_gives_one_score,
    the_same_form_sent_twenty_times_is_one_answer,
    twenty_devices_give_one_answer_and_nineteen_are_told,
    an_answer_racing_the_finish_counts_or_is_refused,
    a_double_click_is_one_observation,
    two_deeds_do_a_step_once,
    a_lesson_is_read_once,
    one_worker_gets_a_job,
    the_same_work_is_queued_once,
    a_sheet_is_signed_once,
    twenty_writers_make_one_chain,
    publishing_an_item_is_done_once,
    editing_an_item_keeps_one_draft_and_refuses_the_others,
    items_begun_at_once_get_names_of_their_own,
]
