from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_safe

from evidence.forms import ChecklistForm
from evidence.models import Checklist, Observation
from evidence.observing import observe, tally
from staff.access import newest_or_404, requires
from staff.models import Posting, User


@require_safe
@requires("manager")
def people(request):
    """Whom one may observe: the people of the units one heads, with the checklists."""
    found = User.objects.working_in(request.user.access.scope(Posting.HEADS)).present().exclude(pk=request.user.pk)
    search = request.GET.get("q", "").strip()[:80]
    rows = found.named(search).prefetch_related("postings__unit").order_by("employee_number")
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
    scope = request.user.access.scope(Posting.HEADS)
    observed = get_object_or_404(User.objects.working_in(scope).exclude(pk=request.user.pk), pk=person)
    form = ChecklistForm(
        request.POST if request.method == "POST" else None,
        points=version.points,
        initial={"key": get_random_string(22)},
    )
    if request.method == "POST" and form.is_valid():
        observation = observe(
            version,
            observed,
            by=request.user,
            unit=observed.unit_on(timezone.localdate()),
            findings=form.findings,
            key=form.cleaned_data["key"],
        )
        return redirect("evidence:observation", observation.pk)
    context = {"checklist": version, "person": observed, "form": form}
    return render(request, "evidence/checklist.html", context, status=422 if form.errors else 200)


@require_safe
def observation(request, pk):
    found = get_object_or_404(Observation.objects.visible_to(request.user), pk=pk)
    findings = found.findings.select_related("wording__clause", "wording__standard")
    points = {point["key"]: point["text"] for point in found.checklist.points}
    rows = [(points[finding.point], finding) for finding in findings]
    return render(request, "evidence/observation.html", {"observation": found, "rows": rows, "tally": tally(found)})
