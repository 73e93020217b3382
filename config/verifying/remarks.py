"""Marks given by people and marks given anew, beside the events that tell of them; one may tell of many scores."""

from config.verifying.reading import TOGETHER, Difference, Ids, found, sentences
from courses.models import StepDone
from scoring.models import Rating, Rescoring, Score
from scoring.rating import rating_digest
from scoring.rescoring import rescoring_digest
from staff.models import Event


def steps_taken_away(events):
    """The steps of paths that these deeds did, as their events tell."""
    wanted = [(event, pk) for event in events for pk in event.after.get("steps", ())]
    there = set(StepDone.objects.filter(pk__in={pk for _, pk in wanted}).values_list("pk", flat=True))
    return [
        Difference.at(Event, event.pk, f"{event}: step {pk} that it did is not there any more.")
        for event, pk in wanted
        if pk not in there
    ]


class Told:
    """Rows that an event tells of by id and digest: {row: digest} of an event is `said`."""

    verb, rows = "", None

    def __init__(self):
        self.told = Ids()
        self.standing = Ids(self.rows.values_list("pk", flat=True).iterator())

    def compare(self, events):
        said = [(event, pk, sum_) for event in events for pk, sum_ in self.said(event)]
        rows = found(self.rows, sorted({pk for _, pk, _ in said}))
        return [each for one in said for each in self._compare(*one, rows)]

    def _compare(self, event, pk, digest, rows):
        model, row = self.rows.model, rows.get(pk)
        if row is None:
            return [Difference.at(Event, event.pk, f"{event}: what it tells of is not there any more.")]
        twice = ["A second event tells of it."] if pk in self.told else []
        self.told.add(pk)
        return [Difference.at(model, pk, each) for each in twice + sentences(self.problems, row, event, digest)]

    def problems(self, row, event, digest):
        if self.digest(row) != digest:
            yield "It does not match the digest its event tells of."
        if row.by_id != event.actor_id:
            yield "Somebody else did it than its event tells of."
        if abs(event.at - row.recorded_at) > TOGETHER:
            yield "Its time is not that of its event."

    def untold(self):
        model = self.rows.model
        return [
            Difference.at(model, pk, f"No {self.verb} event tells of it.") for pk in self.standing.without(self.told)
        ]


class Remarked(Told):
    """Every revision of a score after the first."""

    verb = "remark"
    rows = Score.objects.filter(revision__gt=1).order_by("pk").only("digest", "by", "recorded_at")

    def said(self, event):
        return event.after["scores"]

    def digest(self, score):
        return score.digest

    def compare(self, events):
        return super().compare(events) + steps_taken_away(events)


class Rated(Told):
    verb = "rate"
    rows = Rating.objects.order_by("pk")

    def said(self, event):
        return [(event.after["rating"], event.after["digest"])]

    def digest(self, rating):
        return rating_digest(rating)


class Rescored(Told):
    verb = "rescore"
    rows = Rescoring.objects.order_by("pk")

    def said(self, event):
        return [(event.after["rescoring"], event.after["digest"])]

    def digest(self, rescoring):
        return rescoring_digest(rescoring)
