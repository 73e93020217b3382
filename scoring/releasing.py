"""Publishing a version of a standard, with all that follows from it: the review list of the content that cites what
changed, and the delta assignment of the people who were taught or judged by it. One transaction."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from courses.models import Assignment, Course, Path
from quizzes.models import Item, Quiz
from scoring.delta import delta
from scoring.impact import changed, touched
from scoring.models import CITING
from staff.frozen import digest
from staff.models import Event, Posting, User
from staff.publishing import publish
from standards.agreeing import check_agreed, with_terms, without_void
from standards.models import Citation, ContentReview, Standard, Wording


@dataclass
class Release:
    """What publishing does, or would do."""

    version: object
    changes: list
    reviews: list = field(default_factory=list)
    people: list = field(default_factory=list)
    units: dict = field(default_factory=dict)
    delta: dict = None
    overtaken: list = field(default_factory=list)
    excused: int = 0

    @property
    def to_learn(self):
        """The changes that ask something else than before; clauses only cut or joined ask the same."""
        return [row for row in self.changes if not row["same_words"]]

    @property
    def without_unit(self):
        """Ids of the people it touches who are posted nowhere today: nothing can be assigned to them."""
        return [pk for pk in self.people if pk not in self.units]


def foreseen(draft, *, by, effective_on=None):
    """The Release that publishing this draft would be, on the terms it holds; nothing is written."""
    found = Release(draft, changed(_newest(draft.slug), draft))
    found.reviews = list(_citing(found.changes))
    _whom(found)
    if found.units:
        number = (Standard.objects.published_numbers(draft.slug) or [0])[0] + 1
        found.delta = delta(_told(draft, number, effective_on), found.to_learn, by=by.employee_number)
    return found


def release(draft, by, *, effective_on, editorial=(), reason=""):
    """Publishes a draft on these terms. Raises Frozen when it no longer is the draft one saw, NotAgreed where a second
    person is asked for. editorial: keys of reworded clauses that mean the same; reason: why."""
    old = _newest(draft.slug)
    draft.body = with_terms(draft.body, effective_on, editorial, reason)
    check_agreed(draft, by)
    draft.body = without_void(draft, by)
    with transaction.atomic():
        found = Release(publish(draft, by), changed(old, draft))
        found.reviews, found.overtaken = _list(found, by)
        _whom(found)
        if found.units:
            found.delta = _assign(found, by)
        Event.write("release", actor=by, subject=found.version.subject, after=told(found))
    return found


def told(found):
    """What the event says of a release; people and rows by a digest of their ids."""
    clauses = found.version.body["clauses"]
    return {
        "effective_on": found.version.body["effective_on"],
        "editorial": [row["key"] for row in clauses if row.get("editorial")],
        "reviews": {"n": len(found.reviews), "digest": reviews_digest(found.reviews)},
        "overtaken": found.overtaken,
        "people": {"n": len(found.units), "digest": digest(sorted(found.units))},
        "without_unit": found.without_unit,
        "excused": found.excused,
        "delta": found.delta["slug"] if found.delta else None,
    }


def reviews_digest(reviews):
    """What of the rows of a review list never changes, as one sum."""
    names = ("pk", "clause_id", "change", "old_id", "new_id", "kind", "slug", "number", "place")
    return digest([[getattr(row, name) for name in names] for row in sorted(reviews, key=lambda row: row.pk)])


def cause_of(slug, number):
    """Why a delta was assigned, as its assignments say it."""
    return f"delta:{slug}:{number}"


def _newest(slug):
    return Standard.objects.newest().filter(slug=slug).first()


def _told(version, number, effective_on=None):
    today = timezone.localdate()
    day = effective_on or version.effective_on or today
    return {
        "slug": version.slug, "title": version.title, "number": number, "effective_on": day, "today": today,
    }  # fmt: skip


# --- the review list --------------------------------------------------------------


def _citing(changes):
    """The citations of what changed."""
    keys = [row["key"] for row in changes]
    rows = Citation.objects.of_clauses(keys).select_related("wording__clause")
    return rows.order_by("wording__clause__key", "kind", "slug", "place")


def _list(found, by):
    """(the rows written: one for each citing place and clause, ids of older rows that they overtake)."""
    cited, version = list(_citing(found.changes)), found.version
    changes = {row["key"]: row for row in found.changes}
    now = {wording.clause.key: wording for wording in version.wordings.select_related("clause")}
    earlier = Wording.objects.filter(standard__slug=version.slug, standard__number__lt=version.number)
    before = earlier.last_of(changes)
    older = {
        (row.clause.key, row.kind, row.slug, row.place): row
        for row in ContentReview.objects.waiting().on(version.slug).select_related("clause", "old")
    }
    owners, rows, overtaken = _owners(cited), {}, []
    for citation in cited:
        key = citation.wording.clause.key
        place = (key, citation.kind, citation.slug, citation.place)
        if place in rows:  # cited on two wordings at once, by two versions of the same content
            continue
        if place in older:
            overtaken.append(older[place].pk)
        rows[place] = ContentReview(
            standard=version,
            clause=citation.wording.clause,
            change=changes[key]["change"],
            old=_written_on(older.get(place), before[key], now.get(key)),
            new=now.get(key),
            kind=citation.kind,
            slug=citation.slug,
            number=citation.number,
            place=citation.place,
            owner_id=owners.get((citation.kind, citation.slug)),
        )
    moment = timezone.now()
    ContentReview.objects.filter(pk__in=overtaken, closed_at__isnull=True).update(
        state=ContentReview.OVERTAKEN, decided_by=by, decided_at=moment, closed_at=moment
    )
    return ContentReview.objects.bulk_create(list(rows.values()), batch_size=200), overtaken


def _written_on(older, before, now):
    """The old words to show: those of an older row that is overtaken, for nobody has looked at what came between."""
    return older.old if older and (now is None or older.old.text != now.text) else before


def _owners(citations):
    """{(kind, slug): id of whose content it is}, of those who may still decide about it."""
    slugs = {}
    for citation in citations:
        slugs.setdefault(citation.kind, set()).add(citation.slug)
    trainers = User.objects.trainers().order_by().values("pk")
    return {
        (kind, slug): owner
        for kind, found in slugs.items()
        for slug, owner in CITING[kind].objects.newest().filter(slug__in=found, owner__in=trainers)
        .values_list("slug", "owner")
    }  # fmt: skip


# --- the delta assignment ------------------------------------------------------------


def _whom(found):
    """Fills in the people touched and the unit each is posted in today."""
    if not found.to_learn:
        return
    found.people = sorted(touched([row["key"] for row in found.to_learn]).values_list("pk", flat=True))
    posted = Posting.objects.works_on(timezone.localdate()).order_by("user", "primary", "-start", "-pk")
    units = dict(posted.values_list("user", "unit"))
    found.units = {pk: units[pk] for pk in found.people if pk in units}


def _assign(found, by):
    """Publishes what there is to read and to answer, and assigns it."""
    version = found.version
    made = delta(_told(version, version.number), found.to_learn, by=by.employee_number)
    _published(Course, made["slug"], made["title"], made["course"], by)
    for row in made["items"]:
        _published(Item, row["slug"], row["title"], row["body"], by)
    if made["quiz"]:
        _published(Quiz, made["slug"], made["title"], made["quiz"], by)
    path = _published(Path, made["slug"], made["title"], made["path"], by)
    Assignment.begin_all(path, found.units, cause=cause_of(version.slug, version.number))
    found.excused = _excuse(found, path)
    return made


def _published(model, slug, title, body, by):
    model.objects.drafts().filter(slug=slug).delete()
    draft = model.objects.create(slug=slug, title_zh=title["zh"], title_en=title["en"], body=body, owner=by)
    return publish(draft, by)


def _excuse(found, path):
    """An older delta that says nothing but what this one says anew is not asked for any more. How many."""
    keys = {row["key"] for row in found.to_learn}
    people = Assignment.objects.filter(path=path).values("person")
    older = Assignment.objects.open().filter(cause__startswith=cause_of(found.version.slug, ""), person__in=people)
    count = 0
    for other in Path.objects.filter(pk__in=older.values("path")).exclude(pk=path.pk):
        course = Course.objects.filter(slug=other.slug, number__isnull=False).order_by("-number").first()
        if {lesson["clause"] for lesson in course.lessons} <= keys:
            count += older.filter(path=other).update(state=Assignment.EXEMPT)
    return count
