from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from staff.frozen import Frozen, Record, Version
from staff.models import File
from standards.folding import fold, grams
from standards.formats.decoding import HANZI
from standards.gram_index import holding
from standards.matching import normalise

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
# The kinds of content that a search reads, and what it finds in each.
FOUND_AS = {"standard": "clause", "course": "lesson", "scenario": "scene", "item": "item"}
WEIGHTS = [GENERAL, IMPORTANT, RED_LINE]


class Standard(Version):
    """A service standard. Body of a draft: {title, encoding, lines, headings, clauses, skipped},
    each clause {key, number, heading, kind, weight, roles, threshold, text, lines, by, reviewed}."""

    source = models.ForeignKey(File, models.PROTECT, null=True, blank=True, related_name="standards")
    effective_on = models.DateField(null=True, blank=True)

    class Meta(Version.Meta):
        pass

    @staticmethod
    def review_url(slug):
        return reverse("standards:review", args=[slug])

    def publish(self, by):
        self.body.pop("undo", None)
        super().publish(by)

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

    def last_of(self, keys):
        """{key: the wording in force, or the last there was of a clause that is in force no more}."""
        found = self.filter(clause__key__in=set(keys)).select_related("clause", "standard").defer("standard__body")
        return {wording.clause.key: wording for wording in found.order_by("standard__number")}


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


class PassageQuerySet(models.QuerySet):
    def holding(self, words):
        """Those in which all these folded words occur."""
        return holding(self, words)

    def replace(self, version):
        """What a search finds of this version and of no older one: written by its publishing deed."""
        rows = version.passages()
        self.forget(version)
        for position, row in enumerate(rows, start=1):
            row.position = position
        self.bulk_create(rows, batch_size=500)

    def forget(self, version):
        """Nothing of this content is found any more; told by the deed that retires it."""
        self.filter(kind=FOUND_AS[version._meta.model_name], slug=version.slug).delete()


class Passage(models.Model):
    """Register: what a search finds. A clause, a lesson, an item or a scene, in the newest published words."""

    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in FOUND_AS.values()])
    slug = models.SlugField(max_length=80)
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField(default=1)
    standard = models.CharField(max_length=80, blank=True)
    printed = models.CharField(max_length=30, blank=True, db_index=True)
    weight = models.CharField(max_length=10, blank=True)
    names = models.TextField(blank=True)
    title_zh = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    plain = models.TextField(blank=True)
    grams = models.TextField(blank=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug", "place"], name="one_passage_per_place"),
            models.CheckConstraint(condition=Q(kind__in=list(FOUND_AS.values())), name="passage_kind_is_known"),
        ]

    def __str__(self):
        return f"{self.kind}:{self.slug} {self.place}".strip()

    @property
    def title(self):
        return {"zh": self.title_zh, "en": self.title_en}

    @property
    def text(self):
        return {"zh": self.text_zh, "en": self.text_en}

    @classmethod
    def of(cls, version, *, title, text, names, standard, place="", printed="", weight=""):
        """names: what one asks for it by; each a line of its own, folded, so that a whole name is told from a part."""
        called = "".join(f"\n{fold(name)}" for name in names if name) + "\n"
        parts = [title.get("zh", ""), title.get("en", ""), text.get("zh", ""), text.get("en", "")]
        plain = called + "\n".join(fold(part) for part in parts if part)
        return cls(
            kind=FOUND_AS[version._meta.model_name],
            slug=version.slug,
            number=version.number,
            place=place,
            standard=standard,
            printed=printed,
            weight=weight,
            names=called,
            title_zh=title.get("zh", ""),
            title_en=title.get("en", ""),
            text_zh=text.get("zh", ""),
            text_en=text.get("en", ""),
            plain=plain,
            grams=grams(plain),
        )
