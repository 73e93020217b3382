from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.models import Assignment, Course
from evidence.models import Checklist, Observation
from quizzes.models import Answer, Attempt, Item, Scenario
from staff.frozen import Record, Version
from staff.models import JobRole, Posting, Unit
from standards.models import Wording

CITING = {"course": Course, "item": Item, "scenario": Scenario, "checklist": Checklist}
STATUSES = ["scored", "omitted", "not_reached", "void", "awaiting"]


class Plan(Version):
    """Body: {role, use, indicators, bands, missing}."""

    job_role = models.ForeignKey(JobRole, models.PROTECT, null=True, related_name="plans")

    class Meta(Version.Meta):
        pass


class ScoreQuerySet(models.QuerySet):
    def current(self):
        """The highest revision of each attempt."""
        later = Score.objects.filter(attempt=models.OuterRef("attempt"), revision__gt=models.OuterRef("revision"))
        return self.filter(~models.Exists(later))

    def of(self, person):
        return (
            self.filter(attempt__person=person, attempt__purpose=Attempt.ASSESSED)
            .select_related("attempt__quiz", "attempt__scenario")
            .order_by("-at")
        )


class Score(Record):
    """What an attempt was worth. A re-mark is a new revision with a reason."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="scores")
    revision = models.PositiveIntegerField(default=1)
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    reason = models.CharField(max_length=40, blank=True)
    passed = models.BooleanField(null=True)
    dimensions = models.JSONField(default=dict)
    flags = models.JSONField(default=dict)
    rules = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "revision"], name="one_score_per_revision"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) & ~Q(reason="") | Q(percent__gte=0, percent__lte=100),
                name="score_is_a_percent_or_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"score {self.pk}"


class Mark(Record):
    """The worth of one answer, with the clause it counts under. For a scenario `lost` is what the
    turn lost against the best way on, in percent of the whole."""

    score = models.ForeignKey(Score, models.PROTECT, related_name="marks")
    position = models.PositiveIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="marks")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="marks")
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="marks")
    points = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    max_points = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    status = models.CharField(max_length=12, choices=[(s, s) for s in STATUSES])
    lost = models.DecimalField(max_digits=7, decimal_places=4, null=True)

    class Meta:
        ordering = ["score", "position"]
        constraints = [models.UniqueConstraint(fields=["score", "position"], name="one_mark_per_position")]

    def __str__(self):
        return f"mark {self.score_id}/{self.position}"


class Rating(Record):
    """What a marker gave an open answer: for each criterion of the rubric a share of its points, "0", "0.5" or "1".
    Of one marker the newest counts. `turn` 1 is the first marker's, 2 the second's, 3 decides between them."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="ratings")
    item = models.ForeignKey(Item, models.PROTECT, related_name="ratings")
    turn = models.PositiveIntegerField(default=1)
    shares = models.JSONField()
    comment = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ratings")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(turn__gte=1, turn__lte=3), name="rating_is_first_to_third")]
        indexes = [models.Index(fields=["item", "answer"], name="rating_of_answer")]

    def __str__(self):
        return f"rating {self.pk}"


class RescoringQuerySet(models.QuerySet):
    def of(self, item):
        """Those of an item version, the newest first."""
        return self.filter(item=item).select_related("by").order_by("-pk")


class Rescoring(Record):
    """An item voided, re-keyed, re-weighed or its criteria re-pointed after people answered it: for every mark of this
    item version from then on. `change` holds the fields of the body that are judged by instead; `void` that it no
    longer counts. The newest of an item version counts, and its change is whole."""

    VOID, REKEY, REWEIGH, REPOINT = "void", "rekey", "reweigh", "repoint"
    KINDS = [VOID, REKEY, REWEIGH, REPOINT]

    item = models.ForeignKey(Item, models.PROTECT, related_name="rescorings")
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in KINDS])
    void = models.BooleanField(default=False)
    change = models.JSONField(default=dict)
    affected = models.JSONField(default=list)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="rescorings")

    objects = RescoringQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rescoring_says_why")]

    def __str__(self):
        return f"rescoring {self.pk}"


class AppraisalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, what one signed, and those of the units one heads or appraises today."""
        scope = user.access.scope(Posting.APPRAISES) | user.access.scope(Posting.HEADS)
        return self.filter(Q(person=user) | Q(by=user) | Q(unit_id__in=scope))

    def current(self):
        later = Appraisal.objects.filter(
            person=models.OuterRef("person"),
            period=models.OuterRef("period"),
            revision__gt=models.OuterRef("revision"),
        )
        return self.filter(~models.Exists(later))

    def in_period(self, period):
        return self.filter(period=period)

    def revisions_of(self, appraisal):
        """Every revision of the same sheet, the first first."""
        return self.filter(person=appraisal.person_id, period=appraisal.period).order_by("revision")

    def of(self, person, period):
        """The signed appraisal of a person and period, or None."""
        return self.filter(person=person, period=period).first()


class Appraisal(Record):
    """A signed sheet. Body: as scoring.signing.body_of makes it; a later correction is a new revision."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appraisals")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appraisals")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="appraisals")
    period = models.CharField(max_length=7)
    revision = models.PositiveIntegerField(default=1)
    percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    band = models.CharField(max_length=20)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="signed_appraisals")

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        ordering = ["-period", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "period", "revision"], name="one_appraisal_per_revision"),
            models.CheckConstraint(condition=~Q(by=F("person")), name="signer_is_not_person"),
            models.CheckConstraint(condition=Q(revision=1) | ~Q(reason=""), name="later_revision_says_why"),
            models.CheckConstraint(
                condition=Q(period__regex=r"^20[0-9][0-9]-(0[1-9]|1[0-2])\Z"), name="period_is_a_month"
            ),
        ]

    def __str__(self):
        return f"appraisal {self.pk}"

    def revisable_by(self, user):
        """By who appraises the unit today; never one's own, nor that of somebody who left."""
        present = self.person.is_active and self.person.left_on is None
        in_scope = self.unit_id in user.access.scope(Posting.APPRAISES)
        return user.access.has("appraiser") and in_scope and present and self.person_id != user.pk


class Basis(Record):
    """What an appraisal line rests on."""

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="bases")
    indicator = models.CharField(max_length=60)
    score = models.ForeignKey(Score, models.PROTECT, null=True, related_name="bases")
    observation = models.ForeignKey(Observation, models.PROTECT, null=True, related_name="bases")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="bases")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=False, observation__isnull=True, assignment__isnull=True)
                | Q(score__isnull=True, observation__isnull=False, assignment__isnull=True)
                | Q(score__isnull=True, observation__isnull=True, assignment__isnull=False),
                name="exactly_one_basis",
            )
        ]

    def __str__(self):
        return f"{self.appraisal_id} {self.indicator}"
