from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evidence.forms import ReasonForm
from evidence.observing import posting_within
from scoring.clauses_behind import clauses_behind
from scoring.models import Appraisal
from scoring.sheets import appraisable_by, days, newest_plans, sheet, this_period, unsigned, waiting
from scoring.signing import CannotSign, shown, sign, warnings
from scoring.thread import line_thread
from staff.access import requires
from staff.errors import conflict
from staff.models import Posting

AT_ONCE = 500  # how many people's records are read for the counts of one page


def to_sign(appraiser, period, part=None):
    """(Waiting of a part of the people one appraises, that part as a page)."""
    page = Paginator(unsigned(appraiser, period), AT_ONCE).get_page(part)
    return waiting(appraiser, list(page), period), page


@require_safe
def appraisals(request):
    signed = Appraisal.objects.visible_to(request.user).current().select_related("person", "unit", "by", "plan")
    context = {"page": Paginator(signed, 50).get_page(request.GET.get("page"))}
    if request.user.access.has("appraiser"):
        context |= _to_sign(request)
    return render(request, "scoring/appraisals.html", context)


def _to_sign(request):
    """The three groups of those to sign, and the list of the one that was asked for."""
    period = request.GET.get("period", "")
    if period not in (this_period(), _month_before()):
        period = this_period()
    found, part = to_sign(request.user, period, request.GET.get("part"))
    groups = {"ready": found.ready, "blocked": found.blocked, "planless": found.planless}
    asked = request.GET.get("group", "")
    group = asked if asked in groups else next((name for name, rows in groups.items() if rows), "ready")
    shown = Paginator(groups[group], 50).get_page(request.GET.get("open"))
    return {
        "period": period,
        "periods": (_month_before(), this_period()),
        "groups": groups,
        "group": group,
        "open": shown,
        "part": part,
    }


def _month_before():
    first, _last = days(this_period())
    return f"{first.replace(month=first.month - 1):%Y-%m}" if first.month > 1 else f"{first.year - 1}-12"


@require_http_methods(["GET", "HEAD", "POST"])
@requires("appraiser")
def open_sheet(request, person, period):
    appraised = get_object_or_404(appraisable_by(request.user), pk=person)
    posting = posting_within(appraised, request.user.access.scope(Posting.APPRAISES))
    found = _sheet(appraised, posting, period)
    if request.method == "POST":
        return _sign(request, found, posting)
    signed = Appraisal.objects.current().of(appraised, period)
    context = {"person": appraised, "period": period, "sheet": found, "signed": signed}
    if "confirm" in request.GET and found and found.result.percent is not None and not signed:
        return render(request, "scoring/sign.html", context | {"warnings": warnings(found), "shown": shown(found)})
    return render(request, "scoring/sheet.html", context)


def _sheet(person, posting, period):
    """The open sheet of a month that has begun, or None without a plan."""
    try:
        days(period)
    except ValueError:
        raise Http404 from None
    if period > this_period():
        raise Http404
    plan = newest_plans([posting.job_role_id]).get(posting.job_role_id)
    return plan and sheet(person, plan, period)


def _sign(request, found, posting):
    """Signs what the asking page showed; without it, one is asked first."""
    if found and found.result.percent is not None and "shown" not in request.POST:
        return redirect(f"{request.path}?confirm")
    try:
        if found is None:
            raise CannotSign(_("There is no plan for this post yet, so there is nothing to sign."))
        _check_shown(request, found)
        return redirect("scoring:appraisal", sign(found, by=request.user, unit=posting.unit).pk)
    except CannotSign as refusal:
        return conflict(request, sentence=str(refusal))


def _check_shown(request, found):
    if found.result.percent is not None and request.POST.get("shown") != shown(found):
        raise CannotSign(_("The records changed since you looked, and nothing was signed. Look at the sheet again."))


@require_safe
def appraisal(request, pk):
    found = get_object_or_404(_visible(request), pk=pk)
    revisions = Appraisal.objects.revisions_of(found)
    context = {
        "appraisal": found,
        "lines": found.body["lines"],
        "plan": found.plan,
        "bands": found.plan.body["bands"],
        "revisions": revisions,
    }
    return render(request, "scoring/appraisal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("appraiser")
def revise(request, pk):
    """The sheet once more from the records as they are now, under the plan it was signed on."""
    found = _revisable(request, pk)
    now = sheet(found.person, found.plan, found.period)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _check_shown(request, now)
            told = {"revision": found.revision + 1, "reason": form.cleaned_data["reason"]}
            return redirect("scoring:appraisal", sign(now, by=request.user, unit=found.unit, **told).pk)
        except CannotSign as refusal:
            return conflict(request, sentence=str(refusal), url=reverse("scoring:appraisal", args=[pk]))
    newest = Appraisal.objects.current().of(found.person, found.period)
    if request.method != "POST" and newest != found:
        return redirect("scoring:revise", newest.pk)
    lines = {line["indicator"]: line for line in found.body["lines"]}
    rows = [(lines[row["key"]], line) for row, line, _records in now.rows()]
    context = {"appraisal": found, "sheet": now, "rows": rows, "form": form, "warnings": warnings(now)}
    context["shown"] = shown(now)
    return render(request, "scoring/revise.html", context, status=422 if form.errors else 200)


def _revisable(request, pk):
    found = get_object_or_404(_visible(request), pk=pk)
    if not found.revisable_by(request.user):
        raise Http404
    return found


@require_safe
def thread(request, pk, indicator):
    found = get_object_or_404(_visible(request), pk=pk)
    if indicator not in [line["indicator"] for line in found.body["lines"]]:
        raise Http404
    line = next(line for line in found.body["lines"] if line["indicator"] == indicator)
    context = {
        "appraisal": found,
        "line": line,
        "nodes": line_thread(found, indicator, get_language()),
        "clauses": clauses_behind(found, indicator),
    }
    return render(request, "scoring/thread.html", context)


def _visible(request):
    return Appraisal.objects.visible_to(request.user).select_related("person", "unit", "by", "plan")
