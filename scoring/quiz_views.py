"""A quiz as its trainers see it: what it says, where it stands, what the bank gives it, how it was taken so far."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.models import Path
from quizzes import arranging, drawing, forecasting, quiz_rules, taking
from quizzes.models import Attempt, Item, Quiz
from scoring.models import Plan
from staff import drafting
from staff.access import requires
from staff.frozen import kept
from staff.models import User


@require_safe
@requires("trainer")
def quiz(request, slug):
    """The version in force, an older one (?version=n) or the draft (?version=draft)."""
    drafted, numbers = Quiz.objects.draft_of(slug), Quiz.objects.published_numbers(slug)
    found = _version(slug, request.GET.get("version", ""), drafted, numbers)
    rules = quiz_rules.rules_of(found.body)
    forecast = forecasting.forecast(rules.sections, _bank(found, rules), shuffle=rules.shuffle)
    context = {
        "quiz": found,
        "rules": rules,
        "numbers": numbers,
        "draft": drafted,
        "seen": drafting.seen(found),
        "set_by": User.objects.name_of(found.body["pass_mark"]["by"]),
        "forecast": forecast,
        "example": [(line, kept(Item, line["item"])) for line in forecast.example],
        "taken": Attempt.objects.closed().assessed().on(slug).count(),
        "arranged": len(arranging.in_force(slug)),
        "now": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
    } | _stands_in(slug)
    return render(request, "scoring/quiz.html", context)


def _bank(found, rules):
    return taking.pool(found.body["standard"], drawing.named(rules.rows))


def _version(slug, wanted, drafted, numbers):
    if wanted.isdecimal() and len(wanted) < 9:
        return get_object_or_404(Quiz.objects.published(), slug=slug, number=int(wanted))
    if drafted and (wanted == "draft" or not numbers):
        return drafted
    if not numbers:
        raise Http404
    return get_object_or_404(Quiz.objects.newest(), slug=slug)


def _stands_in(slug):
    """The paths and plans that name it."""
    return {
        "paths": [
            path
            for path in Path.objects.newest().order_by("slug")
            if any((step["kind"], step["slug"]) == ("quiz", slug) for step in path.steps)
        ],
        "plans": [
            plan
            for plan in Plan.objects.newest().order_by("slug")
            if any((row["source"], row["slug"]) == ("quiz", slug) for row in plan.body["indicators"])
        ],
    }
