from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from staff.frozen import SEALED, Record, Version
from staff.models import Posting, Unit
from standards.citing import cite

TYPES = ["single", "multiple", "truefalse", "ordering"]
DIFFICULTIES = ["easy", "medium", "hard"]


class Item(Version):
    """Body: {standard, type, difficulty, points, cites, stem, options, right, feedback}; with `changed_in`, the version
    of the standard, an item made from a change of it: outside the bank, drawn only by a quiz that names it."""

    type = models.CharField(max_length=12, blank=True)
    difficulty = models.CharField(max_length=8, blank=True)

    class Meta(Version.Meta):
        pass

    def columns(self):
        return {"type": self.body["type"], "difficulty": self.body["difficulty"]}

    def on_publish(self, by):
        cite("item", self, self.cited_places())

    def cited_places(self):
        """[(clause key, "")]; none of an item made from a change, which no later newcomer is asked."""
        return [] if "changed_in" in self.body else [(key, "") for key in self.body["cites"]]


class Quiz(Version):
    """Body: {standard, blueprint, minutes, attempts, pass_mark: {percent, by, how, on}}; a row of the blueprint asks
    for `clauses` (prefixes of keys) or for `items` (slugs)."""

    class Meta(Version.Meta):
        pass


class Scenario(Version):
    """Body: as quizzes.script parses it. `analysis` (best, worst, chance) is found at publishing."""

    analysis = models.JSONField(default=dict)

    class Meta(Version.Meta):
        pass

    def on_publish(self, by):
        cite("scenario", self, self.cited_places())

    def cited_places(self):
        """[(clause key, scene)]"""
        return [
            (key, scene["key"])
            for scene in self.body["scenes"]
            for choice in scene["choices"]
            for key in choice["cites"]
        ]


class AttemptQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def closed(self):
        return self.filter(closed_at__isnull=False)

    def expired(self, now):
        return self.open().filter(deadline__lt=now)

    def assessed(self):
        return self.filter(purpose=Attempt.ASSESSED)

    def quizzes(self):
        return self.filter(quiz__isnull=False)

    def scenarios(self):
        return self.filter(scenario__isnull=False)

    def on(self, slug):
        return self.filter(slug=slug).order_by("ordinal")

    def visible_to(self, user):
        """One's own, and those of the units one heads or appraises today."""
        scope = user.access.scope(Posting.HEADS) | user.access.scope(Posting.APPRAISES)
        return self.filter(Q(person=user) | Q(unit_id__in=scope))


class Attempt(models.Model):
    """One run of a quiz or a scenario, its paper frozen at the start; sealed once closed_at is set."""

    ASSESSED, PRACTICE, PREVIEW = "assessed", "practice", "preview"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="attempts")
    quiz = models.ForeignKey(Quiz, models.PROTECT, null=True, related_name="attempts")
    scenario = models.ForeignKey(Scenario, models.PROTECT, null=True, related_name="attempts")
    slug = models.SlugField(max_length=80)
    purpose = models.CharField(max_length=8, choices=[(p, p) for p in (ASSESSED, PRACTICE, PREVIEW)])
    ordinal = models.PositiveIntegerField()
    allowed = models.PositiveIntegerField()
    paper = models.JSONField(default=list)
    started_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=8, blank=True)

    frozen = SEALED
    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quiz__isnull=False, scenario__isnull=True) | Q(quiz__isnull=True, scenario__isnull=False),
                name="exactly_one_subject",
            ),
            models.UniqueConstraint(
                fields=["person", "slug", "purpose"], condition=Q(closed_at__isnull=True), name="one_open_attempt"
            ),
            models.UniqueConstraint(fields=["person", "slug", "purpose", "ordinal"], name="one_attempt_per_ordinal"),
            models.CheckConstraint(
                condition=Q(ordinal__lte=F("allowed"), ordinal__gte=1), name="no_more_attempts_than_allowed"
            ),
        ]
        indexes = [models.Index(fields=["deadline"], condition=Q(closed_at__isnull=True), name="attempt_to_sweep")]

    def __str__(self):
        return f"attempt {self.pk}"

    @property
    def closed(self):
        return self.closed_at is not None

    def expired(self, now):
        return self.deadline is not None and now > self.deadline


class AnswerQuerySet(models.QuerySet):
    def latest(self):
        """{position: answer}; the highest seq counts."""
        return {answer.position: answer for answer in self.order_by("position", "seq")}


class Answer(Record):
    """One saved answer; saved again is another row with the next seq. Refused by the database once
    the attempt is closed."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="answers")
    position = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()
    key = models.CharField(max_length=64)
    response = models.JSONField()
    presented_at = models.DateTimeField()

    refused_when_closed = {"attempt_id": "quizzes_attempt"}
    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position", "seq"], name="one_answer_per_seq"),
            models.UniqueConstraint(fields=["attempt", "key"], name="one_answer_per_key"),
        ]

    def __str__(self):
        return f"answer {self.attempt_id}/{self.position}/{self.seq}"
