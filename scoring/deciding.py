"""Deciding a row of the review list: still right, to be revised, or retired; and handing it to somebody else."""

from random import Random

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Assignment, Path
from quizzes.drawing import CannotDraw, fill, named
from quizzes.models import Quiz
from quizzes.quiz_rules import rules_of
from quizzes.taking import pool
from scoring.models import CITING, Plan
from staff.frozen import digest
from staff.models import Event
from standards.models import Citation, ContentReview, Passage

RIGHT, REVISE, RETIRE = ContentReview.RIGHT, ContentReview.REVISE, ContentReview.RETIRE
# What is retired as a whole; a lesson is a part of its course and leaves with the course's next version.
WHOLE = ("item", "scenario", "checklist")


class Overtaken(Exception):
    """Somebody else decided this row meanwhile; str() says what."""


class StillNeeded(Exception):
    """Something in use names this content, so it cannot be retired; str() says what and what to do."""


def decide(review, by, *, state, reason=""):
    """Decides a row that is not closed; str(reason) is kept. Retiring a lesson means: out with the next version, so it
    is being revised. Raises Overtaken, StillNeeded."""
    if state == RETIRE and review.kind in WHOLE:
        return _retire(review, by, reason)
    state = REVISE if state == RETIRE else state
    with transaction.atomic():
        _close([review], by, state, reason)
        Event.write("decide-review", actor=by, subject=f"contentreview:{review.pk}", after=_told(state, reason))
    return state


def _told(state, reason):
    """What the event says; the reason as a digest, for it may hold a name."""
    return {"state": state, "reason": digest(reason)}


def _close(reviews, by, state, reason):
    """Conditional on each row standing as it was shown."""
    now = timezone.now()
    changes = {"state": state, "decided_by": by, "decided_at": now, "reason": reason}
    changes["closed_at"] = None if state == REVISE else now
    for review in reviews:
        rows = ContentReview.objects.filter(pk=review.pk, closed_at__isnull=True, state=review.state)
        if not rows.update(**changes):
            raise Overtaken(_("Somebody else decided this meanwhile. What was decided is shown."))


def _retire(review, by, reason):
    with transaction.atomic():
        if sentence := needed(review.kind, review.slug):
            raise StillNeeded(sentence)
        standing = ContentReview.objects.waiting().of_content(review.kind, review.slug)
        others = [row for row in standing if row.pk != review.pk]
        _close([review, *others], by, RETIRE, reason)
        versions = CITING[review.kind].objects.published().filter(slug=review.slug)
        ids = sorted(versions.values_list("pk", flat=True))
        versions.update(retired_at=timezone.now())
        Citation.objects.filter(kind=review.kind, slug=review.slug).delete()
        Passage.objects.forget(review.kind, review.slug)
        told = _told(RETIRE, reason)
        told |= {"reviews": sorted(row.pk for row in [review, *others]), "versions": ids}
        Event.write("retire", actor=by, subject=f"{review.kind}:{review.slug}", after=told)
    return RETIRE


def needed(kind, slug):
    """Why this content cannot be retired, as a sentence; "" when nothing needs it."""
    if kind == "item":
        return _short(slug)
    return _named_by_path(kind, slug) or _named_by_plan(kind, slug)


def _short(slug):
    """The quizzes that could not be drawn any more without an item."""
    for quiz in Quiz.objects.newest():
        rows = rules_of(quiz.body).rows
        bank = pool(quiz.body["standard"], named(rows))
        left = [entry for entry in bank if entry["slug"] != slug]
        if len(left) < len(bank) and _draws(rows, bank) and not _draws(rows, left):
            sentence = _(
                "The quiz %(quiz)s could not be drawn without this question. Publish another one for it first."
            )
            return sentence % {"quiz": f"“{quiz.slug}”"}
    return ""


def _draws(blueprint, entries):
    try:
        fill(blueprint, entries, random=Random(0))  # noqa: S311  only whether it can be filled
    except CannotDraw:
        return False
    return True


def _named_by_path(kind, slug):
    running = Path.objects.filter(pk__in=Assignment.objects.open().values("path"))
    for path in [*Path.objects.newest(), *running]:
        if any((step["kind"], step["slug"]) == (kind, slug) for step in path.steps):
            waiting = Assignment.objects.open().filter(path_slug=path.slug).count()
            sentence = ngettext(
                "The path “%(path)s” asks for it, and %(n)s person is on it. Publish the path without it first.",
                "The path “%(path)s” asks for it, and %(n)s people are on it. Publish the path without it first.",
                waiting,
            )
            return sentence % {"path": path.slug, "n": waiting}
    return ""


def _named_by_plan(kind, slug):
    source = {"checklist": "observation"}.get(kind, kind)
    for plan in Plan.objects.newest():
        if any((row["source"], row["slug"]) == (source, slug) for row in plan.body["indicators"]):
            sentence = _("The appraisal plan “%(plan)s” counts it. Publish the plan without it first.")
            return sentence % {"plan": plan.slug}
    return ""


def hand_over(review, by, *, owner):
    """Gives a row that is not closed to a trainer. Raises Overtaken."""
    with transaction.atomic():
        if not ContentReview.objects.filter(pk=review.pk, closed_at__isnull=True).update(owner=owner):
            raise Overtaken(_("Somebody else decided this meanwhile. What was decided is shown."))
        Event.write("hand-over", actor=by, subject=f"contentreview:{review.pk}", after={"owner": owner.pk})
