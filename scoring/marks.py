"""The marks of a quiz attempt: what each answer earns by the body it is judged by, and by what a marker gave it."""

from typing import NamedTuple

from quizzes import marking
from quizzes.marking import AWAITING, Marked
from quizzes.models import Answer, Item
from scoring.models import Mark
from staff.frozen import kept
from staff.prepared import Prepared
from standards.citing import cited, worded

ANSWERS = Prepared(
    lambda attempt: (
        Answer.objects.filter(attempt=attempt).order_by("position", "seq").values_list("position", "pk", "response")
    ),
    int,
)


class Row(NamedTuple):
    """A position of a paper: its item version, the last answer (or None), what it earns, and what a point of it is
    worth where its section has whole marks."""

    position: int
    item: Item
    answer: Answer | None
    marked: Marked
    weight: str | None = None


class Outcome(NamedTuple):
    """percent 0–100 with one decimal, or None with a reason: an answer waits for its marks, or nothing can be won."""

    percent: object
    reason: str
    passed: bool | None


def as_written(item):
    """The body an item is judged by unless something was decided later: its own."""
    return item.body


def nobody_yet(answer):
    """What a marker gave an open answer, {criterion: share}; None: nobody has marked it."""
    return None


def rows_of(attempt, *, body_of=as_written, shares_of=nobody_yet):
    """[Row] of a paper. body_of(item) is the body judged by, None where the item no longer counts; shares_of(answer)
    what its marker gave an open answer, None while it waits. Raises marking.BadResponse."""
    latest = {position: Answer(pk=pk, response=response) for position, pk, response in ANSWERS(attempt.pk)}
    rows = []
    for position, entry in enumerate(attempt.paper, start=1):
        item, answer = kept(Item, entry["item"]), latest.get(position)
        marked = worth(answer, body_of(item), shares_of=shares_of)
        rows.append(Row(position, item, answer, marked, entry.get("weight")))
    return rows


def worth(answer, body, *, shares_of=nobody_yet):
    """Marked: of an answer (None: none was given) by this body (None: the item is void)."""
    if body is None:
        return Marked(None, None, "void")
    marked = marking.mark(body, answer and answer.response)
    if marked.status != AWAITING or (shares := shares_of(answer)) is None:
        return marked
    return marking.rated(body, shares)


def outcome(rows, pass_mark):
    """The Outcome of these rows against a pass mark, percent 0–100."""
    percent = marking.percent([row.marked for row in rows], [row.weight for row in rows])
    if any(row.marked.status == AWAITING for row in rows):
        return Outcome(None, "awaiting_marks", None)
    if percent is None:
        return Outcome(None, "no_points", False)
    return Outcome(percent, "", percent >= pass_mark)


def as_marks(rows):
    """[Mark], not saved and without a score, each with the words it counts under."""
    wordings = _wordings([row.item for row in rows])
    return [
        Mark(
            position=row.position,
            item=row.item,
            answer=row.answer,
            wording_id=wordings.get((row.item.slug, row.item.body["cites"][0])),
            points=row.marked.points,
            max_points=row.marked.max_points,
            status=row.marked.status,
        )
        for row in rows
    ]


def _wordings(items):
    """{(item's slug, its first clause): wording id}; an item made from a change rests on the words of that version."""
    bank = {(item.slug, item.body["cites"][0]): item for item in items if "changed_in" not in item.body}
    found = cited("item", bank) if bank else {}
    made = [(item, item.body["standard"], item.body["changed_in"]) for item in items if "changed_in" in item.body]
    for version in {tuple(version) for _, *version in made}:
        own = {item.slug: item.body["cites"][0] for item, *of in made if tuple(of) == version}
        words = worded(*version, own.values())
        found |= {(slug, key): words[key] for slug, key in own.items() if key in words}
    return found
