"""What a learner is told of a result that was marked anew, and of what markers and owners wrote."""

from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from django.utils import timezone

from quizzes.marking import OPEN
from quizzes.models import Attempt, Quiz
from scoring.agreement import DECIDES, newest
from scoring.models import Rating, Rescoring, Score
from scoring.queue import given_by
from staff.frozen import kept

DAYS = 30


class Told(NamedTuple):
    """Why a result became another: the question, what was done with it and why, the percent before and after."""

    attempt: Attempt
    title: dict
    position: int
    rescoring: Rescoring
    before: object
    after: object


def told_of(attempts, since=None):
    """[Told], the newest first, of all rescorings that gave these attempts a new score; two statements."""
    scores = list(Score.objects.filter(attempt__in=attempts).order_by("attempt", "revision"))
    rescorings = Rescoring.objects.in_bulk({pk for score in scores for pk in score.flags.get("rescored", ())})
    attempts, found = {attempt.pk: attempt for attempt in attempts}, []
    for before, after in pairwise(scores):
        if before.attempt_id == after.attempt_id and (since is None or after.at >= since):
            new = set(after.flags.get("rescored", ())) - set(before.flags.get("rescored", ()))
            found += [_told(attempts[after.attempt_id], rescorings[pk], before, after) for pk in sorted(new)]
    return sorted(found, key=lambda each: -each.rescoring.pk)


def _told(attempt, rescoring, before, after):
    items = [entry["item"] for entry in attempt.paper]
    title = kept(Quiz, attempt.quiz_id).title
    return Told(attempt, title, items.index(rescoring.item_id) + 1, rescoring, before.percent, after.percent)


def news(person):
    """[Told] of the last thirty days; one statement when there is nothing to tell."""
    since = timezone.now() - timedelta(days=DAYS)
    again = Score.objects.filter(revision__gt=1, at__gte=since).values("attempt")
    attempts = list(person.attempts.quizzes().filter(pk__in=again))
    return told_of(attempts, since) if attempts else []


def comments_on(attempt, rows):
    """{position: {"comments", "shares"}} of the answers that people marked: the words of those whose marks count, and
    of one marker the shares of the criteria. rows: as scoring.review.questions() gives them."""
    places = {row["mark"].position for row in rows if row["mark"].item.type in OPEN and row["mark"].status == "scored"}
    if not places:
        return {}
    ratings = Rating.objects.filter(answer__attempt=attempt, answer__position__in=places)
    position = dict(ratings.values_list("answer", "answer__position"))
    words = {(row.answer_id, row.turn): row.comment for row in ratings.order_by("pk")}
    found = {}
    for answer, given in given_by(ratings).items():
        turns = newest(given)
        counting = [turns[DECIDES]] if DECIDES in turns else [turns[turn] for turn in sorted(turns)]
        said = [words[answer, each.turn] for each in counting if words[answer, each.turn]]
        found[position[answer]] = {"comments": said, "shares": counting[0].shares if len(counting) == 1 else {}}
    return found
