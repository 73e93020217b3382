from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.models import Job
from jobs.running import send
from staff.access import newest_or_404, requires
from staff.models import JobRole
from standards.changes import between
from standards.forms import ImportForm
from standards.handbook import parts, qr
from standards.importing import keep_file
from standards.models import ContentReview, Standard


@require_safe
def standards(request):
    may_import = request.user.access.has("trainer")
    context = {
        "standards": Standard.objects.newest().annotate(clauses=Count("wordings")).order_by("slug"),
        "drafts": Standard.objects.drafts().order_by("slug") if may_import else [],
        "may_import": may_import,
    }
    return render(request, "standards/standards.html", context)


@require_safe
def standard(request, slug):
    version = _version(request, slug)
    wordings = version.wordings.select_related("clause").annotate(cited=Count("clause__wordings__citations"))
    may_import = request.user.access.has("trainer")
    context = {
        "standard": version,
        "wordings": wordings,
        "numbers": Standard.objects.published_numbers(slug),
        "may_import": may_import,
        "to_review": ContentReview.objects.on(slug).waiting().count() if may_import else 0,
    }
    return render(request, "standards/standard.html", context)


@require_safe
def handbook(request, slug):
    """The standard on paper, for one job role: the general part, then the trade's own."""
    version = _version(request, slug)
    roles = {role.slug: role for role in JobRole.objects.all()}
    role = request.GET.get("role", "")
    if role and role not in roles:
        raise Http404
    address = request.build_absolute_uri(reverse("standards:standard", args=[slug]) + f"?version={version.number}")
    context = {
        "standard": version,
        "roles": roles.values(),
        "role": roles.get(role),
        "parts": parts(version, role),
        "address": address,
        "qr": qr(address),
    }
    return render(request, "standards/handbook.html", context)


@require_safe
def compare(request, slug):
    """Any two published versions side by side; the newest two when none are named."""
    numbers = Standard.objects.published_numbers(slug)
    if len(numbers) < 2:
        raise Http404
    old = _version(request, slug, "old") if request.GET.get("old") else _numbered(slug, numbers[1])
    new = _version(request, slug, "new")
    context = {"old": old, "new": new, "numbers": numbers, "changes": between(old, new)}
    return render(request, "standards/compare.html", context)


def _numbered(slug, number):
    return get_object_or_404(Standard.objects.published(), slug=slug, number=number)


def _version(request, slug, name="version"):
    number = request.GET.get(name, "")
    if number.isdecimal() and len(number) < 9:
        return _numbered(slug, int(number))
    return newest_or_404(Standard, slug)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def import_document(request):
    form = ImportForm(request.POST or None, request.FILES or None, initial={"slug": request.GET.get("standard", "")})
    if request.method == "POST" and form.is_valid():
        document = form.cleaned_data["document"]
        with transaction.atomic():
            file = keep_file(document.name, document.read())
            told = {"file": file.pk, "name": document.name[:255], "slug": form.cleaned_data["slug"]}
            told |= {"replace": False, "simplify": form.cleaned_data["simplify"]}
            job = _send(request.user, told)
        return redirect("jobs:job", job.pk)
    context = {"form": form, "standards": Standard.objects.newest().order_by("slug").defer("body")}
    return render(request, "standards/import.html", context, status=422 if form.errors else 200)


@require_POST
@requires("trainer")
def import_again(request, pk):
    """The same import once more: over a draft whose review it would lose, or in simplified characters."""
    asked = get_object_or_404(Job.objects.visible_to(request.user), pk=pk, kind="import-standard")
    told = {name: True for name in ("replace", "simplify") if name in request.POST}
    job = _send(request.user, asked.parameters | told)
    return redirect("jobs:job", job.pk)


def _send(trainer, told):
    once = f"{trainer.pk}:{told['slug']}:{told['file']}:{told['replace']}:{told['simplify']}"
    return send(
        "import-standard", told["name"][:200], owner=trainer, parameters=told, dedupe_key=f"import-standard:{once}"
    )
