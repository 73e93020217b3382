from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import taking
from quizzes.models import Attempt
from quizzes.quiz_rules import rules_of
from scoring import review
from scoring.clauses import history, holders, missed, named_roles, percent_of, words_of
from scoring.counted import gain
from scoring.debrief import debrief, way_on
from scoring.finish import NotEnded
from scoring.finish import finish as finish_attempt
from scoring.models import Score
from scoring.thread import titles_of
from staff.models import User
from standards.models import Citation


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request, pk):
    attempt = review.own.first(pk, request.user.pk)
    if attempt is None:
        raise Http404
    if request.method != "POST":  # a sign-in in between leads here by GET
        return redirect("quizzes:play" if attempt.scenario_id else "quizzes:attempt", pk)
    attempt.person = request.user
    try:
        finish_attempt(attempt, by=request.user)
    except NotEnded:
        return redirect("quizzes:play", pk)
    return redirect("scoring:result", pk)


@require_safe
def results(request):
    scores = Score.objects.current().of(request.user)
    return render(request, "scoring/results.html", {"scores": scores})


@require_safe
def result(request, pk):
    attempt = review.own_closed.first(pk, request.user.pk) or get_object_or_404(
        Attempt.objects.visible_to(request.user).closed(), pk=pk
    )
    score = review.newest_score.first(pk)
    subject = taking.subject_of(attempt)
    mine = attempt.person_id == request.user.pk
    context = {"attempt": attempt, "score": score, "subject": subject, "mine": mine}
    if attempt.scenario_id:
        context |= debrief(attempt, score, subject)
        lost = [turn["mark"] for turn in context["turns"] if turn["best"] or turn["red"]]
    else:
        context |= _answers(request, attempt, score, subject)
        lost = [row["mark"] for row in context["rows"] if not row["mark"].right]
    if mine and not score.passed and score.reason != "awaiting_marks":
        context |= way_on(request.user, attempt, lost)
    return render(request, "scoring/debrief.html" if attempt.scenario_id else "scoring/result.html", context)


def _answers(request, attempt, score, quiz):
    shown = review.told(attempt, quiz, mine=attempt.person_id == request.user.pk, now=timezone.now())
    context = {"rows": review.questions(score, attempt.paper, shown), "shown": shown, "rules": rules_of(quiz.body)}
    return context | {"closes_at": review.closes_at(attempt)} | gain(attempt, score, context["rules"])


@require_safe
def clause(request, key):
    """The thread forward: who must know, who teaches, tests and observes this clause, and how often it is missed."""
    wordings = words_of(key)
    if not wordings:
        raise Http404
    citations = list(Citation.objects.of_clauses([key]).order_by("kind", "slug", "place"))
    lessons = {(citation.slug, citation.place) for citation in citations if citation.kind == "course"}
    wording = wordings[0]
    roles = named_roles(wording.roles)
    context = {
        "wording": wording,
        "history": history(wordings),
        "citations": citations,
        "titles": titles_of(citations),
        "roles": [role.name for role in roles],
        "may_write": request.user.access.has("trainer"),
    }
    if request.user.access.has("trainer", "manager", "appraiser"):
        context["holders"] = holders(request.user, roles, lessons)
        context["missed"] = found = missed(wording.clause)
        context["rate"] = percent_of(found["missed"], found["n"])
        context["people"] = User.objects.visible_to(request.user).among(found["people"])
    return render(request, "scoring/clause.html", context)
