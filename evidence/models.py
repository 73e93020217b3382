from django.conf import settings
from django.db import models
from django.db.models import F, Q

from staff.frozen import Record, Version
from staff.models import Posting, Unit
from standards.citing import cite
from standards.models import Wording

MET, NOT_MET, NA = "met", "not_met", "na"


class Checklist(Version):
    """Body: {standard, role, points: [{key, cite, text}]}."""

    class Meta(Version.Meta):
        pass

    @property
    def points(self):
        return self.body.get("points", [])

    def on_publish(self, by):
        cite("checklist", self, self.cited_places())

    def cited_places(self):
        """[(clause key, point)]"""
        return [(point["cite"], point["key"]) for point in self.points]


class ObservationQuerySet(models.QuerySet):
    def by(self, user):
        return self.filter(by=user).select_related("checklist", "person").order_by("-pk")

    def visible_to(self, user):
        """About oneself, written by oneself, or of the units one heads or appraises today."""
        scope = user.access.scope(Posting.HEADS) | user.access.scope(Posting.APPRAISES)
        return self.filter(Q(person=user) | Q(by=user) | Q(unit_id__in=scope)).select_related(
            "checklist", "person", "by", "unit"
        )

    def standing(self):
        """Those that count: not corrected by a later one."""
        return self.filter(corrected_by__isnull=True)

    def listed(self):
        """The newest first, with what a list of them shows."""
        return self.select_related("checklist", "by").defer("checklist__body").order_by("-at", "-pk")


class Observation(Record):
    """A checklist filled at the counter."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="observations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="observations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="observations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="observed")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=64, unique=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("person")), name="observer_is_not_observed"),
            models.UniqueConstraint(fields=["corrects"], name="one_correction_per_observation"),
            models.CheckConstraint(condition=Q(corrects__isnull=True) | ~Q(reason=""), name="correction_says_why"),
        ]

    def __str__(self):
        return f"observation {self.pk}"

    def correctable_by(self, user):
        """By who observed and by who heads the unit today; never by the person observed."""
        theirs = self.by_id == user.pk or self.unit_id in user.access.scope(Posting.HEADS)
        present = self.person.is_active and self.person.left_on is None
        return theirs and present and self.person_id != user.pk and user.access.has("manager")


class Finding(Record):
    """What was seen at one point."""

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="findings")
    point = models.CharField(max_length=60)
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="findings")
    outcome = models.CharField(max_length=8, choices=[(o, o) for o in (MET, NOT_MET, NA)])
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["observation", "point"], name="one_finding_per_point"),
            models.CheckConstraint(condition=~Q(outcome="not_met", note=""), name="not_met_has_a_note"),
        ]

    def __str__(self):
        return f"{self.point} {self.outcome}"
