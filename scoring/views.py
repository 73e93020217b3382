from decimal import Decimal
from typing import NamedTuple

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from quizzes import taking
from quizzes.models import Attempt, Item
from scoring.debrief import debrief, way_on
from scoring.finish import NotEnded
from scoring.finish import finish as finish_attempt
from scoring.models import Mark, Score
from scoring.thread import clause_missed, titles_of
from staff.access import newest_or_404
from staff.frozen import kept
from staff.models import JobRole, User
from staff.prepared import Prepared
from standards.models import Citation, Clause, Standard

OWN = Prepared(lambda pk, person: Attempt.objects.filter(pk=pk, person=person), int, int)
OWN_CLOSED = Prepared(lambda pk, person: Attempt.objects.closed().filter(pk=pk, person=person), int, int)
NEWEST_SCORE = Prepared(lambda attempt: Score.objects.filter(attempt=attempt).order_by("-revision")[:1], int)


@require_POST
def finish(request, pk):
    attempt = OWN.first(pk, request.user.pk)
    if attempt is None:
        raise Http404
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
    attempt = OWN_CLOSED.first(pk, request.user.pk) or get_object_or_404(
        Attempt.objects.visible_to(request.user).closed(), pk=pk
    )
    score = NEWEST_SCORE.first(pk)
    subject = taking.subject_of(attempt)
    mine = attempt.person_id == request.user.pk
    context = {"attempt": attempt, "score": score, "subject": subject, "mine": mine}
    if attempt.scenario_id:
        context |= debrief(attempt, score, subject)
        lost = [turn["mark"] for turn in context["turns"] if turn["best"] or turn["red"]]
    else:
        context["rows"] = _rows(score, attempt.paper)
        lost = [row["mark"] for row in context["rows"] if not row["mark"].right]
    if mine and not score.passed:
        context |= way_on(request.user, attempt, lost)
    return render(request, "scoring/debrief.html" if attempt.scenario_id else "scoring/result.html", context)


class Key(NamedTuple):
    """What a page says of a clause."""

    key: str


class Words(NamedTuple):
    """What a page says of a wording."""

    clause: Key
    number: str
    weight: str
    text: dict


class Marked(NamedTuple):
    """A mark of a quiz with what was answered (None: nothing) and the words it counts under (or None)."""

    position: int
    item: Item
    points: Decimal
    max_points: Decimal
    status: str
    response: list
    wording: Words

    @property
    def right(self):
        return self.points == self.max_points


MARKS = Prepared(
    lambda score: (
        Mark.objects.filter(score=score)
        .order_by("position")
        .values_list(
            *("position", "item_id", "points", "max_points", "status", "answer__response"),
            *("wording__clause__key", "wording__number", "wording__weight", "wording__text_zh", "wording__text_en"),
        )
    ),
    int,
)


def _rows(score, paper):
    marks = [_marked(*row) for row in MARKS(score.pk)]
    return [{"mark": mark, "options": _options(mark, paper[mark.position - 1]["options"])} for mark in marks]


def _marked(position, item, points, most, status, response, key, number, weight, zh, en):
    wording = key and Words(Key(key), number, weight, {"zh": zh, "en": en})
    return Marked(position, kept(Item, item), points, most, status, response, wording)


def _options(mark, shown):
    """The options as the person saw them, [{text, chosen, right}]; of an ordering the right order,
    [{text, place}] with the place the person gave each."""
    body, given = mark.item.body, mark.response or []
    texts, right = {option["key"]: option["text"] for option in body["options"]}, body["right"]
    if mark.item.type == "ordering":
        return [{"text": texts[key], "place": given.index(key) + 1 if key in given else None} for key in right]
    return [{"text": texts[key], "chosen": key in given, "right": key in right} for key in shown]


@require_safe
def clause(request, key):
    """The thread forward: who teaches, tests and observes this clause, and how often it is missed."""
    found = get_object_or_404(Clause, key=key)
    wordings = found.wordings.select_related("standard").defer("standard__body").order_by("-standard__number")
    wording = wordings[0]
    citations = Citation.objects.of_clauses([key]).order_by("kind", "slug", "place")
    context = {
        "clause": found,
        "wording": wording,
        "history": wordings,
        "newest": newest_or_404(Standard, wording.standard.slug),
        "citations": citations,
        "titles": titles_of(citations),
        "roles": [role.name for role in JobRole.objects.all() if role.slug in wording.roles],
    }
    if request.user.access.has("trainer", "manager", "appraiser"):
        context["missed"] = missed = clause_missed(found)
        context["people"] = User.objects.visible_to(request.user).among(missed["people"])
    return render(request, "scoring/clause.html", context)
