"""One open answer as its marker sees it: the question, the criteria, the words, and never whose they are."""

from django.urls import reverse

from quizzes.models import Quiz
from scoring.agreement import DECIDES, FIRST, SECOND, rules_in, settle, worth
from scoring.judged import judged
from scoring.marking_forms import RatingForm
from scoring.models import Rating
from scoring.queue import given_by
from scoring.rating import turn_of
from staff.frozen import kept


class NotYours(Exception):
    """Others gave this answer its marks, and no turn is left for this person."""


def rubric_of(item):
    return judged(item).body["rubric"]


def shown(answer, item, user, form=None):
    """{answer, body, words, file, left_times, turn, form, earlier, again}. earlier: what two markers gave, for who
    decides between them. Raises NotYours."""
    body, quiz = judged(item).body, kept(Quiz, answer.attempt.quiz_id)
    ratings = list(Rating.objects.filter(answer=answer).order_by("pk"))
    given = given_by(Rating.objects.filter(answer=answer)).get(answer.pk, [])
    rules = rules_in(quiz.body)
    needs, own = settle(body, given, rules).needs, turn_of(given, user)
    decides = needs == DECIDES and (own is None or quiz.owner_id == user.pk)
    turn = DECIDES if decides else own or needs
    if not turn:  # settled, and not by this person
        raise NotYours
    mine = [each for each in ratings if each.turn == turn and each.by_id == user.pk]
    initial = {"answer": answer.pk, "turn": turn} | (RatingForm.initial_of(mine[-1]) if mine else {})
    turns = {each.turn: each for each in ratings} if turn == DECIDES else {}
    return {
        "answer": answer,
        "body": body,
        "quiz": quiz,
        "words": answer.response.get("text", ""),
        "file": file_url(answer),
        "sort": answer.response.get("type", "").partition("/")[0],
        "left_times": answer.attempt.left_times,
        "turn": turn,
        "again": bool(mine),
        "form": form or RatingForm(rubric=body["rubric"], initial=initial),
        "earlier": [(turns[turn], worth(body, turns[turn].shares)) for turn in (FIRST, SECOND) if turn in turns],
        "limit": rules.limit,
    }


def file_url(answer):
    """Where an uploaded answer is seen or heard; "" when there is none."""
    file = answer.response.get("file")
    return reverse("quizzes:upload", args=[answer.attempt_id, answer.position, file]) if file else ""
