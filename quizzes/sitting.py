"""What changes of an attempt on a quiz while it is open, besides its answers: how far one has gone, what one flagged,
how often the page was left. Each is a conditional update of the open attempt; none of it is ever counted in a score."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from quizzes import quiz_rules, taking
from quizzes.models import Attempt, Quiz
from staff.frozen import kept
from staff.prepared import Prepared

LEFT_AT_MOST_EVERY = 3  # seconds


class Rules(NamedTuple):
    """pages: "one" or "all"; back: whether a question once left may be opened again."""

    pages: str
    back: bool


def rules(attempt):
    """How the quiz of an attempt is sat."""
    return _rules(attempt.quiz_id)


@lru_cache(maxsize=2_000)
def _rules(quiz):
    """A published version never changes, so neither do its rules."""
    said = quiz_rules.rules_of(kept(Quiz, quiz).body)
    return Rules(said.pages, said.pages == "all" or said.back)


@dataclass(frozen=True)
class Standing:
    """answers: {position: Saved}; reached: the question one stands at where there is no going back."""

    closed: bool
    answers: dict
    flagged: list
    left_times: int
    reached: int

    @property
    def given(self):
        """Positions with an answer that says something; passed over is not answered."""
        return {position for position, answer in self.answers.items() if answer.response}


STANDING = Prepared(
    lambda pk: (
        Attempt.objects.filter(pk=pk)
        .order_by("answers__position", "answers__seq")
        .values_list(
            *("closed_at", "flagged", "left_times", "reached"),
            *("answers__position", "answers__seq", "answers__response", "answers__recorded_at"),
        )
    ),
    int,
)


def standing(attempt):
    """Where an attempt stands, in one query; the highest seq counts."""
    rows = STANDING(attempt.pk)
    answers = {row[4]: taking.Saved(*row[5:]) for row in rows if row[4]}
    closed_at, flagged, left_times, reached = rows[0][:4]
    return Standing(closed_at is not None, answers, flagged, left_times, reached)


def flag(attempt, position, on):
    """Marks a position to come back to, or takes the mark away."""
    mine = Attempt.objects.open().filter(pk=attempt.pk)
    with transaction.atomic():
        if not mine.update(left_times=F("left_times")):  # holds the row, so that two flags at once both stand
            raise taking.Refused("closed", _("The attempt is closed. What was saved before counts."))
        before = set(mine.values_list("flagged", flat=True).get())
        mine.update(flagged=sorted(before | {position} if on else before - {position}))


def leave(attempt):
    """Counts that the page was left: told, never judged. Several words of one leaving are one."""
    if cache.add(f"left:{attempt.pk}", 1, LEFT_AT_MOST_EVERY):
        Attempt.objects.open().filter(pk=attempt.pk).update(left_times=F("left_times") + 1)


def answer(attempt, position, response, *, leaving, **sent):
    """taking.answer by the rules of the quiz. Where there is no going back, only the question reached is answered, and
    leaving it opens the next."""
    if rules(attempt).back:
        return taking.answer(attempt, position, response, **sent)
    if reached(attempt) != position and not taking.was_sent(attempt, seq=sent["seq"], signed=sent["signed"]):
        raise taking.Refused(
            "left", _("Question %(number)s was left. In this quiz one does not go back.") % {"number": position}
        )
    saved = taking.answer(attempt, position, response, **sent)
    if leaving:
        Attempt.objects.open().filter(pk=attempt.pk, reached=position).update(reached=position + 1)
    return saved


def reached(attempt):
    return Attempt.objects.values_list("reached", flat=True).get(pk=attempt.pk)


def words_of(question, response):
    """What an answer says, a line each: texts in two languages, or what was typed."""
    texts = {row["key"]: row["text"] for row in (*question["options"], *question.get("choices", ()))}
    if not isinstance(response, dict):
        return [texts.get(key, key) for key in response or ()]
    if question["type"] == "upload":
        return [response["name"]] if response else []
    if question["type"] == "matching":
        return [_joined(texts[key], texts[partner]) for key, partner in response.items()]
    return [texts.get(words, words) for words in response.values()]


def _joined(one, other):
    return {language: f"{one[language]} — {other[language]}" for language in one if language in other} or one
