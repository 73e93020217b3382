"""Reports of bad items: a learner hands one in from the result, and whoever owns the item answers it."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes.answered import answered
from quizzes.models import Item, ItemReport
from scoring import reporting
from scoring.judged import judged
from scoring.reporting import DecidedMeanwhile, ReportedAlready
from scoring.views import result_page
from staff.access import requires
from staff.errors import conflict
from staff.frozen import kept

PAGE = 30


class ReportForm(forms.Form):
    words = forms.CharField(max_length=2000)
    named = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Answer to the learner"),
        max_length=2000,
        help_text=gettext_lazy("It stands on the learner's result page, without your name, and closes the report."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )


@require_POST
def report_item(request, pk, place):
    """From one's own closed quiz only."""
    attempt = get_object_or_404(request.user.attempts.quizzes().closed(), pk=pk)
    if not 1 <= place <= len(attempt.paper):
        raise Http404
    form = ReportForm(request.POST)
    url = reverse("scoring:result", args=[pk]) + f"#position-{place}"
    if not form.is_valid():
        sentence = _("Say what is wrong with the question, in at most 2,000 characters. Nothing was sent.")
        return result_page(request, attempt, wrong={place: (sentence, request.POST.get("words", "")[:20_000])})
    try:
        reporting.report(attempt, place, by=request.user, **form.cleaned_data)
    except ReportedAlready as told:
        messages.info(request, str(told))
        return redirect(url)
    messages.success(request, _("Your report is sent. What becomes of it will stand at the question."))
    return redirect(url)


@require_safe
@requires("trainer")
def reports(request):
    """Mine and nobody's, or all; open, or answered as well; of one item, or of all."""
    chosen = {name: request.GET.get(name, "")[:80].replace("\0", "") for name in ("who", "state", "item")}
    rows = ItemReport.objects.on(chosen["item"]).listed()
    rows = rows if chosen["who"] == "all" else rows.for_user(request.user)
    rows = rows if chosen["state"] == "all" else rows.open()
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "kept": urlencode({name: value for name, value in chosen.items() if value}),
        "others": ItemReport.objects.open().count() if chosen["who"] != "all" else 0,
        **chosen,
    }
    return render(request, "scoring/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def report(request, pk):
    row = get_object_or_404(ItemReport.objects.listed(), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _report_page(request, row, form)
    try:
        reporting.answer_report(row, by=request.user, words=form.cleaned_data["words"])
    except DecidedMeanwhile as told:
        return conflict(request, sentence=str(told), url=reverse("scoring:report", args=[pk]))
    messages.success(request, _("Answered. The learner sees it on the result page."))
    return redirect("scoring:reports")


def _report_page(request, row, form):
    now, entry = judged(row.item), row.attempt.paper[row.position - 1]
    context = {
        "row": row,
        "form": form,
        "now": now,
        "answered": answered(now.body, row.answer and row.answer.response, entry["options"]),
        "count": len(row.attempt.paper),
        "paper": [kept(Item, each["item"]) for each in row.attempt.paper],
        "mark": row.attempt.scores.order_by("revision").last().marks.get(position=row.position),
    }
    return render(request, "scoring/report.html", context, status=422 if form.errors else 200)
