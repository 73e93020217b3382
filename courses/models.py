from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from courses.markdown import words_of
from staff.frozen import Record, Version, digest
from staff.models import JobRole, Posting, Unit
from standards.citing import cite
from standards.models import Passage

STEP_KINDS = ["course", "quiz", "scenario", "checklist", "sign_off"]


class Course(Version):
    """Body: {standard, role, lessons: [{key, title, minutes, cites, text, checks}]}; with `changed_in` instead of a
    role, what one version of the standard changed, for those who were taught the one before."""

    class Meta(Version.Meta):
        pass

    @property
    def lessons(self):
        return self.body.get("lessons", [])

    def lesson(self, key):
        return next((lesson for lesson in self.lessons if lesson["key"] == key), None)

    def lesson_url(self, key):
        return reverse("courses:lesson", args=[self.slug, key])

    def on_publish(self, by):
        cite("course", self, self.cited_places())
        Passage.objects.replace(self)

    def passages(self):
        """What a search finds of it: its lessons, without their questions; nothing of one that only tells a change."""
        if "changed_in" in self.body:
            return []
        return [
            Passage.of(
                self,
                place=lesson["key"],
                title=lesson["title"],
                text={language: words_of(source) for language, source in lesson["text"].items()},
                names=lesson["title"].values(),
                standard=self.body.get("standard", ""),
            )
            for lesson in self.lessons
        ]

    def cited_places(self):
        """[(clause key, lesson)]; none of what only tells a change."""
        if "changed_in" in self.body:
            return []
        return [(key, lesson["key"]) for lesson in self.lessons for key in lesson["cites"]]


class Path(Version):
    """Body: {role, steps: [{key, kind, slug, due_day, title}]}."""

    job_role = models.ForeignKey(JobRole, models.PROTECT, null=True, related_name="paths")

    class Meta(Version.Meta):
        pass

    @property
    def steps(self):
        return self.body.get("steps", [])


class AssignmentQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Assignment.OPEN)

    def in_units(self, unit_ids):
        return self.filter(unit_id__in=unit_ids)

    def visible_to(self, user):
        """One's own, and those of the units one heads or appraises today."""
        scope = user.access.scope(Posting.HEADS) | user.access.scope(Posting.APPRAISES)
        return self.filter(Q(person=user) | Q(unit_id__in=scope)).select_related("path", "person")

    def due(self, day):
        """Counts in the completion rate on a date: not exempt, not left, and due by then."""
        return self.filter(due_on__lte=day, state__in=[Assignment.OPEN, Assignment.DONE])

    def named(self, query, day):
        """The names behind a number of the team page: filtered by ?unit= and ?state=, late ones first."""
        rows = self.select_related("person", "unit", "path").order_by("done_at", "due_on", "pk")
        if query.get("unit", "").isdecimal():
            rows = rows.filter(unit_id=int(query["unit"]) % 2**63)
        states = {
            "done": Q(state="done"),
            "overdue": Q(state="open", due_on__lt=day),
            "open": Q(state="open", due_on__gte=day),
            "out": Q(state__in=["exempt", "leave", "left"]),
        }
        return rows.filter(states.get(query.get("state", ""), Q()))

    def overdue(self, day):
        return self.open().filter(due_on__lt=day)

    def people_who_left(self):
        """Ids of the people whose newest assignment says that they left."""
        theirs = Assignment.objects.filter(person=models.OuterRef("person")).order_by("-assigned_on", "-pk")
        return self.filter(state=Assignment.LEFT, pk=models.Subquery(theirs.values("pk")[:1])).values("person")


class Assignment(models.Model):
    """One person's run of a path. The path version is fixed at the start; done_steps, done_at and
    unit are a register, recounted by verify."""

    OPEN, DONE, EXEMPT, LEAVE, LEFT = "open", "done", "exempt", "leave", "left"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    path = models.ForeignKey(Path, models.PROTECT, related_name="assignments")
    path_slug = models.SlugField(max_length=80)
    cause = models.CharField(max_length=100, default="onboarding")
    assigned_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, default=OPEN, choices=[(s, s) for s in (OPEN, DONE, EXEMPT, LEAVE, LEFT)])
    steps = models.PositiveIntegerField()
    done_steps = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "path_slug"], condition=Q(state="open"), name="one_open_assignment"
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done") & Q(done_at__isnull=True),
                name="done_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["unit", "path_slug", "state", "due_on"], name="assignment_by_unit")]

    def __str__(self):
        return f"{self.person_id} {self.path_slug}"

    @classmethod
    def begin(cls, person, path, *, unit, on=None, cause="onboarding"):
        """Assigns a path; due when its last step is."""
        row = cls.of(path, on=on or timezone.localdate(), cause=cause)
        return cls.objects.create(person=person, unit=unit, **row)

    @classmethod
    def begin_all(cls, path, units, *, cause):
        """Assigns a path to many today, in few statements. units: {person id: unit id}."""
        row = cls.of(path, on=timezone.localdate(), cause=cause)
        rows = [cls(person_id=person, unit_id=unit, **row) for person, unit in sorted(units.items())]
        return cls.objects.bulk_create(rows, batch_size=500)

    @staticmethod
    def of(path, *, on, cause):
        """The columns that an assignment takes over from its path."""
        return {
            "path": path,
            "path_slug": path.slug,
            "cause": cause,
            "assigned_on": on,
            "due_on": on + timedelta(days=max(step["due_day"] for step in path.steps)),
            "steps": len(path.steps),
        }

    def step_due(self, step):
        return self.assigned_on + timedelta(days=step["due_day"])


class StepDone(Record):
    """Register of path steps done, written from above through courses.progress."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="done")
    step = models.CharField(max_length=60)
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "step"], name="one_step_done")]

    def __str__(self):
        return f"{self.assignment_id} {self.step}"


class LessonRead(Record):
    """A lesson, read once by a person; a changed lesson (another digest) is unread again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lessons_read")
    course = models.ForeignKey(Course, models.PROTECT, related_name="reads")
    lesson = models.CharField(max_length=60)
    lesson_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "course", "lesson"], name="lesson_read_once_per_version")
        ]

    def __str__(self):
        return f"{self.person_id} {self.lesson}"


def lesson_digest(lesson):
    return digest(lesson)
