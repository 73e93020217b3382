"""The chain of events, and each event beside the rows its deed wrote.

A digest in a row proves nothing against somebody who writes the row and the digest. The event holds
the digest as well, and who did it and when, and the chain holds the event.
"""

from functools import cache

from django.db.models import Prefetch

from config.verifying.content import version_models
from config.verifying.drafts import Discarded, DiscardedStandard, Drafted
from config.verifying.reading import TOGETHER, Difference, Ids, batches, each, found, sentences, unreadable
from config.verifying.records import course_lessons
from config.verifying.releases import Released, Retired, decided
from config.verifying.remarks import Rated, Remarked, Rescored, steps_taken_away
from courses.models import Course, LessonRead
from evidence.models import Finding, Observation
from evidence.observing import observation_digest
from scoring.models import Appraisal, Score
from staff.frozen import utc
from staff.models import GENESIS, Event
from standards.models import Standard


def events():
    """The chain walked, and every event held beside its rows. The rows are listed first, so that whatever is
    written meanwhile has its event in the walk."""
    deeds = [kind() for kind in DEEDS] + decided()
    count, differences, before = 0, [], GENESIS
    for batch in batches(each(Event.objects.all())):
        for pk, event in batch:
            differences += [Difference.at(Event, pk, sentence) for sentence in sentences(_link_problems, event, before)]
            before = _hash(pk) if isinstance(event, Exception) else event.hash
        for deed in deeds:
            told = [event for _, event in batch if not isinstance(event, Exception) and event.verb == deed.verb]
            differences += _compared(deed, told) if told else []
        count += len(batch)
    for deed in deeds:
        differences += deed.untold()
    return count, differences


def _compared(deed, events):
    try:
        return deed.compare(events)
    except Exception as error:
        if len(events) == 1:
            return [Difference.at(Event, events[0].pk, unreadable(error))]
        return [difference for event in events for difference in _compared(deed, [event])]


def _link_problems(event, before):
    if event.prev_hash != before:
        yield "Does not follow the event before it: a gap."
    if event.computed_hash() != event.hash:
        yield f"{event.verb}: does not match its hash."


def _hash(pk):
    return Event.objects.values_list("hash", flat=True).get(pk=pk)


def _together(event, *moments):
    return all(moment and abs(event.at - moment) <= TOGETHER for moment in moments)


class Deed:
    """One verb: `rows` that each have one event, and what the two must agree on."""

    verb = ""
    rows = None

    def __init__(self):
        self.told = Ids()
        self.standing = Ids(self.rows.order_by("pk").prefetch_related(None).values_list("pk", flat=True).iterator())

    def key(self, event):
        """The id of the row an event tells of."""
        kind, pk = event.subject.split(":")
        if kind != self.rows.model._meta.model_name:
            raise ValueError(event.subject)
        return int(pk)

    def compare(self, events):
        """Differences of a batch of events and their rows."""
        keys, differences = {}, []
        for event in events:
            try:
                keys[event] = self.key(event)
            except (AttributeError, KeyError, TypeError, ValueError):
                differences.append(Difference.at(Event, event.pk, f"{event}: tells of no row."))
        rows = found(self.rows, list(set(keys.values())))
        for event, pk in keys.items():
            differences += self._compare(event, pk, rows.get(pk))
        return differences

    def _compare(self, event, pk, row):
        if row is None:
            return [Difference.at(Event, event.pk, f"{event}: what it tells of is not there any more.")]
        twice = ["A second event tells of it."] if pk in self.told else []
        self.told.add(pk)
        said = twice + sentences(self.problems, row, event)
        return [Difference.at(self.rows.model, pk, sentence) for sentence in said]

    def untold(self):
        model = self.rows.model
        return [
            Difference.at(model, pk, f"No {self.verb} event tells of it.") for pk in self.standing.without(self.told)
        ]


class Scored(Deed):
    """The first score of every attempt; later ones are told of by remarks."""

    verb = "score"
    rows = (
        Score.objects.filter(revision=1)
        .select_related("attempt")
        .only("digest", "at", "recorded_at", "attempt__person", "attempt__closed_at", "attempt__closed_by")
    )

    def key(self, event):
        return int(event.after["score"])

    def compare(self, events):
        return super().compare(events) + steps_taken_away(events)

    def problems(self, score, event):
        attempt = score.attempt
        if event.after["digest"] != score.digest:
            yield "The digest is not the one its event tells of."
        if (event.subject, event.after["closed_by"]) != (f"attempt:{attempt.pk}", attempt.closed_by):
            yield "Its event tells of another attempt."
        if attempt.closed_by == "person" and event.actor_id != attempt.person_id:
            yield "Somebody else finished it than its event tells of."
        if not _together(event, score.at, score.recorded_at, attempt.closed_at):
            yield "Its time is not that of its event."


class Observed(Deed):
    verb = "observe"
    rows = Observation.objects.prefetch_related(Prefetch("findings", Finding.objects.order_by("pk")))

    def compare(self, events):
        return super().compare(events) + steps_taken_away(events)

    def problems(self, observation, event):
        if event.after["digest"] != observation_digest(observation):
            yield "The observation and its findings do not match the digest its event tells of."
        if (event.actor_id, event.after["person"]) != (observation.by_id, observation.person_id):
            yield "Somebody else saw it, or was seen, than its event tells of."
        if not _together(event, observation.recorded_at):
            yield "Its time is not that of its event."


class Signed(Deed):
    verb = "sign-appraisal"
    rows = Appraisal.objects.only("digest", "period", "revision", "unit", "by", "at", "recorded_at")

    def problems(self, appraisal, event):
        if event.after["digest"] != appraisal.digest:
            yield "The digest is not the one its event tells of."
        if (event.after["period"], event.after["revision"]) != (appraisal.period, appraisal.revision):
            yield "Its event tells of another period or revision."
        if event.actor_id != appraisal.by_id:
            yield "Somebody else signed it than its event tells of."
        if event.after["unit"] != appraisal.unit_id:
            yield "It was signed in another unit."
        if event.after["at"] != utc(appraisal.at) or not _together(event, appraisal.at, appraisal.recorded_at):
            yield "Its time is not that of its event."


class Published:
    """Versions of every kind; the event names them by slug and number."""

    verb = "publish"
    FIELDS = ("slug", "number", "digest", "published_at", "published_by")

    def __init__(self):
        self.models = {model._meta.model_name: model for model in version_models()}
        self.told = {model: Ids() for model in self.models.values()}
        self.standing = {
            model: Ids(model.objects.filter(published_at__isnull=False).values_list("pk", flat=True).iterator())
            for model in self.models.values()
        }

    def compare(self, events):
        differences, named = [], {}
        for event in events:
            named.setdefault(event.subject.split(":")[0], []).append(event)
        for name, told in named.items():
            if name in self.models:
                differences += self._compare(self.models[name], told)
            else:
                differences += [Difference.at(Event, event.pk, f"{event}: tells of no row.") for event in told]
        return differences

    def _compare(self, model, events):
        published, differences = model.objects.filter(published_at__isnull=False), []
        slugs = {event.subject.split(":")[1] for event in events}
        named = published.filter(slug__in=slugs).values_list("slug", "number", "pk")
        ids = {f"{model._meta.model_name}:{slug}:{number}": pk for slug, number, pk in named}
        versions = found(published.only(*self.FIELDS), sorted({ids[e.subject] for e in events if e.subject in ids}))
        for event in events:
            pk = ids.get(event.subject)
            if pk not in versions:
                differences.append(Difference.at(Event, event.pk, f"{event}: what it tells of is not there any more."))
                continue
            twice = ["A second event tells of it."] if pk in self.told[model] else []
            self.told[model].add(pk)
            said = twice + sentences(self.problems, versions[pk], event)
            differences += [Difference.at(model, pk, sentence) for sentence in said]
        return differences

    def problems(self, version, event):
        if event.after["digest"] != version.digest:
            yield f"{version}: the digest is not the one its event tells of."
        if event.actor_id != version.published_by_id:
            yield f"{version}: somebody else published it than its event tells of."
        if not _together(event, version.published_at):
            yield f"{version}: its time is not that of its event."

    def untold(self):
        return [
            Difference.at(model, pk, "No publish event tells of it.")
            for model, standing in self.standing.items()
            for pk in standing.without(self.told[model])
        ]


class Imported:
    """A draft that came from a document keeps the document, and so does what it was published as."""

    verb = "import"

    def compare(self, events):
        drafts = {event.after["draft"]: event for event in events if "draft" in event.after}
        sums = dict(Standard.objects.filter(pk__in=drafts).values_list("pk", "source__sha256"))
        wrong = [pk for pk, sha256 in sums.items() if sha256 != drafts[pk].after.get("sha256", sha256) or not sha256]
        return [Difference.at(Standard, pk, f"{drafts[pk]}: the document it came from is another.") for pk in wrong]

    def untold(self):
        return []


class CourseDone:
    """Who finished a course has read its lessons."""

    verb = "course-done"

    def __init__(self):
        self.lessons = cache(course_lessons)

    def compare(self, events):
        reads = LessonRead.objects.filter(person__in={event.actor_id for event in events})
        read = {}
        for person, slug, *lesson in reads.values_list("person", "course__slug", "lesson", "lesson_digest"):
            read.setdefault((person, slug), set()).add(tuple(lesson))
        courses = self._courses({event.subject for event in events})
        return [
            Difference.at(Event, event.pk, f"{event}: {sentence}")
            for event in events
            for sentence in sentences(self.problems, event, courses, read)
        ] + steps_taken_away(events)

    def _courses(self, subjects):
        slugs = {subject.split(":")[1] for subject in subjects}
        rows = Course.objects.filter(slug__in=slugs).values_list("slug", "number", "pk")
        return {f"course:{slug}:{number}": pk for slug, number, pk in rows}

    def problems(self, event, courses, read):
        wanted = self.lessons(courses[event.subject])
        got = read.get((event.actor_id, event.subject.split(":")[1]), set())
        if gone := sorted(lesson for lesson, _ in wanted - got):
            yield f"lessons that were read are not there any more: {', '.join(gone)}."

    def untold(self):
        return []


DEEDS = (
    *(Published, Scored, Observed, Signed, Imported, CourseDone),
    *(Rated, Rescored, Remarked),
    *(Drafted, Discarded, DiscardedStandard, Released, Retired),
)
