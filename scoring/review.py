"""What a person sees of a closed quiz: each question as it was asked, what was chosen, what it earned and the words
behind it."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from quizzes import quiz_rules
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


def told(attempt, quiz, *, mine, now):
    """What of the answers a page may tell (quizzes.quiz_rules.SHOWN): to the person what the quiz's rules allow by now,
    to who marks or heads everything."""
    if not mine:
        return quiz_rules.SHOWN
    return quiz_rules.shown(quiz_rules.rules_of(quiz.body), closes_at(attempt), now)


def closes_at(attempt):
    """When the quiz closes for the person of an attempt, or None."""
    said = attempt.terms.get("closes_at")
    return datetime.fromisoformat(said) if said else None


def questions(score, paper, shown=quiz_rules.SHOWN):
    """[{mark, answered, own, feedback, upload_url}] of a quiz, in the paper's order (quizzes.answered), with no more in
    it than `shown` allows; [] where nothing is told. own: the words of what was answered, where the key is not told."""
    return [_question(score.attempt_id, _marked(*row), paper, shown) for row in MARKS(score.pk)] if shown else []


def _question(attempt, mark, paper, shown):
    if "clause" not in shown:
        mark = mark._replace(wording=None)
    if "right" not in shown:
        own = own_words(mark.item.body, mark.response) if "answers" in shown else []
        return {"mark": mark, "own": own, "feedback": _feedback(mark, mark.item.body["feedback"], shown)}
    if "answers" not in shown:
        mark = mark._replace(response=None)
    return _with_key(attempt, mark, paper, shown) | {"key_only": "answers" not in shown}


def own_words(body, response):
    """[text in two languages] of what was answered, in its order."""
    if not isinstance(response, dict):
        texts = {option["key"]: option["text"] for option in body.get("options", ())}
        return [texts[key] for key in response or ()]
    texts = {each["key"]: each["text"] for each in [*body.get("options", ()), *body.get("choices", ())]}
    said = [response["name"]] if "file" in response else response.values()
    return [texts.get(words, {"zh": words, "en": words}) for words in said if words]


def _feedback(mark, feedback, shown):
    if "feedback" not in shown:
        return {}
    key = mark.wording.clause.key if mark.wording else ""
    return {language: without_key(words, key) for language, words in feedback.items()}


def _with_key(attempt, mark, paper, shown):
    found = answered(mark.item.body, mark.response, paper[mark.position - 1]["options"])
    file = found.get("file")
    url = file and url_to("quizzes:upload", attempt, mark.position, file["file"])
    return {"mark": mark, "answered": found, "feedback": _feedback(mark, found["feedback"], shown), "upload_url": url}


def without_key(words, key):
    """Feedback often opens with its clause, which stands beside it anyway."""
    opening, _colon, rest = words.partition("：" if "：" in words else ": ")
    return rest.strip()[:1].upper() + rest.strip()[1:] if opening == key and key else words


def _marked(position, item, points, most, status, response, key, number, weight, zh, en):
    wording = key and Words(Key(key), number, weight, {"zh": zh, "en": en})
    return Marked(position, kept(Item, item), points, most, status, response, wording)
