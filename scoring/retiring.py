"""Taking content out of use: no version of it is drawn, cited or found any more; records keep what they rest on."""

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


class StillNeeded(Exception):
    """Something in use names this content, so it cannot be retired; str() says what and what to do."""


def retire(kind, slug, by, *, reason="", reviews=()):
    """Retires every published version; rows of the review list that wait for this content are closed with it.
    reviews: those closed already in this transaction. Raises StillNeeded."""
    with transaction.atomic():
        if sentence := needed(kind, slug):
            raise StillNeeded(sentence)
        take_out(kind, slug, by, reason=reason, reviews=reviews)


def take_out(kind, slug, by, *, reason="", reviews=()):
    """retire() without asking who needs it: for whoever has asked already, in a transaction."""
    standing = ContentReview.objects.waiting().of_content(kind, slug)
    closed = sorted({*(row.pk for row in reviews), *standing.values_list("pk", flat=True)})
    now = timezone.now()
    standing.update(state=ContentReview.RETIRE, decided_by=by, decided_at=now, closed_at=now, reason=reason)
    versions = CITING[kind].objects.published().filter(slug=slug)
    ids = sorted(versions.values_list("pk", flat=True))
    versions.update(retired_at=now)
    Citation.objects.filter(kind=kind, slug=slug).delete()
    Passage.objects.forget(kind, slug)
    told = {"state": ContentReview.RETIRE, "reason": digest(reason), "reviews": closed, "versions": ids}
    Event.write("retire", actor=by, subject=f"{kind}:{slug}", after=told)


def needed(kind, slug):
    """Why this content cannot be retired, as a sentence; "" when nothing needs it."""
    if kind == "item":
        return undrawable([slug]).get(slug, "")
    return _named_by_path(kind, slug) or _named_by_plan(kind, slug)


def undrawable(slugs):
    """{slug: why not} of the items that cannot be taken out, each after those before it that can: some quiz could not
    be drawn any more."""
    drawn = [(quiz, rules_of(quiz.body).rows) for quiz in Quiz.objects.newest()]
    pools = [(quiz, rows, pool(quiz.body["standard"], named(rows))) for quiz, rows in drawn]
    pools = [(quiz, rows, entries) for quiz, rows, entries in pools if _draws(rows, entries)]
    found = {}
    for slug in slugs:
        left = [(quiz, rows, [entry for entry in entries if entry["slug"] != slug]) for quiz, rows, entries in pools]
        short = next((quiz for quiz, rows, entries in _touched(left, pools) if not _draws(rows, entries)), None)
        if short is None:
            pools = left
            continue
        sentence = _("The quiz %(quiz)s could not be drawn without this question. Publish another one for it first.")
        found[slug] = sentence % {"quiz": f"“{short.slug}”"}
    return found


def _touched(left, pools):
    return [now for now, before in zip(left, pools, strict=True) if len(now[2]) < len(before[2])]


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
