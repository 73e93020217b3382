"""The marking queue: what waits, and one answer after the other without the names behind them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quizzes.marking import OPEN
from quizzes.models import Item
from scoring import queue, reporting
from scoring.marking_forms import RatingForm
from scoring.one_answer import NotYours, rubric_of, shown
from scoring.rating import MarkedMeanwhile, rate
from staff.access import requires

PAGE = 30


@require_safe
@requires("trainer")
def marking(request):
    """What waits, the longest first; found by words of the question, by quiz and by item."""
    chosen = {name: request.GET.get(name, "")[:80].strip().replace("\0", "") for name in ("q", "quiz", "item")}
    every = queue.rows(request.user)
    rows = queue.fitting(every, words=chosen["q"], quiz=chosen["quiz"], item=chosen["item"])
    quizzes = {quiz.pk: quiz for row in every for quiz in row.quizzes}
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "kept": urlencode({name: value for name, value in chosen.items() if value}),
        "quizzes": {quiz.slug: quiz for quiz in quizzes.values()},
        "items": {row.item.slug: row.item for row in every},
        "waiting": sum(row.waiting for row in every),
        "agreed": queue.agreed(quizzes),
        "reported": reporting.counts(request.user),
    }
    return render(request, "scoring/marking.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def mark(request, pk):
    """One answer to an item: the next of this marker's, or ?answer= one's own to set right."""
    item = get_object_or_404(Item.objects.published(), pk=pk, type__in=OPEN)
    if request.method == "POST":
        return _give(request, item)
    found, after = queue.waiting(item), _number(request.GET.get("after"))
    if after:
        queue.let_go(after, request.user)
    wanted = _number(request.GET.get("answer"))
    if not wanted:
        given = queue.next_for(request.user, found, after=after)
        wanted = given and given.answer
    return _page(request, item, found, answer=wanted and _answer(request, item, wanted))


def _page(request, item, found, *, answer, form=None):
    left = sum(each.needs > 0 for each in found)
    done = queue.marked_of([item.pk]).get(item.pk, 0) + len(found) - left
    before = queue.own_before(request.user, item, _number(request.GET.get("before")))
    context = {"item": item, "before": before, "left": left, "done": done, "all": left + done}
    if answer:
        try:
            context |= shown(answer, item, request.user, form)
        except NotYours:
            messages.warning(request, _("Others gave this answer its marks; theirs stand."))
            return redirect("scoring:mark", item.pk)
    return render(request, "scoring/mark.html", context, status=422 if form else 200)


def _answer(request, item, pk):
    """An answer to this item in a closed quiz; 403 for one's own, 404 for any other row."""
    answer = get_object_or_404(queue.answers_to(item), pk=pk)
    if answer.attempt.person_id == request.user.pk:
        raise PermissionDenied
    return answer


def _give(request, item):
    answer = _answer(request, item, _number(request.POST.get("answer")) or 0)
    form = RatingForm(request.POST, rubric=rubric_of(item))
    if not form.is_valid():
        return _page(request, item, queue.waiting(item), answer=answer, form=form)
    given = {"turn": form.cleaned_data["turn"], "shares": form.shares(), "comment": form.cleaned_data["comment"]}
    try:
        rate(answer, by=request.user, **given)
    except MarkedMeanwhile as told:
        messages.warning(request, str(told))
        return redirect("scoring:mark", item.pk)
    return redirect(f"{reverse('scoring:mark', args=[item.pk])}?before={answer.pk}")


def _number(words):
    return int(words) if words and words.isascii() and words.isdecimal() and len(words) < 19 else None
