"""Deciding a row of the review list: still right, to be revised, or retired; and handing it to somebody else."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.retiring import retire
from staff.frozen import digest
from staff.models import Event
from standards.models import ContentReview

RIGHT, REVISE, RETIRE = ContentReview.RIGHT, ContentReview.REVISE, ContentReview.RETIRE
# What is retired as a whole; a lesson is a part of its course and leaves with the course's next version.
WHOLE = ("item", "scenario", "checklist")


class Overtaken(Exception):
    """Somebody else decided this row meanwhile; str() says what."""


def decide(review, by, *, state, reason=""):
    """Decides a row that is not closed; str(reason) is kept. Retiring a lesson means: out with the next version, so it
    is being revised. Raises Overtaken, StillNeeded."""
    if state == RETIRE and review.kind in WHOLE:
        return _retire(review, by, reason)
    state = REVISE if state == RETIRE else state
    with transaction.atomic():
        _close(review, by, state, reason)
        Event.write("decide-review", actor=by, subject=f"contentreview:{review.pk}", after=_told(state, reason))
    return state


def _told(state, reason):
    """What the event says; the reason as a digest, for it may hold a name."""
    return {"state": state, "reason": digest(reason)}


def _close(review, by, state, reason):
    """Conditional on the row standing as it was shown."""
    now = timezone.now()
    changes = {"state": state, "decided_by": by, "decided_at": now, "reason": reason}
    changes["closed_at"] = None if state == REVISE else now
    rows = ContentReview.objects.filter(pk=review.pk, closed_at__isnull=True, state=review.state)
    if not rows.update(**changes):
        raise Overtaken(_("Somebody else decided this meanwhile. What was decided is shown."))


def _retire(review, by, reason):
    with transaction.atomic():
        _close(review, by, RETIRE, reason)
        retire(review.kind, review.slug, by, reason=reason, reviews=[review])
    return RETIRE


def hand_over(review, by, *, owner):
    """Gives a row that is not closed to a trainer. Raises Overtaken."""
    with transaction.atomic():
        if not ContentReview.objects.filter(pk=review.pk, closed_at__isnull=True).update(owner=owner):
            raise Overtaken(_("Somebody else decided this meanwhile. What was decided is shown."))
        Event.write("hand-over", actor=by, subject=f"contentreview:{review.pk}", after={"owner": owner.pk})
