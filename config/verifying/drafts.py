"""Drafts of items beside the events of those who wrote them: what a page saved says what its event tells of."""

from config.verifying.reading import CHUNK, Difference, Ids, batches, found, one, sentences
from quizzes.models import Item
from staff.frozen import digest
from staff.models import Event
from standards.models import Standard


class Drafted:
    """Every draft of an item has the event of its last saving, and a saved draft is gone only by a deed."""

    verb = "draft-item"

    def __init__(self):
        self.standing = Ids(Item.objects.drafts().values_list("pk", flat=True).iterator())
        self.last = {}

    def compare(self, events):
        differences = []
        for event in events:
            try:
                pk, _revision, _digest = (event.after[name] for name in ("draft", "revision", "digest"))
                self.last[int(pk)] = event.pk
            except (KeyError, TypeError, ValueError):
                differences.append(Difference.at(Event, event.pk, f"{event}: tells of no row."))
        return differences

    def untold(self):
        untold = [
            Difference.at(Item, pk, "No draft-item event tells of it.") for pk in self.standing.without(Ids(self.last))
        ]
        for batch in batches(sorted(self.last), CHUNK):
            events = found(Event.objects.all(), [self.last[pk] for pk in batch])
            rows = found(Item.objects.all(), batch)
            gone = [pk for pk in batch if pk not in rows]
            # An event that cannot be read is told where the chain is walked.
            told = {pk: events[self.last[pk]] for pk in batch if isinstance(events[self.last[pk]], Event)}
            untold += self._gone([(pk, told[pk]) for pk in gone if pk in told]) if gone else []
            for pk in rows.keys() & told.keys():
                untold += self._compared(pk, rows[pk], told[pk])
        return untold

    def _compared(self, pk, row, event):
        if not sentences(_problems, row, event):
            return []
        # Asked again: it may have been saved while this check was reading.
        newer = Event.objects.filter(verb=self.verb, subject=event.subject, pk__gt=event.pk).order_by("-pk").first()
        said = sentences(_problems, one(Item.objects.all(), pk), newer or event)
        return [Difference.at(Item, pk, sentence) for sentence in said]

    def _gone(self, pairs):
        """A draft goes when somebody discards it, or when a pack is loaded over it."""
        told = [event.subject for _, event in pairs]
        discards = Event.objects.filter(verb="discard-item", subject__in=told).values_list("before", flat=True)
        discarded = {before.get("draft") for before in discards}
        packs = list(Event.objects.filter(verb="load-pack").values_list("pk", "after"))
        return [
            Difference.at(Event, event.pk, f"{event}: what it tells of is not there any more.")
            for pk, event in pairs
            if pk not in discarded and not any(_loaded_over(event, at, after) for at, after in packs)
        ]


def _problems(row, event):
    if row is None:
        return
    if event.after["digest"] != (row.digest if row.number else digest(row.content())):
        yield f"{row}: its words are not those its event tells of."
    if event.after["revision"] != row.revision:
        yield f"{row}: it was saved another number of times than its event tells of."


def _loaded_over(event, at, after):
    item = event.subject.rpartition(":")[0]
    return at > event.pk and item in [*after.get("new", ()), *after.get("changed", ())]


class Discarded:
    """A draft that was discarded is gone."""

    verb = "discard-item"
    model = Item

    def compare(self, events):
        told = {event.before.get("draft"): event for event in events}
        there = self.model.objects.filter(pk__in=[pk for pk in told if isinstance(pk, int)]).values_list(
            "pk", flat=True
        )
        return [Difference.at(self.model, pk, f"{told[pk]}: it still stands.") for pk in there]

    def untold(self):
        return []


class DiscardedStandard(Discarded):
    verb = "discard-standard"
    model = Standard
