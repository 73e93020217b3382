"""The marking queue: which open answers wait, for whose turn, and which one a marker is given next."""

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count

from quizzes.marking import AWAITING, OPEN
from quizzes.models import Answer, Attempt, Item, Quiz
from scoring.agreement import DECIDES, FIRST, SECOND, Given, agreement, newest, rules_in, settle, worth
from scoring.judged import holding, judged
from scoring.models import Mark, Rating, Score
from staff.frozen import kept

HELD_S = 600  # seconds for which an answer one was given is not given to another


class Waiting(NamedTuple):
    """One open answer of a closed quiz. needs: the turn wanted, 0 when it is settled and waits for the others of its
    attempt; markers: {turn: who}."""

    answer: int
    item: int
    attempt: int
    person: int
    quiz: int
    owner: int
    since: datetime
    needs: int
    markers: dict

    def markable_by(self, user):
        """Nobody marks what is one's own, and the second and the third are other people; the quiz's owner decides
        too."""
        if not self.needs or self.person == user.pk:
            return False
        return user.pk not in self.markers.values() or (self.needs == DECIDES and self.owner == user.pk)


class Row(NamedTuple):
    """An item of the queue: how many answers wait, how many of them for this person, the oldest, its quizzes."""

    item: Item
    waiting: int
    mine: int
    marked: int
    oldest: datetime
    quizzes: list

    @property
    def all(self):
        return self.marked + self.waiting


def _awaiting():
    marks = Mark.objects.filter(status=AWAITING, item__type__in=OPEN, score__in=Score.objects.current())
    return marks.exclude(score__attempt__purpose=Attempt.PREVIEW).order_by()


def waiting(item=None):
    """[Waiting] of one item version, or of all; two statements and one more for the rescorings."""
    marks = _awaiting().filter(item=item) if item else _awaiting()
    given = given_by(Rating.objects.filter(answer__in=marks.values("answer")))
    fields = ("attempt", "attempt__person", "attempt__quiz", "attempt__quiz__owner", "attempt__closed_at")
    rows = marks.values_list("answer", "item", *(f"score__{field}" for field in fields))
    standing = holding()
    return [_waiting(row, given.get(row[0], []), standing) for row in rows]


def given_by(ratings):
    """{answer: [Given]}"""
    found = defaultdict(list)
    for answer, turn, by, shares in ratings.order_by("pk").values_list("answer", "turn", "by", "shares"):
        found[answer].append(Given(turn, by, shares))
    return found


def _waiting(row, given, standing):
    answer, item, attempt, person, quiz, owner, since = row
    body = judged(kept(Item, item), standing).body
    needs = settle(body, given, rules_in(kept(Quiz, quiz).body)).needs
    markers = {turn: each.by for turn, each in newest(given).items()}
    return Waiting(answer, item, attempt, person, quiz, owner, since, needs, markers)


def rows(user):
    """[Row] for a marker, the longest waiting first."""
    found = defaultdict(list)
    for each in waiting():
        found[each.item].append(each)
    marked = marked_of(found)
    listed = [_row(kept(Item, pk), answers, marked.get(pk, 0), user) for pk, answers in found.items()]
    return sorted((row for row in listed if row.waiting), key=lambda row: row.oldest)


def fitting(rows, *, words="", quiz="", item=""):
    """Those whose question or short name holds these words; quiz, item: slugs."""
    return [row for row in rows if _fits(row, words, quiz, item)]


def _row(item, answers, marked, user):
    left = [each for each in answers if each.needs]
    return Row(
        item=item,
        waiting=len(left),
        mine=sum(each.markable_by(user) for each in left),
        marked=marked + len(answers) - len(left),
        oldest=min((each.since for each in left), default=None),
        quizzes=sorted({kept(Quiz, each.quiz) for each in left}, key=lambda quiz: quiz.slug),
    )


def _fits(row, words, quiz, item):
    said = " ".join([*row.item.body["stem"].values(), row.item.slug]).casefold()
    return (
        words.casefold() in said
        and (not quiz or any(each.slug == quiz for each in row.quizzes))
        and (not item or row.item.slug == item)
    )


def marked_of(items):
    """{item version: how many of its answers have their marks}; one statement."""
    marks = Mark.objects.filter(item__in=items, status="scored", score__in=Score.objects.current())
    marks = marks.exclude(score__attempt__purpose=Attempt.PREVIEW).order_by()
    return dict(marks.values_list("item").annotate(n=Count("pk")))


# --- which one is next ------------------------------------------------------------


def place(item, answer):
    """Where an answer stands in the order of its item: the same for every marker, and telling nothing of who wrote it
    or when."""
    return hashlib.sha256(f"{item}:{answer}".encode()).digest()


def next_for(user, found, *, after=None):
    """The next Waiting that a person may mark, or None. Each begins at a place of one's own in the order, or after the
    answer last seen; what another was given a moment ago is passed over while there is anything else."""
    mine = [each for each in found if each.markable_by(user)]
    start = place(mine[0].item, after if after else f"marker {user.pk}") if mine else b""
    mine.sort(key=lambda each: (place(each.item, each.answer) <= start, place(each.item, each.answer)))
    if after and len(mine) > 1:
        mine = [each for each in mine if each.answer != after]
    return next((each for each in mine if hold(each.answer, user)), mine[0] if mine else None)


def hold(answer, user):
    """Whether this answer is this person's for now: a courtesy, kept in the cache; the deed itself is the judge."""
    key = f"marking:{answer}"
    return cache.add(key, user.pk, HELD_S) or cache.get(key) == user.pk


def answers_to(item):
    """The answers to an item version that closed quizzes were marked on."""
    found = Mark.objects.filter(item=item, answer__isnull=False).exclude(score__attempt__purpose=Attempt.PREVIEW)
    return Answer.objects.filter(pk__in=found.values("answer")).select_related("attempt")


def own_before(user, item, answer):
    """One's own rating of the answer just marked, or None."""
    found = Rating.objects.filter(item=item, answer=answer, by=user) if answer else Rating.objects.none()
    return found.order_by("-pk").first()


def let_go(answer, user):
    if cache.get(f"marking:{answer}") == user.pk:
        cache.delete(f"marking:{answer}")


# --- how far two agree --------------------------------------------------------------


def agreed(quizzes):
    """scoring.agreement.Agreement over the answers of these quiz versions that two people marked."""
    twice = Rating.objects.filter(turn=SECOND, answer__attempt__quiz__in=quizzes).values("answer")
    ratings = Rating.objects.filter(answer__in=twice, turn__in=[FIRST, SECOND]).order_by("pk")
    found = {}
    for answer, turn, shares, *about in ratings.values_list(
        "answer", "turn", "shares", "item", "answer__attempt__quiz"
    ):
        found.setdefault((answer, *about), {})[turn] = shares
    standing = holding() if found else {}
    return agreement(_pair(turns, item, quiz, standing) for (_answer, item, quiz), turns in found.items())


def _pair(turns, item, quiz, standing):
    body = judged(kept(Item, item), standing).body
    return *(worth(body, turns[turn]) for turn in (FIRST, SECOND)), rules_in(kept(Quiz, quiz).body).limit
