from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quizzes import play as playing
from quizzes import taking
from quizzes.models import Attempt, Quiz, Scenario
from quizzes.sitting_views import either, to_where_one_is
from staff.access import newest_or_404
from staff.errors import conflict
from staff.models import User


@require_safe
def quiz(request, slug):
    version = newest_or_404(Quiz, slug)
    set_by = User.objects.name_of(version.body["pass_mark"]["by"])
    return render(request, "quizzes/quiz.html", _intro(request, version) | {"set_by": set_by})


@require_safe
def scenario(request, slug):
    version = newest_or_404(Scenario, slug)
    return render(request, "quizzes/scenario.html", _intro(request, version))


def _intro(request, version):
    mine = taking.runs(request.user, version.slug)
    allowed = version.body.get("attempts", taking.SCENARIO_RUNS)
    return {
        "subject": version,
        "attempts": mine,
        "going_on": next((run for run in mine if not run.closed_at), None),
        "allowed": allowed,
        "left": max(0, allowed - len(mine)),
        "count": sum(row["count"] for row in version.body.get("blueprint", [])),
    }


@require_POST
def start_quiz(request, slug):
    return _start(request, newest_or_404(Quiz, slug))


@require_POST
def start_scenario(request, slug):
    return _start(request, newest_or_404(Scenario, slug))


def _start(request, version):
    try:
        attempt = taking.start(request.user, version)
    except taking.Refused as refusal:
        return conflict(request, code=refusal.code, sentence=str(refusal))
    if attempt.scenario_id:
        return redirect("quizzes:play", attempt.pk)
    return to_where_one_is(attempt)


def _run(request, pk):
    """One's own attempt on a scenario, else 404."""
    try:
        found = taking.sitting(request.user, pk)
    except Attempt.DoesNotExist:
        raise Http404 from None
    if not found.scenario_id:
        raise Http404
    return found


@require_safe
def play(request, pk):
    found = _run(request, pk)
    closed, answered = taking.saved(found)
    if closed:
        return redirect("scoring:result", pk)
    scenario = taking.subject_of(found)
    body = scenario.body
    path = [answered[turn].response[0] for turn in sorted(answered)]
    context = {
        "attempt": found,
        "scenario": scenario,
        "view": playing.visible(body, path),
        "state": playing.step(body, path),
        "turn": len(path) + 1,
        "ticket": taking.ticket(found, len(path) + 1, timezone.now()),
    }
    return render(request, "quizzes/play.html", context)


@either
def turn(request, pk):
    found = _run(request, pk)
    if request.method != "POST":
        return redirect("quizzes:play", pk)
    numbers = [request.POST.get(name, "") for name in ("choice", "turn")]
    if not all(number.isascii() and number.isdigit() and len(number) < 4 for number in numbers):
        return redirect("quizzes:play", pk)
    choice, place = map(int, numbers)
    try:
        taking.turn(found, choice, position=place, signed=request.POST.get("ticket", "")[:200])
    except playing.BadPath:
        return redirect("quizzes:play", pk)
    except taking.Refused as refusal:
        return conflict(request, code=refusal.code, sentence=str(refusal), url=reverse("quizzes:play", args=[pk]))
    return redirect(reverse("quizzes:play", args=[pk]) + "#now")  # where the newest words are
