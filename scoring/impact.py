"""What a change of clauses touches: the content that cites them, and the people who were taught or judged by them."""

from django.db.models import Q

from courses.models import LessonRead
from evidence.models import Finding
from quizzes.models import Attempt
from scoring.models import Mark
from staff.models import User
from standards.models import Citation

PLACES = {"course": "lessons", "item": "items", "scenario": "scenes", "checklist": "points"}


def affected(keys):
    """{lessons, items, scenes, points: ["slug" or "slug:place"], people: [employee number]} of clauses, sorted."""
    cited = Citation.objects.of_clauses(keys).values_list("kind", "slug", "place")
    found = {name: set() for name in PLACES.values()}
    for kind, slug, place in cited:
        found[PLACES[kind]].add(f"{slug}:{place}" if place else slug)
    people = touched(keys, found["lessons"]).values_list("employee_number", flat=True)
    return {name: sorted(rows) for name, rows in found.items()} | {"people": sorted(people)}


def touched(keys, lessons):
    """The people, not gone, who have read one of these lessons ("course:lesson"), answered on one of these clauses
    where it counted, or were observed on it."""
    reads = Q(pk__in=[])
    for lesson in lessons:
        course, _, key = lesson.partition(":")
        reads |= Q(course__slug=course, lesson=key)
    marked = Mark.objects.filter(wording__clause__key__in=keys, score__attempt__purpose=Attempt.ASSESSED)
    seen = Finding.objects.filter(wording__clause__key__in=keys).exclude(outcome="na")
    return User.objects.present().filter(
        Q(pk__in=LessonRead.objects.filter(reads).values("person"))
        | Q(pk__in=marked.values("score__attempt__person"))
        | Q(pk__in=seen.values("observation__person"))
    )
