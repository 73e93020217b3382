from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from scoring.clauses_behind import clauses_behind
from scoring.models import Appraisal
from scoring.sheets import plan_for, sheet, span
from scoring.signing import CannotSign, sign
from scoring.thread import line_thread
from staff.access import requires
from staff.errors import conflict
from staff.models import Posting, User


def this_period():
    return f"{timezone.localdate():%Y-%m}"


def to_sign(appraiser):
    """People of the units one appraises whose sheet of this period is not signed."""
    people = User.objects.working_in(appraiser.access.scope(Posting.APPRAISES)).present().exclude(pk=appraiser.pk)
    signed = Appraisal.objects.in_period(this_period()).values("person")
    return people.exclude(pk__in=signed).order_by("employee_number")


@require_safe
def appraisals(request):
    signed = Appraisal.objects.visible_to(request.user).current().select_related("person", "unit", "by", "plan")
    context = {"page": Paginator(signed, 50).get_page(request.GET.get("page")), "period": this_period()}
    if request.user.access.has("appraiser"):
        context["open"] = Paginator(to_sign(request.user), 50).get_page(request.GET.get("open"))
    return render(request, "scoring/appraisals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("appraiser")
def open_sheet(request, person, period):
    scope = request.user.access.scope(Posting.APPRAISES)
    appraised = get_object_or_404(User.objects.working_in(scope).exclude(pk=request.user.pk), pk=person)
    found = _sheet(appraised, period)
    signed = Appraisal.objects.current().of(appraised, period)
    if request.method == "POST" and found:
        try:
            appraisal = sign(found, by=request.user, unit=appraised.unit_on(timezone.localdate()))
        except CannotSign as refusal:
            return conflict(request, sentence=str(refusal))
        return redirect("scoring:appraisal", appraisal.pk)
    context = {"person": appraised, "period": period, "sheet": found, "signed": signed}
    return render(request, "scoring/sheet.html", context)


def _sheet(person, period):
    try:
        span(period)
    except (ValueError, OverflowError):
        raise Http404 from None
    plan = plan_for(person, timezone.localdate())
    return plan and sheet(person, plan, period)


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
