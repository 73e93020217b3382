from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evidence.forms import ChecklistForm, CorrectionForm
from evidence.models import Checklist, Observation
from evidence.observing import (
    CorrectedAlready,
    KeyTaken,
    correct,
    observable_by,
    observe,
    posting_within,
    tally,
)
from staff.access import newest_or_404, requires
from staff.errors import conflict
from staff.models import Posting


@require_safe
@requires("manager")
def people(request):
    """Whom one may observe: the people of the units one heads, with the checklists."""
    search = request.GET.get("q", "").strip()[:80]
    rows = observable_by(request.user).named(search).prefetch_related("postings__unit")
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "q": search,
        "checklists": Checklist.objects.newest().order_by("slug"),
        "recent": Observation.objects.by(request.user)[:10],
    }
    return render(request, "evidence/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manager")
def checklist(request, slug, person):
    version = newest_or_404(Checklist, slug)
    observed = get_object_or_404(observable_by(request.user), pk=person)
    unit = posting_within(observed, request.user.access.scope(Posting.HEADS)).unit
    context = {"checklist": version, "person": observed}
    if request.method != "POST":
        return _page(request, ChecklistForm.empty(version.points), **context)
    form = ChecklistForm(request.POST, points=version.points)
    if not form.is_valid():
        return _page(request, form, 422, **context)
    try:
        told = {"findings": form.findings, "key": form.cleaned_data["key"]}
        return redirect("evidence:observation", observe(version, observed, by=request.user, unit=unit, **told).pk)
    except KeyTaken:
        return _page(request, form.again(), 409, **context)


def _page(request, form, status=200, **context):
    """The checklist with its form; 422 when something is missing, 409 when the form was used for another."""
    context |= {"form": form, "taken": status == 409}
    return render(request, "evidence/checklist.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("manager")
def correction(request, pk):
    """The same checklist once more, beside the observation it corrects."""
    found = _correctable(request, pk)
    context = {"checklist": found.checklist, "person": found.person, "corrects": found}
    if request.method != "POST" and (later := found.corrected_by.first()):
        return redirect("evidence:observation", later.pk)
    if request.method != "POST":
        return _page(request, CorrectionForm.of(found), **context)
    form = CorrectionForm(request.POST, points=found.checklist.points)
    if not form.is_valid():
        return _page(request, form, 422, **context)
    told = {name: form.cleaned_data[name] for name in ("reason", "key")}
    try:
        written = correct(found, by=request.user, findings=form.findings, **told)
        return redirect("evidence:observation", written.pk)
    except KeyTaken:
        return _page(request, form.again(), 409, **context)
    except CorrectedAlready:
        return _corrected_meanwhile(request, found)


def _corrected_meanwhile(request, found):
    return conflict(
        request,
        sentence=_("This observation was corrected meanwhile. Open it to see by whom, and correct that if need be."),
        url=reverse("evidence:observation", args=[found.pk]),
    )


def _correctable(request, pk):
    found = get_object_or_404(Observation.objects.visible_to(request.user), pk=pk)
    if not found.correctable_by(request.user):
        raise Http404
    return found


@require_safe
def observation(request, pk):
    found = get_object_or_404(Observation.objects.visible_to(request.user), pk=pk)
    findings = found.findings.select_related("wording__clause", "wording__standard").defer("wording__standard__body")
    points = {point["key"]: point["text"] for point in found.checklist.points}
    context = {
        "observation": found,
        "rows": [(points[finding.point], finding) for finding in findings],
        "tally": tally(found),
        "later": found.corrected_by.first(),
        "correctable": found.correctable_by(request.user),
    }
    return render(request, "evidence/observation.html", context)
