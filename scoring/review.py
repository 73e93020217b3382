"""What a person sees of a closed quiz: each question as it was asked, what was chosen, what it earned and the words
behind it."""

from decimal import Decimal
from typing import NamedTuple

from quizzes.models import Attempt, Item
from scoring.models import Mark, Score
from staff.frozen import kept
from staff.prepared import Prepared

own = Prepared(lambda pk, person: Attempt.objects.filter(pk=pk, person=person), int, int)
own_closed = Prepared(lambda pk, person: Attempt.objects.closed().filter(pk=pk, person=person), int, int)
newest_score = Prepared(lambda attempt: Score.objects.filter(attempt=attempt).order_by("-revision")[:1], int)


class Key(NamedTuple):
    """What a page says of a clause."""

    key: str


class Words(NamedTuple):
    """What a page says of a wording."""

    clause: Key
    number: str
    weight: str
    text: dict


class Marked(NamedTuple):
    """A mark of a quiz with what was answered (None: nothing) and the words it counts under (or None)."""

    position: int
    item: Item
    points: Decimal
    max_points: Decimal
    status: str
    response: list
    wording: Words

    @property
    def right(self):
        return self.points == self.max_points


MARKS = Prepared(
    lambda score: (
        Mark.objects.filter(score=score)
        .order_by("position")
        .values_list(
            *("position", "item_id", "points", "max_points", "status", "answer__response"),
            *("wording__clause__key", "wording__number", "wording__weight", "wording__text_zh", "wording__text_en"),
        )
    ),
    int,
)


def questions(score, paper):
    """[{mark, options}] of a quiz, in the paper's order."""
    marks = [_marked(*row) for row in MARKS(score.pk)]
    return [{"mark": mark, "options": _options(mark, paper[mark.position - 1]["options"])} for mark in marks]


def _marked(position, item, points, most, status, response, key, number, weight, zh, en):
    wording = key and Words(Key(key), number, weight, {"zh": zh, "en": en})
    return Marked(position, kept(Item, item), points, most, status, response, wording)


def _options(mark, shown):
    """The options as the person saw them, [{text, chosen, right}]; of an ordering the right order,
    [{text, place}] with the place the person gave each."""
    body, given = mark.item.body, mark.response or []
    texts, right = {option["key"]: option["text"] for option in body["options"]}, body["right"]
    if mark.item.type == "ordering":
        return [{"text": texts[key], "place": given.index(key) + 1 if key in given else None} for key in right]
    return [{"text": texts[key], "chosen": key in given, "right": key in right} for key in shown]
