from django.db import models
from django.db.models import Q

from standards.folding import fold, grams
from standards.gram_index import holding

# The kinds of content that a search reads, and what it finds in each.
FOUND_AS = {"standard": "clause", "course": "lesson", "scenario": "scene", "item": "item"}


class PassageQuerySet(models.QuerySet):
    def holding(self, words):
        """Those in which all these folded words occur."""
        return holding(self, words)

    def replace(self, version):
        """What a search finds of this version and of no older one: written by its publishing deed."""
        rows = version.passages()
        self.forget(version._meta.model_name, version.slug)
        for position, row in enumerate(rows, start=1):
            row.position = position
        self.bulk_create(rows, batch_size=500)

    def forget(self, kind, slug):
        """Nothing of this content is found any more; told by the deed that retires it."""
        self.filter(kind=FOUND_AS.get(kind, ""), slug=slug).delete()


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
