from pathlib import PurePath
from typing import NamedTuple

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quizzes import admitting, quiz_rules, taking, uploads
from quizzes import play as playing
from quizzes.forms import AnswerForm, filled
from quizzes.models import Attempt, Quiz, Scenario
from staff.access import newest_or_404
from staff.addresses import url_to
from staff.errors import conflict
from staff.models import File, User


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
    return _to_first_open(attempt, taking.saved(attempt)[1])


@require_POST
def start_scenario(request, slug):
    try:
        attempt = taking.start(request.user, newest_or_404(Scenario, slug))
    except taking.Refused as refusal:
        return conflict(request, code=refusal.code, sentence=str(refusal))
    return redirect("quizzes:play", attempt.pk)


def _to_first_open(attempt, answered):
    open_positions = [place for place in range(1, len(attempt.paper) + 1) if place not in answered]
    if open_positions:
        return HttpResponseRedirect(url_to("quizzes:position", attempt.pk, open_positions[0]))
    return HttpResponseRedirect(url_to("quizzes:check", attempt.pk))


def _sitting(request, pk, kind):
    """One's own attempt on a quiz or a scenario, else 404."""
    try:
        found = taking.sitting(request.user, pk)
    except Attempt.DoesNotExist:
        raise Http404 from None
    if not getattr(found, f"{kind}_id"):
        raise Http404
    return found


@require_safe
def attempt(request, pk):
    """Back to where one left: the first position without an answer."""
    found = _sitting(request, pk, "quiz")
    closed, answered = taking.saved(found)
    if closed:
        return redirect("scoring:result", pk)
    return _to_first_open(found, answered)


@require_safe
def position(request, pk, place):
    found = _sitting(request, pk, "quiz")
    if not 1 <= place <= len(found.paper):
        raise Http404
    return _position_page(request, found, place)


def _position_page(request, found, place, form=None):
    closed, answered = taking.saved(found)
    if closed:
        return redirect("scoring:result", found.pk)
    now = timezone.now()
    last, question = answered.get(place), taking.question(found, place)
    context = {
        "attempt": found,
        "quiz": taking.subject_of(found),
        "place": place,
        "count": len(found.paper),
        "question": question,
        "filled": form.filled if form else filled(question, last and last.response),
        "form": form,
        "last": last,
        "answered": answered,
        "positions": _positions(found, answered),
        "seq": last.seq + 1 if last else 1,
        "ticket": taking.ticket(found, place, now),
        "clock": _clock(found, now),
    }
    return render(request, "quizzes/position.html", context, status=422 if form else 200)


@require_POST
def answer(request, pk, place):
    found = _sitting(request, pk, "quiz")
    if not 1 <= place <= len(found.paper):
        return redirect("quizzes:attempt", pk)
    form = AnswerForm.of(request, found, place)
    if not form.is_valid():
        return _position_page(request, found, place, form)
    cleaned = form.cleaned_data
    try:
        cleaned = {"seq": cleaned["seq"], "signed": cleaned["ticket"], "upload": form.upload}
        taking.answer(found, place, form.response, **cleaned)
    except taking.AnsweredElsewhere:
        return conflict(request, code="answered_elsewhere", url=reverse("quizzes:position", args=[pk, place]))
    except taking.Refused as refusal:
        return conflict(request, code=refusal.code, sentence=str(refusal), url=reverse("quizzes:attempt", args=[pk]))
    if request.POST.get("save"):
        return HttpResponse(status=204)
    last = place == len(found.paper)
    return HttpResponseRedirect(url_to("quizzes:check", pk) if last else url_to("quizzes:position", pk, place + 1))


@require_safe
def upload(request, pk, place, sha256):
    """A picture or recording handed in as an answer: for whoever gave it, sees the attempt or marks."""
    seen = Attempt.objects.all() if request.user.access.has("trainer") else Attempt.objects.visible_to(request.user)
    found = get_object_or_404(seen, pk=pk)
    named = taking.uploaded(found, place).get(sha256)
    if named is None:
        raise Http404
    # Who marks it must not read a name in the name of the file.
    name = named["name"] if found.person_id == request.user.pk else "answer" + PurePath(named["name"]).suffix
    return uploads.served(get_object_or_404(File, sha256=sha256), name)


@require_safe
def check(request, pk):
    found = _sitting(request, pk, "quiz")
    closed, answered = taking.saved(found)
    if closed:
        return redirect("scoring:result", pk)
    context = {
        "attempt": found,
        "quiz": taking.subject_of(found),
        "answered": answered,
        "positions": _positions(found, answered),
        "open_positions": [
            place
            for place in range(1, len(found.paper) + 1)
            if place not in answered or not answered[place].response  # passed over is not answered
        ],
        "clock": _clock(found, timezone.now()),
    }
    return render(request, "quizzes/check.html", context)


class Position(NamedTuple):
    """A question in the map of a paper; given: its answer is not empty."""

    number: int
    url: str
    given: bool


def _positions(attempt, answered):
    given = {number for number, answer in answered.items() if answer.response}
    numbers = range(1, len(attempt.paper) + 1)
    return [Position(number, url_to("quizzes:position", attempt.pk, number), number in given) for number in numbers]


def _clock(attempt, now):
    """The server's time for the countdown: {deadline, now} in epoch seconds, left "18:42", until "14:30", expired."""
    left = max(0, int((attempt.deadline - now).total_seconds()))
    return {
        "deadline": int(attempt.deadline.timestamp()),
        "now": f"{now.timestamp():.3f}",
        "left": f"{left // 60}:{left % 60:02}",
        "until": f"{timezone.localtime(attempt.deadline):%H:%M:%S}",
        "expired": attempt.expired(now),
    }


@require_safe
def play(request, pk):
    found = _sitting(request, pk, "scenario")
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


@require_POST
def turn(request, pk):
    found = _sitting(request, pk, "scenario")
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
