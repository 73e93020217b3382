from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quizzes import admitting, quiz_rules, taking
from quizzes import play as playing
from quizzes.models import Attempt, Quiz, Scenario
from quizzes.sitting_views import either, to_where_one_is
from staff.access import newest_or_404
from staff.errors import conflict
from staff.models import User


@require_safe
def quiz(request, slug):
    return _quiz_page(request, newest_or_404(Quiz, slug))


def _quiz_page(request, version, *, problem=None):
    """problem: (code, sentence) of a start that was refused."""
    set_by = User.objects.name_of(version.body["pass_mark"]["by"])
    mine = taking.runs(request.user, version.slug, admitting.purpose_of(version))
    terms, now = admitting.terms_for(request.user, version), timezone.now()
    decision = quiz_rules.decide(terms, mine, now)
    context = _intro(version, mine, terms.attempts) | {
        "set_by": set_by,
        "rules": quiz_rules.rules_of(version.body),
        "terms": terms,
        "decision": decision,
        "sentence": admitting.sentence_of(decision),
        "minutes_now": max(1, int((terms.deadline(now) - now).total_seconds() + 59) // 60),
        "trains": request.user.access.has("trainer"),
        "problem": problem,
        "here": reverse("quizzes:quiz", args=[version.slug]),
    }
    status = STATUS.get(problem[0], 409) if problem else 200
    return render(request, "quizzes/quiz.html", context, status=status)


STATUS = {"wrong_code": 422, "too_many_codes": 429}


@require_safe
def scenario(request, slug):
    version = newest_or_404(Scenario, slug)
    mine = taking.runs(request.user, version.slug)
    return render(request, "quizzes/scenario.html", _intro(version, mine, taking.SCENARIO_RUNS))


def _intro(version, mine, allowed):
    return {
        "subject": version,
        "attempts": mine,
        "going_on": next((run for run in mine if not run.closed_at), None),
        "allowed": allowed,
        "left": max(0, allowed - len(mine)),
    }


@require_POST
def start_quiz(request, slug):
    version = newest_or_404(Quiz, slug)
    try:
        attempt = taking.start(request.user, version, code=request.POST.get("code", "")[:200])
    except taking.Refused as refusal:
        return _quiz_page(request, version, problem=(refusal.code, str(refusal)))
    return to_where_one_is(attempt)


@require_POST
def start_scenario(request, slug):
    try:
        attempt = taking.start(request.user, newest_or_404(Scenario, slug))
    except taking.Refused as refusal:
        return conflict(request, code=refusal.code, sentence=str(refusal))
    return redirect("quizzes:play", attempt.pk)


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
