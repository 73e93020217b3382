"""What four colleagues did before Mira came, by the same deeds as hers but without a browser."""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from config.demo.organisation import BEGAN
from config.demo.playing import CHECKLIST, COURSE, QUIZ, SCENARIO, choice, response
from courses import progress
from courses.models import Course
from evidence.models import Checklist
from evidence.observing import observe
from quizzes import play, taking
from quizzes.models import Item, Quiz, Scenario
from scoring.finish import finish
from staff.models import User


class Part(NamedTuple):
    """quizzes: the places answered wrong, one set for each attempt; second_best: the scenario's turn that was
    not played best; seen: {place of the checklist's point that was not met: Otto's note}, None if not observed."""

    quizzes: tuple
    second_best: int
    seen: dict | None


ODD = {1, 3, 5, 7, 9}
PARTS = {
    "G002": Part(({4},), 1, None),
    "G004": Part((ODD, {2}), 2, {0: "10:20，两位病人走近，她先低头整理表格，没有先开口。"}),
    "G008": Part((set(),), 4, {}),
    "PAVEL": Part(({6},), 3, None),
}


@transaction.atomic
def learn():
    """All of them; Otto sees those of his own units."""
    otto = User.objects.get(employee_number="OTTO")
    for person in User.objects.filter(employee_number__in=BEGAN).order_by("employee_number"):
        part = PARTS[person.employee_number]
        _read(person)
        for wrong in part.quizzes:
            _take(person, wrong)
        _play(person, part.second_best)
        if part.seen is not None:
            _see(person, part.seen, by=otto)


def _read(person):
    course = Course.objects.newest().get(slug=COURSE)
    for lesson in course.lessons:
        progress.read(person, course, lesson)


def _take(person, wrong):
    attempt = taking.start(person, Quiz.objects.newest().get(slug=QUIZ))
    items = Item.objects.in_bulk([entry["item"] for entry in attempt.paper])
    for place, entry in enumerate(attempt.paper, start=1):
        given = response(items[entry["item"]], wrong=place in wrong)
        taking.answer(attempt, place, given, seq=1, signed=taking.ticket(attempt, place, timezone.now()))
    finish(attempt, by=person)


def _play(person, second_best):
    scenario = Scenario.objects.newest().get(slug=SCENARIO)
    attempt = taking.start(person, scenario)
    path = []
    while not play.step(scenario.body, path).ended:
        path.append(choice(scenario.body, path, rank=int(len(path) + 1 == second_best)))
        signed = taking.ticket(attempt, len(path), timezone.now())
        taking.turn(attempt, path[-1], position=len(path), signed=signed)
    finish(attempt, by=person)


def _see(person, notes, *, by):
    checklist = Checklist.objects.newest().get(slug=CHECKLIST)
    findings = {
        point["key"]: ("not_met", notes[place]) if place in notes else ("met", "")
        for place, point in enumerate(checklist.points)
    }
    unit = person.unit_on(timezone.localdate())
    observe(checklist, person, by=by, unit=unit, findings=findings, key=f"demo-{person.employee_number}")
