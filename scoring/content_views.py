"""The review list: content that cites clauses which a new version of their standard changed."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scoring.deciding import Overtaken, decide, hand_over
from scoring.excerpts import excerpt
from scoring.forms import DecisionForm, OwnerForm
from scoring.retiring import StillNeeded
from scoring.thread import titles_of
from staff.access import requires
from staff.errors import conflict
from staff.labels import LABELS
from standards.models import ContentReview, Standard


@require_safe
@requires("trainer")
def reviews(request):
    """Mine and nobody's, or all; to decide, or decided; of one standard, or of all."""
    chosen = {name: request.GET.get(name, "") for name in ("who", "state", "standard")}
    rows = ContentReview.objects.on(chosen["standard"]).listed()
    rows = rows if chosen["who"] == "all" else rows.for_user(request.user)
    rows = rows.settled() if chosen["state"] == "decided" else rows.waiting()
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    own = chosen["who"] != "all" and chosen["state"] != "decided" and not page.paginator.count
    context = {
        "page": page,
        "others": ContentReview.objects.on(chosen["standard"]).waiting().count() if own else 0,
        "titles": titles_of(page.object_list),
        "standards": Standard.objects.newest().order_by("slug").defer("body"),
        "filters": urlencode({name: value for name, value in chosen.items() if value}),
        **chosen,
    }
    return render(request, "scoring/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def review(request, pk):
    """One row: the sentences side by side, what cites them, and what becomes of it."""
    row = get_object_or_404(ContentReview.objects.listed(), pk=pk)
    form = DecisionForm(request.POST if request.method == "POST" else None, kind=row.kind, initial={"shown": row.state})
    if request.method == "POST" and (row.closed_at or request.POST.get("shown") != row.state):
        return conflict(request, sentence=_decided_meanwhile(row))
    if not form.is_valid():
        return _review_page(request, row, form)
    try:
        state = decide(row, request.user, state=form.cleaned_data["state"], reason=form.cleaned_data["reason"])
    except Overtaken as clash:
        return conflict(request, sentence=str(clash))
    except StillNeeded as refusal:
        form.add_error("state", str(refusal))
        return _review_page(request, row, form)
    messages.success(request, _("Decided: %(word)s.") % {"word": LABELS[state]})
    return redirect(f"{reverse('scoring:reviews')}?standard={row.standard.slug}")


def _review_page(request, row, form):
    context = {"row": row, "form": form, "owners": OwnerForm(initial={"owner": row.owner_id}), "piece": excerpt(row)}
    return render(request, "scoring/review.html", context, status=422 if form.errors else 200)


@require_POST
@requires("trainer")
def owner(request, pk):
    """Takes a row, or gives it to another trainer."""
    row = get_object_or_404(ContentReview.objects.listed(), pk=pk)
    form = OwnerForm(request.POST)
    if not form.is_valid():
        sentence = _("Nobody of that name is a trainer here today. Choose again.")
        return conflict(request, sentence=sentence, url=_row_url(row))
    try:
        hand_over(row, request.user, owner=form.cleaned_data["owner"])
    except Overtaken as clash:
        return conflict(request, sentence=str(clash), url=_row_url(row))
    messages.success(request, _("It is on the list of %(name)s.") % {"name": form.cleaned_data["owner"].name})
    return redirect("scoring:review", row.pk)


def _decided_meanwhile(row):
    return _("This was decided meanwhile: %(word)s.") % {"word": LABELS[row.state]}


def _row_url(row):
    return reverse("scoring:review", args=[row.pk])
