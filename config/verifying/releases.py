"""What followed from new versions of standards, beside the events that tell of it: review lists and what was decided,
delta assignments, and content that was retired."""

from collections import defaultdict

from config.verifying.content import version_models
from config.verifying.reading import TOGETHER, Difference, Ids, sentences
from courses.models import Assignment
from scoring.models import CITING
from scoring.releasing import cause_of, reviews_digest
from staff.frozen import digest
from staff.models import Event
from standards.models import ContentReview, Standard

DECIDING = ("decide-review", "retire", "release", "hand-over")


def _near(moment, other):
    return bool(moment) and abs(moment - other) <= TOGETHER


class Released:
    """A version with its terms, its review list and the people it was assigned to."""

    verb = "release"

    def __init__(self):
        self.told, self.causes = Ids(), set()
        self.listed = sorted(set(ContentReview.objects.values_list("standard", flat=True)))
        self.assigned = set(
            Assignment.objects.filter(cause__startswith="delta:").values_list("cause", flat=True).distinct()
        )

    def compare(self, events):
        slugs = {event.subject.split(":")[1] for event in events}
        versions = Standard.objects.filter(slug__in=slugs, number__isnull=False)
        by_subject = {version.subject: version for version in versions}
        differences = []
        for event in events:
            version = by_subject.get(event.subject)
            if version is None:
                differences.append(Difference.at(Event, event.pk, f"{event}: what it tells of is not there any more."))
                continue
            self.told.add(version.pk)
            self.causes.add(cause_of(version.slug, version.number))
            said = sentences(self.problems, version, event)
            differences += [Difference.at(Standard, version.pk, f"{version}: {sentence}") for sentence in said]
        return differences

    def problems(self, version, event):
        after = event.after
        editorial = [row["key"] for row in version.body["clauses"] if row.get("editorial")]
        if (after["effective_on"], after["editorial"]) != (version.body.get("effective_on"), editorial):
            yield "it was released on other terms than its event tells of."
        if event.actor_id != version.published_by_id:
            yield "somebody else released it than its event tells of."
        rows = list(version.reviews.all())
        if after["reviews"] != {"n": len(rows), "digest": reviews_digest(rows)}:
            yield f"its review list is not the one its event tells of ({len(rows)} rows, {after['reviews']['n']} told)."
        cause = cause_of(version.slug, version.number)
        people = sorted(Assignment.objects.filter(cause=cause).values_list("person", flat=True))
        if after["people"] != {"n": len(people), "digest": digest(people)}:
            yield f"its delta is not assigned to whom its event tells of ({len(people)}, {after['people']['n']} told)."

    def untold(self):
        lists = [
            Difference.at(Standard, pk, "No release event tells of its review list.")
            for pk in self.listed
            if pk not in self.told
        ]
        return lists + [
            Difference.at(Assignment, "-", f"No release event tells of {cause}.")
            for cause in sorted(self.assigned - self.causes)
        ]


class Decided:
    """Rows of review lists stand as the last event on each says."""

    NAMES = ("pk", "state", "decided_by", "decided_at", "closed_at", "owner", "kind", "slug")

    def __init__(self):
        self.last, self.owner = {}, {}
        self.before = self._rows()

    def _rows(self):
        names = (*self.NAMES, "reason")
        return {row["pk"]: row for row in ContentReview.objects.values(*names).iterator()}

    def hear(self, event):
        """Takes in one event that decides rows."""
        if event.verb == "hand-over":
            self.owner[_pk(event)] = event.after["owner"]
        elif event.verb == "release":
            for pk in event.after["overtaken"]:
                self.last[pk] = (event, "overtaken", digest(""))
        else:
            pks = event.after["reviews"] if event.verb == "retire" else [_pk(event)]
            for pk in pks:
                self.last[pk] = (event, event.after["state"], event.after["reason"])

    def differences(self):
        """A row decided while the events were read differs in one of two readings only."""
        found = []
        for pk, row in self._rows().items():
            then = sentences(self.problems, self.before.get(pk, row))
            found += [
                Difference.at(ContentReview, pk, sentence)
                for sentence in sentences(self.problems, row)
                if sentence in then
            ]
        gone = sorted((self.last.keys() | self.owner.keys()) - self.before.keys() - self._rows().keys())
        return found + [
            Difference.at(ContentReview, pk, "What an event tells of is not there any more.") for pk in gone
        ]

    def problems(self, row):
        if row["pk"] in self.owner and row["owner"] != self.owner[row["pk"]]:
            yield "It is another's than its event tells of."
        if row["pk"] not in self.last:
            if row["state"] != "open":
                yield f"No event tells that it is decided: {row['state']}."
            return
        event, state, reason = self.last[row["pk"]]
        if (row["state"], row["decided_by"]) != (state, event.actor_id) or not _near(row["decided_at"], event.at):
            yield "It is decided otherwise, by somebody else or at another time than its event tells of."
        elif state != "overtaken" and digest(row["reason"]) != reason:
            yield "The reason is not the one its event tells of."
        if row["state"] == "revise" and row["closed_at"] and not self._renewed(row):
            yield "It is closed as revised, and no newer version was published then."

    def _renewed(self, row):
        published = CITING[row["kind"]].objects.filter(slug=row["slug"], published_at__isnull=False)
        return any(_near(row["closed_at"], moment) for moment in published.values_list("published_at", flat=True))


def _pk(event):
    kind, pk = event.subject.split(":")
    if kind != "contentreview":
        raise ValueError(event.subject)
    return int(pk)


class Heard:
    """One verb that decides rows; all of them tell one Decided, and the first says what differs."""

    def __init__(self, verb, shared):
        self.verb, self.shared = verb, shared

    def compare(self, events):
        differences = []
        for event in events:
            try:
                self.shared.hear(event)
            except (KeyError, TypeError, ValueError):
                differences.append(Difference.at(Event, event.pk, f"{event}: tells of no row."))
        return differences

    def untold(self):
        return self.shared.differences() if self.verb == DECIDING[0] else []


def decided():
    """The deeds that decide rows of review lists."""
    shared = Decided()
    return [Heard(verb, shared) for verb in DECIDING]


class Retired:
    """Every retired version has its event, and what an event retired is retired."""

    verb = "retire"

    def __init__(self):
        self.models = {model._meta.model_name: model for model in version_models()}
        self.told = defaultdict(set)
        self.standing = {
            name: set(model.objects.filter(retired_at__isnull=False).values_list("pk", flat=True))
            for name, model in self.models.items()
        }

    def compare(self, events):
        differences = []
        for event in events:
            model = self.models.get(event.subject.split(":")[0])
            if model is None:
                differences.append(Difference.at(Event, event.pk, f"{event}: tells of no row."))
                continue
            wanted = event.after["versions"]
            self.told[model._meta.model_name] |= set(wanted)
            times = dict(model.objects.filter(pk__in=wanted).values_list("pk", "retired_at"))
            differences += [
                Difference.at(model, pk, "It is not retired as its event tells.")
                for pk in wanted
                if not _near(times.get(pk), event.at)
            ]
        return differences

    def untold(self):
        return [
            Difference.at(self.models[name], pk, "No retire event tells of it.")
            for name, standing in self.standing.items()
            for pk in sorted(standing - self.told[name])
        ]
