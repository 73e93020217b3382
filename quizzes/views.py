from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from quizzes import play as playing
from quizzes import taking
from quizzes.forms import AnswerForm
from quizzes.models import Quiz, Scenario
from staff.errors import conflict


@require_GET
def quiz(request, slug):
    version = get_object_or_404(Quiz.objects.newest(), slug=slug)
    return render(request, "quizzes/quiz.html", _intro(request, version))


@require_GET
def scenario(request, slug):
    version = get_object_or_404(Scenario.objects.newest(), slug=slug)
    return render(request, "quizzes/scenario.html", _intro(request, version))


def _intro(request, version):
    mine = list(request.user.attempts.assessed().on(version.slug).prefetch_related("scores"))
    allowed = version.body.get("attempts", taking.SCENARIO_RUNS)
    return {
        "subject": version,
        "attempts": mine,
        "going_on": next((attempt for attempt in mine if not attempt.closed), None),
        "allowed": allowed,
        "left": max(0, allowed - len(mine)),
        "count": sum(row["count"] for row in version.body.get("blueprint", [])),
    }


@require_POST
def start_quiz(request, slug):
    return _start(request, get_object_or_404(Quiz.objects.newest(), slug=slug))


@require_POST
def start_scenario(request, slug):
    return _start(request, get_object_or_404(Scenario.objects.newest(), slug=slug))


def _start(request, version):
    try:
        attempt = taking.start(request.user, version)
    except taking.Refused as refusal:
        return conflict(request, code=refusal.code, sentence=str(refusal))
    return redirect("quizzes:attempt" if attempt.quiz_id else "quizzes:play", attempt.pk)


@require_GET
def attempt(request, pk):
    """Back to where one left: the first position without an answer."""
    found = get_object_or_404(request.user.attempts.quizzes(), pk=pk)
    if found.closed:
        return redirect("scoring:result", pk)
    answered = found.answers.latest()
    open_positions = [place for place in range(1, len(found.paper) + 1) if place not in answered]
    return redirect("quizzes:position", pk, open_positions[0]) if open_positions else redirect("quizzes:check", pk)


@require_GET
def position(request, pk, place):
    found = get_object_or_404(request.user.attempts.quizzes(), pk=pk)
    if not 1 <= place <= len(found.paper):
        raise Http404
    return _position_page(request, found, place)


def _position_page(request, found, place, form=None):
    if found.closed:
        return redirect("scoring:result", found.pk)
    now = timezone.now()
    answered = found.answers.latest()
    last = answered.get(place)
    chosen = form.chosen if form else (last.response if last else [])
    context = {
        "attempt": found,
        "quiz": taking.subject_of(found),
        "place": place,
        "count": len(found.paper),
        "question": taking.question(found, place),
        "chosen": chosen,
        "ranks": form.ranks if form else {key: str(rank) for rank, key in enumerate(chosen, start=1)},
        "form": form,
        "last": last,
        "answered": answered,
        "positions": range(1, len(found.paper) + 1),
        "seq": last.seq + 1 if last else 1,
        "ticket": taking.ticket(found, place, now),
        "now": now,
        "expired": found.expired(now),
    }
    return render(request, "quizzes/position.html", context, status=422 if form else 200)


@require_POST
def answer(request, pk, place):
    found = get_object_or_404(request.user.attempts.quizzes(), pk=pk)
    if not 1 <= place <= len(found.paper):
        return redirect("quizzes:attempt", pk)
    form = AnswerForm(request.POST, question=taking.question(found, place))
    if not form.is_valid():
        return _position_page(request, found, place, form)
    cleaned = form.cleaned_data
    try:
        taking.answer(found, place, form.response, seq=cleaned["seq"], signed=cleaned["ticket"])
    except taking.AnsweredElsewhere:
        return conflict(request, code="answered_elsewhere", url=reverse("quizzes:position", args=[pk, place]))
    except taking.Refused as refusal:
        return conflict(request, code=refusal.code, sentence=str(refusal), url=reverse("quizzes:attempt", args=[pk]))
    if request.POST.get("save"):
        return HttpResponse(status=204)
    return redirect("quizzes:position", pk, place + 1) if place < len(found.paper) else redirect("quizzes:check", pk)


@require_GET
def check(request, pk):
    found = get_object_or_404(request.user.attempts.quizzes(), pk=pk)
    if found.closed:
        return redirect("scoring:result", pk)
    answered = found.answers.latest()
    context = {
        "attempt": found,
        "quiz": taking.subject_of(found),
        "answered": answered,
        "positions": range(1, len(found.paper) + 1),
        "open_positions": [
            place
            for place in range(1, len(found.paper) + 1)
            if place not in answered or not answered[place].response  # passed over is not answered
        ],
        "now": timezone.now(),
    }
    return render(request, "quizzes/check.html", context)


@require_GET
def play(request, pk):
    found = get_object_or_404(request.user.attempts.scenarios(), pk=pk)
    if found.closed:
        return redirect("scoring:result", pk)
    body = taking.subject_of(found).body
    path = taking.path_of(found)
    context = {
        "attempt": found,
        "scenario": taking.subject_of(found),
        "view": playing.visible(body, path),
        "state": playing.step(body, path),
        "turn": len(path) + 1,
        "ticket": taking.ticket(found, len(path) + 1, timezone.now()),
    }
    return render(request, "quizzes/play.html", context)


@require_POST
def turn(request, pk):
    found = get_object_or_404(request.user.attempts.scenarios(), pk=pk)
    numbers = [request.POST.get(name, "") for name in ("choice", "turn")]
    if not all(number.isdigit() and len(number) < 4 for number in numbers):
        return redirect("quizzes:play", pk)
    choice, place = map(int, numbers)
    try:
        taking.turn(found, choice, position=place, signed=request.POST.get("ticket", "")[:200])
    except playing.BadPath:
        return redirect("quizzes:play", pk)
    except taking.Refused as refusal:
        return conflict(request, code=refusal.code, sentence=str(refusal), url=reverse("quizzes:play", args=[pk]))
    return redirect("quizzes:play", pk)
