"""What a person sees of a closed quiz: each question as it was asked, what was chosen, what it earned and the words
behind it."""

from decimal import Decimal
from typing import NamedTuple

from quizzes.answered import answered
from quizzes.models import Attempt, Item
from scoring.models import Mark, Score
from staff.addresses import url_to
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
    points: Decimal | None
    max_points: Decimal | None
    status: str
    response: list | dict | None
    wording: Words

    @property
    def right(self):
        """All its points earned; of one that waits or is void nobody says that it is wrong."""
        return self.points == self.max_points or self.status in ("awaiting", "void")


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
    """[{mark, answered, feedback, upload_url}] of a quiz, in the paper's order (quizzes.answered)."""
    return [_question(score.attempt_id, _marked(*row), paper) for row in MARKS(score.pk)]


def _question(attempt, mark, paper):
    found = answered(mark.item.body, mark.response, paper[mark.position - 1]["options"])
    file = found.get("file")
    url = file and url_to("quizzes:upload", attempt, mark.position, file["file"])
    key = mark.wording.clause.key if mark.wording else ""
    feedback = {language: without_key(words, key) for language, words in found["feedback"].items()}
    return {"mark": mark, "answered": found, "feedback": feedback, "upload_url": url}


def without_key(words, key):
    """Feedback often opens with its clause, which stands beside it anyway."""
    opening, _colon, rest = words.partition("：" if "：" in words else ": ")
    return rest.strip()[:1].upper() + rest.strip()[1:] if opening == key and key else words


def _marked(position, item, points, most, status, response, key, number, weight, zh, en):
    wording = key and Words(Key(key), number, weight, {"zh": zh, "en": en})
    return Marked(position, kept(Item, item), points, most, status, response, wording)
