"""A step of a path is done: told by whoever learns of it, in the transaction of their deed."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from courses.models import Assignment, LessonRead, Path, StepDone, lesson_digest
from staff.frozen import kept
from staff.models import Event
from staff.prepared import Prepared


def done(person, kind, slug, source, at):
    """Ticks the step {kind, slug} on each open assignment of a person; counts it once.
    source: the record it rests on ("score:12"); at: when it happened. The ids of the steps done now, for its event."""
    rows = OPEN_PATHS(person.pk)
    ticked_before = {(assignment, step) for assignment, _path, step in rows}
    ticked = [
        _tick(assignment, step["key"], source=source, at=at)
        for assignment, path in dict.fromkeys((assignment, path) for assignment, path, _step in rows)
        for step in kept(Path, path).steps
        if (step["kind"], step["slug"]) == (kind, slug) and (assignment, step["key"]) not in ticked_before
    ]
    return [pk for pk in ticked if pk]


OPEN_PATHS = Prepared(
    lambda person: (
        Assignment.objects.open().filter(person=person).order_by("pk").values_list("pk", "path_id", "done__step")
    ),
    int,
)


def _tick(assignment, step, *, source, at):
    try:
        with transaction.atomic():
            step_done = StepDone.objects.create(assignment_id=assignment, step=step, source=source, at=at)
    except IntegrityError:
        return None  # somebody else ticked it meanwhile
    row = Assignment.objects.filter(pk=assignment)
    row.update(done_steps=F("done_steps") + 1)
    row.filter(done_steps=F("steps"), state=Assignment.OPEN).update(state=Assignment.DONE, done_at=at)
    return step_done.pk


def read(person, course, lesson):
    """A lesson was read to its end. The course step is done with the last lesson."""
    now = timezone.now()
    with transaction.atomic():
        _, new = LessonRead.objects.get_or_create(
            person=person,
            course=course,
            lesson=lesson["key"],
            defaults={"lesson_digest": lesson_digest(lesson), "at": now},
        )
        if unread(person, course):
            return
        # Also when nothing is new: the path may have been assigned after the course was read.
        steps = done(person, "course", course.slug, course.subject, now)
        if new or steps:
            Event.write("course-done", actor=person, subject=course.subject, after={"steps": steps})


def unread(person, course):
    """Keys of the lessons still to read. A lesson that has not changed since an older version counts as read."""
    digests = set(
        LessonRead.objects.filter(person=person, course__slug=course.slug).values_list("lesson", "lesson_digest")
    )
    return [lesson["key"] for lesson in course.lessons if (lesson["key"], lesson_digest(lesson)) not in digests]
