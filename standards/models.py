from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.frozen import SEALED, Frozen, Record, Version, VersionQuerySet
from staff.models import File, User
from standards.formats.decoding import HANZI
from standards.matching import normalise
from standards.passages import Passage

KINDS = [
    "appearance",
    "manner",
    "language",
    "attitude",
    "procedure",
    "time_limit",
    "duty",
    "prohibition",
    "metric",
    "rule",
]
GENERAL, IMPORTANT, RED_LINE = "general", "important", "red_line"
WEIGHTS = [GENERAL, IMPORTANT, RED_LINE]


class StandardQuerySet(VersionQuerySet):
    def in_force(self, slug, day):
        """The version of a standard that is in force on a day, or None. One without a date always is."""
        since = Q(effective_on__isnull=True) | Q(effective_on__lte=day)
        return self.published().filter(since, slug=slug).order_by("-number").defer("body").first()


class Standard(Version):
    """A service standard. Body of a draft: {title, encoding, lines, headings, clauses, skipped},
    each clause {key, number, heading, kind, weight, roles, threshold, text, lines, by, reviewed}; with the terms it
    is published on (standards.agreeing): {effective_on, asked?, agreed?}, and `editorial` on a clause."""

    source = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="standards")
    effective_on = models.DateField(null=True, blank=True)

    objects = StandardQuerySet.as_manager()

    class Meta(Version.Meta):
        pass

    @staticmethod
    def review_url(slug):
        return reverse("standards:review", args=[slug])

    def publish(self, by):
        self.body.pop("undo", None)
        super().publish(by)

    def columns(self):
        day = self.body.get("effective_on")
        return {"effective_on": date.fromisoformat(day) if day else None}

    @property
    def ahead(self):
        """Published, taught already, and not in force yet."""
        return self.effective_on is not None and self.effective_on > timezone.localdate()

    def until_then(self):
        """The number of the version in force until this one is, or None; asked for only where `ahead`."""
        before = Standard.objects.in_force(self.slug, timezone.localdate())
        return before and before.number

    def on_publish(self, by):
        """Writes the clauses that are new and every wording. Raises Frozen when a key is another standard's."""
        known = dict(Clause.objects.filter(key__in=self.clause_keys()).values_list("key", "standard_slug"))
        for key, slug in known.items():
            if slug != self.slug:
                sentence = _("Key %(key)s belongs to the standard %(slug)s by now: import this document once more.")
                raise Frozen(sentence % {"key": key, "slug": slug})
        Clause.objects.bulk_create(
            Clause(key=key, standard_slug=self.slug) for key in self.clause_keys() if key not in known
        )
        clauses = {clause.key: clause for clause in Clause.objects.filter(key__in=self.clause_keys())}
        Wording.objects.bulk_create(
            Wording.of(self, clauses[row["key"]], position, row)
            for position, row in enumerate(self.body["clauses"], start=1)
        )
        Passage.objects.replace(self)

    def passages(self):
        """What a search finds of it: its clauses, by key and printed number."""
        return [
            Passage.of(
                self,
                place=row["key"],
                title=_heading(row.get("heading", [])),
                text=row["text"],
                names=[row["key"], row.get("number", "")],
                standard=self.slug,
                printed=row.get("number", ""),
                weight=row["weight"],
            )
            for row in self.body["clauses"]
        ]

    def clause_keys(self):
        return [row["key"] for row in self.body.get("clauses", [])]


def _heading(headings):
    """The path of headings as a text; a document may print each as "Chinese | English"."""
    pairs = [words.partition(" | ")[::2] for words in headings]
    text = {"zh": " / ".join(zh for zh, _en in pairs), "en": " / ".join(en for _zh, en in pairs if en)}
    return text if HANZI.search(text["zh"]) else {"zh": "", "en": text["en"] or text["zh"]}


class Clause(Record):
    """The identity of a clause: a key never reused, opaque once given."""

    key = models.CharField(max_length=60, unique=True)
    standard_slug = models.SlugField(max_length=80, db_index=True)

    def __str__(self):
        return self.key


class WordingQuerySet(models.QuerySet):
    def current(self):
        """The wordings of each standard's newest published version."""
        return (
            self.filter(standard__in=Standard.objects.newest())
            .select_related("clause", "standard")
            .defer("standard__body")
        )

    def of_keys(self, keys):
        """{key: current wording}."""
        return {wording.clause.key: wording for wording in self.current().filter(clause__key__in=set(keys))}

    def last_of(self, keys, *, on=None):
        """{key: the newest wording, or the last there was of a clause that is in force no more}. With a day: the one
        in force then; words that are still to come only where there were none before."""
        found = self.filter(clause__key__in=set(keys)).select_related("clause", "standard").defer("standard__body")
        to_come = Q(standard__effective_on__gt=on) if on else Q(pk__in=[])
        rank = models.Case(models.When(to_come, then=0), default=1, output_field=models.IntegerField())
        return {wording.clause.key: wording for wording in found.order_by(rank, "standard__number")}


class Wording(Record):
    """A clause's text in one published version."""

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="wordings")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="wordings")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=30, blank=True)
    heading = models.JSONField(default=list)
    kind = models.CharField(max_length=20)
    weight = models.CharField(max_length=10)
    roles = models.JSONField(default=list)
    threshold = models.JSONField(null=True, blank=True)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    plain = models.TextField(blank=True)

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ["standard", "position"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "clause"], name="one_wording_per_clause_and_version"),
            models.UniqueConstraint(fields=["standard", "position"], name="one_wording_per_position"),
            models.CheckConstraint(condition=Q(weight__in=WEIGHTS), name="wording_weight_is_known"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="wording_kind_is_known"),
            models.CheckConstraint(condition=~Q(text_zh="") | ~Q(text_en=""), name="wording_has_text"),
        ]

    def __str__(self):
        return f"{self.clause_id} in {self.standard_id}"

    @property
    def text(self):
        return {"zh": self.text_zh, "en": self.text_en}

    @classmethod
    def of(cls, standard, clause, position, row):
        text = row["text"]
        return cls(
            clause=clause,
            standard=standard,
            position=position,
            number=row.get("number", ""),
            heading=row.get("heading", []),
            kind=row["kind"],
            weight=row["weight"],
            roles=row.get("roles", []),
            threshold=row.get("threshold"),
            text_zh=text.get("zh", ""),
            text_en=text.get("en", ""),
            plain=normalise(f"{text.get('zh', '')} {text.get('en', '')}"),
        )


class CitationQuerySet(models.QuerySet):
    def of_clauses(self, keys):
        """What cites these clauses, on whichever words."""
        return self.filter(wording__clause__key__in=set(keys))

    def counted(self):
        """{clause key: how many}"""
        rows = self.order_by().values_list("wording__clause__key").annotate(cited=models.Count("pk"))
        return dict(rows)

    def replace(self, kind, slug, number, places):
        """Who cites which wording: rewritten by the publishing deed of the citing content.
        places: [(wording, place)]."""
        self.filter(kind=kind, slug=slug).delete()
        unique = {(wording.pk, place): (wording, place) for wording, place in places}
        self.bulk_create(
            Citation(wording=wording, kind=kind, slug=slug, number=number, place=place)
            for wording, place in unique.values()
        )


class Citation(models.Model):
    """Register: lesson, item, scenario or checklist point → wording."""

    KINDS = ["course", "item", "scenario", "checklist"]

    wording = models.ForeignKey(Wording, models.PROTECT, related_name="citations")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    slug = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=80, blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wording", "kind", "slug", "place"], name="one_citation_per_place")
        ]
        indexes = [models.Index(fields=["kind", "slug"], name="citation_by_content")]

    def __str__(self):
        return f"{self.kind}:{self.slug} → {self.wording_id}"


def _nobodys():
    """Without an owner, or of somebody who left or is no trainer any more and so cannot see it."""
    return Q(owner__isnull=True) | ~Q(owner__in=User.objects.trainers().order_by().values("pk"))


class ContentReviewQuerySet(models.QuerySet):
    def waiting(self):
        """Somebody still has to do something: undecided, or being revised and no newer version is published."""
        return self.filter(closed_at__isnull=True)

    def settled(self):
        return self.filter(closed_at__isnull=False)

    def revised(self, kind, slug):
        """A newer version of this content is published: that is what revising was for."""
        self.waiting().filter(kind=kind, slug=slug, state=ContentReview.REVISE).update(closed_at=timezone.now())

    def for_user(self, user):
        """One's own, and those that are nobody's."""
        return self.filter(Q(owner=user) | _nobodys())

    def on(self, slug):
        """Of one standard; of all where none is named."""
        return self.filter(standard__slug=slug) if slug else self

    def listed(self):
        """As a list shows them: the newest version first, in the order of the standard and of the content."""
        rows = self.select_related("standard", "clause", "old", "new", "owner", "decided_by").defer("standard__body")
        return rows.annotate(nobodys=_nobodys()).order_by(
            "-standard__published_at", "old__position", "kind", "slug", "place", "pk"
        )

    def of_content(self, kind, slug):
        return self.filter(kind=kind, slug=slug)

    def counts(self, user):
        """{"all", "mine": with nobody's} of those waiting, in one statement."""
        mine = ContentReview.objects.for_user(user).values("pk")
        return self.waiting().aggregate(all=models.Count("pk"), mine=models.Count("pk", filter=Q(pk__in=mine)))


class ContentReview(models.Model):
    """One place that cites a clause which a new version of its standard changed, took out or brought back: is it still
    right? Sealed once closed; what is revised closes with the content's next version. number: the content's version
    when it was listed."""

    OPEN, RIGHT, REVISE, RETIRE, OVERTAKEN = "open", "right", "revise", "retire", "overtaken"
    STATES = (OPEN, RIGHT, REVISE, RETIRE, OVERTAKEN)
    CHANGES = ("changed", "removed", "back")

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="reviews")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="reviews")
    change = models.CharField(max_length=8, choices=[(change, change) for change in CHANGES])
    old = models.ForeignKey(Wording, models.PROTECT, related_name="+")
    new = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in Citation.KINDS])
    slug = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="content_reviews")
    state = models.CharField(max_length=10, default=OPEN, choices=[(state, state) for state in STATES])
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)

    frozen = SEALED
    objects = ContentReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "clause", "kind", "slug", "place"], name="one_review_per_citing_place"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="revise")
                | Q(state__in=["right", "retire", "overtaken"], closed_at__isnull=False),
                name="review_is_closed_when_decided",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | ~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="review_decision_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(change="removed", new__isnull=True) | ~Q(change="removed") & Q(new__isnull=False),
                name="review_has_new_words_unless_removed",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "slug"], name="review_by_content"),
            models.Index(fields=["state"], condition=Q(closed_at__isnull=True), name="review_to_decide"),
        ]

    def __str__(self):
        return f"review {self.pk} of {self.kind}:{self.slug}"

    @property
    def joined_to(self):
        """Key of the clause that took the words of one that is no longer in force, or None."""
        clauses = self.standard.body["clauses"] if self.change == "removed" else []
        return next((row["key"] for row in clauses if self.clause.key in row.get("joined", ())), None)
