"""Giving an open answer its marks: a rating by a person, and the attempt's next score once all of them are in."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.models import Answer, Item, Quiz
from scoring.agreement import DECIDES, newest, rules_in, settle, worth
from scoring.judged import judged
from scoring.models import Rating
from scoring.queue import let_go
from scoring.remarking import bases, bodies_by, remark, write
from staff.frozen import digest, kept
from staff.models import Event

# What a score of marked answers says of itself; names stay hidden.
NOTE = "answers_marked"


class MarkedMeanwhile(Exception):
    """Somebody else gave this answer its marks first: theirs stand. str() is a sentence."""


def turn_of(given, by):
    """The turn in which a person has marked an answer already, or None."""
    return next((turn for turn, each in sorted(newest(given).items(), reverse=True) if each.by == by.pk), None)


def rate(answer: Answer, *, by, turn, shares, comment=""):
    """Keeps one person's marks for an answer. One's own newest rating counts, so giving it again is how it is undone.
    Raises PermissionDenied for one's own answer and for who marked it in an earlier turn, BadResponse for shares that
    are none, MarkedMeanwhile when the turn is another's by now."""
    with transaction.atomic():
        basis = next(iter(bases([answer.attempt_id], lock=True)), None)
        row = basis and basis.marks.get(answer.position)
        if row is None or row.answer_id != answer.pk or row.status == "void":
            raise MarkedMeanwhile(_("This answer waits for no marks any more. Nothing was changed."))
        given = basis.ratings.get(answer.pk, [])
        body = judged(kept(Item, row.item_id)).body
        quiz = kept(Quiz, basis.attempt.quiz_id)
        _may(basis.attempt, given, settle(body, given, rules_in(quiz.body)).needs, by=by, turn=turn, quiz=quiz)
        worth(body, shares)
        last = Rating.objects.filter(answer=answer, turn=turn).order_by("-pk").first()
        if last and (last.by_id, last.shares, last.comment) == (by.pk, shares, comment):
            return last
        rating = Rating.objects.create(
            answer=answer, item_id=row.item_id, turn=turn, shares=shares, comment=comment, by=by
        )
        told = {"rating": rating.pk, "turn": turn, "digest": rating_digest(rating)}
        Event.write("rate", actor=by, subject=f"answer:{answer.pk}", after=told)
        found = [remark(basis, bodies_by(), by=by, note=NOTE) for basis in bases([answer.attempt_id])]
        write([each for each in found if each], by=by, subject=f"attempt:{answer.attempt_id}")
    let_go(answer.pk, by)
    return rating


def _may(attempt, given, needs, *, by, turn, quiz):
    if attempt.person_id == by.pk:
        raise PermissionDenied
    turns = newest(given)
    if turn in turns and turns[turn].by == by.pk:
        return
    if turn != needs:
        raise MarkedMeanwhile(_("Somebody else marked this answer meanwhile; their marks stand. Yours were not kept."))
    marked_it = by.pk in {each.by for each in turns.values()}
    if marked_it and not (turn == DECIDES and quiz.owner_id == by.pk):
        raise PermissionDenied


def rating_digest(rating):
    return digest(
        {
            "answer": rating.answer_id,
            "item": rating.item_id,
            "turn": rating.turn,
            "shares": rating.shares,
            "comment": rating.comment,
            "by": rating.by_id,
        }
    )
