from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from quizzes.item_rules import MADE
from quizzes.quiz_rules import KINDS, late_until
from staff.frozen import SEALED, Record, Version, VersionQuerySet
from staff.models import Posting, Unit
from standards.citing import cite
from standards.models import Citation, Passage


class ItemQuerySet(VersionQuerySet):
    def bank(self):
        """One row an item: its newest published version, or the draft of one never published; `begun` says whether a
        draft stands beside what is published. Drafts first, then the newest. What a change of a standard made is no
        part of the bank."""
        same = Item.objects.filter(slug=models.OuterRef("slug"))
        only_draft = Q(number__isnull=True) & ~models.Exists(same.published())
        found = self.filter(Q(pk__in=Item.objects.newest().values("pk")) | only_draft)
        found = found.exclude(slug__startswith=MADE)
        begun = models.Exists(same.drafts().exclude(pk=models.OuterRef("pk")))
        return found.annotate(begun=begun).order_by(F("published_at").desc(nulls_first=True), "slug")

    def drafted(self):
        """Those with a draft to go on with."""
        return self.filter(Q(number__isnull=True) | Q(begun=True))

    def of_type(self, type):
        return self.filter(type=type)

    def cited_in(self, citations, drafts):
        """Whose published version stands among these citations, or whose draft among these drafts."""
        slugs = citations.filter(kind="item").values("slug")
        return self.filter(Q(slug__in=slugs) | Q(slug__in=[draft.slug for draft in drafts]))

    def showing(self, sha256):
        """Drafts and versions, retired ones too, in which this picture stands."""
        return self.filter(labels__contains=f"\nimage:{sha256}\n")

    def numbered(self):
        """Versions that were published, whatever became of them."""
        return self.filter(number__isnull=False)

    def on_clause(self, key):
        drafts = [draft for draft in Item.objects.drafts() if key in draft.body["cites"]]
        return self.cited_in(Citation.objects.of_clauses([key]), drafts)

    def on_standard(self, slug):
        drafts = [draft for draft in Item.objects.drafts() if draft.body["standard"] == slug]
        return self.cited_in(Citation.objects.filter(wording__clause__standard_slug=slug), drafts)


def labels_of(body):
    """Job roles, tags and pictures of an item as a list filters by them."""
    found = [f"role:{role}" for role in body.get("roles", ())] + [f"tag:{tag}" for tag in body.get("tags", ())]
    found += [f"image:{image['sha256']}" for image in body.get("images", ())]
    return "".join(f"\n{label}" for label in found) + "\n" if found else ""


def _lines(texts):
    """Texts in two languages as one, in a row."""
    return {name: " · ".join(text[name] for text in texts if text.get(name)) for name in ("zh", "en")}


class Item(Version):
    """Body: {standard, type, difficulty, points, cites, stem, options, right, feedback}; with `changed_in`, the version
    of the standard, an item made from a change of it: outside the bank, drawn only by a quiz that names it."""

    type = models.CharField(max_length=12, blank=True)
    difficulty = models.CharField(max_length=8, blank=True)
    # Each a line of its own: "role:guide", "tag:雨天", "image:<sha256>".
    labels = models.TextField(blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta(Version.Meta):
        pass

    def columns(self):
        return {"type": self.body["type"], "difficulty": self.body["difficulty"], "labels": labels_of(self.body)}

    def on_publish(self, by):
        cite("item", self, self.cited_places())
        Passage.objects.replace(self)

    def passages(self):
        """What a search finds of it: itself, with its options and feedback; nothing of an item made from a change."""
        if "changed_in" in self.body:
            return []
        said = [*self.body.get("options", ()), *self.body.get("choices", ())]
        texts = [*(each["text"] for each in said), self.body.get("feedback") or {}]
        stem, standard = self.body["stem"], self.body.get("standard", "")
        return [Passage.of(self, title=stem, text=_lines(texts), names=[self.slug], standard=standard)]

    def cited_places(self):
        """[(clause key, "")]; none of an item made from a change, which no later newcomer is asked."""
        return [] if "changed_in" in self.body else [(key, "") for key in self.body["cites"]]


class QuizQuerySet(VersionQuerySet):
    def listed(self):
        """One row a quiz: its newest published version, or the draft of one never published; `begun` says whether a
        draft stands beside what is published. Drafts first, then the newest. None made from a change of a standard."""
        same = Quiz.objects.filter(slug=models.OuterRef("slug"))
        only_draft = Q(number__isnull=True) & ~models.Exists(same.published())
        found = self.filter(Q(pk__in=Quiz.objects.newest().values("pk")) | only_draft)
        begun = models.Exists(same.drafts().exclude(pk=models.OuterRef("pk")))
        found = found.exclude(slug__startswith=MADE).annotate(begun=begun)
        return found.order_by(F("published_at").desc(nulls_first=True), "slug")

    def named(self, words):
        """Whose title or short name holds these words; everyone for none."""
        told = Q(title_zh__icontains=words) | Q(title_en__icontains=words) | Q(slug__icontains=words)
        return self.filter(told) if words else self

    def of_kind(self, kind):
        return self.filter(Q(kind=kind) | Q(kind="")) if kind == Quiz.EXAM else self.filter(kind=kind)

    def drafted(self):
        """Those with a draft to go on with; of listed() rows."""
        return self.filter(Q(number__isnull=True) | Q(begun=True))


class Quiz(Version):
    """Body: {standard, blueprint, minutes, attempts, pass_mark: {percent, by, how, on}} and what docs/formats.md says
    besides; a row of the blueprint asks for `clauses` (prefixes of keys) or for `items` (slugs)."""

    KINDS = KINDS
    EXAM, PRACTICE, MORNING, PRE, POST = KINDS

    kind = models.CharField(max_length=8, blank=True, choices=[(kind, kind) for kind in KINDS])

    objects = QuizQuerySet.as_manager()

    def columns(self):
        return {"kind": self.body.get("kind") or self.EXAM}

    class Meta(Version.Meta):
        pass


class Scenario(Version):
    """Body: as quizzes.script parses it. `analysis` (best, worst, chance) is found at publishing."""

    analysis = models.JSONField(default=dict)

    class Meta(Version.Meta):
        pass

    def on_publish(self, by):
        cite("scenario", self, self.cited_places())
        Passage.objects.replace(self)

    def passages(self):
        """What a search finds of it: its scenes, with what can be said in them."""
        return [
            Passage.of(
                self,
                place=scene["key"],
                title=self.title,
                text=_lines([part["text"] for part in (*scene["lines"], *scene["choices"])]),
                names=[self.slug, *self.title.values()],
                standard=self.body.get("standard", ""),
            )
            for scene in self.body["scenes"]
        ]

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
    # What of the quiz's rules holds for this person, frozen at the start: {minutes, extended_from, accommodation, …}.
    terms = models.JSONField(default=dict)
    # Positions to come back to; how often the page was left. Told to the marker, never counted.
    flagged = models.JSONField(default=list)
    left_times = models.PositiveIntegerField(default=0)
    # The question one stands at where the quiz allows no going back.
    reached = models.PositiveIntegerField(default=1)

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
        return self.deadline is not None and now > self.late_until

    @property
    def late_until(self):
        """Until when an answer is still taken, marked late: the clock closes it after that."""
        return late_until(self.deadline, self.terms)


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position", "seq"], name="one_answer_per_seq"),
            models.UniqueConstraint(fields=["attempt", "key"], name="one_answer_per_key"),
        ]

    def __str__(self):
        return f"answer {self.attempt_id}/{self.position}/{self.seq}"


class AccommodationQuerySet(models.QuerySet):
    def on(self, slug):
        return self.filter(slug=slug)

    def holding(self, slug, person):
        """The one in force for a person and a quiz, or None: the newest, unless it is withdrawn."""
        newest = self.filter(slug=slug, person=person).order_by("-pk").first()
        return None if newest is None or newest.withdrawn else newest


class Accommodation(Record):
    """What differs for one person on one quiz, and why. The newest counts; null fields are as the quiz says."""

    slug = models.SlugField(max_length=80)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="accommodations")
    minutes = models.PositiveIntegerField(null=True, blank=True)
    attempts = models.PositiveIntegerField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AccommodationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["slug", "person"], name="accommodation_of_person")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="accommodation_says_why")]

    def __str__(self):
        return f"accommodation {self.pk} of {self.slug}"


class MorningCheckQuerySet(models.QuerySet):
    def in_units(self, units):
        """Of these units, the newest first."""
        return self.filter(unit__in=units.values("pk")).order_by("-pk")


class MorningCheck(models.Model):
    """A morning check of one unit on one day: one paper on a shared screen; phones join by its token."""

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="morning_checks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="morning_checks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    token = models.CharField(max_length=40, unique=True)
    paper = models.JSONField(default=list)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    frozen = SEALED
    objects = MorningCheckQuerySet.as_manager()

    def __str__(self):
        return f"morning check {self.pk}"


class ItemReport(models.Model):
    """A learner's word that an item is wrong, with the paper and the answer it was met in; sealed once decided."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="reports")
    position = models.PositiveIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="reports")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="item_reports")
    words = models.CharField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=2000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    frozen = SEALED

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_report_per_position"),
            models.CheckConstraint(condition=~Q(words=""), name="report_has_words"),
        ]

    def __str__(self):
        return f"report {self.pk}"
