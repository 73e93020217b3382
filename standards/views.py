from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.running import send
from staff.access import newest_or_404, requires
from staff.errors import conflict
from staff.frozen import Frozen
from staff.publishing import publish as publish_version
from standards.forms import ClauseForm, ImportForm, role_choices
from standards.importing import keep_file
from standards.models import Standard
from standards.reviewing import accept, edit, first_unreviewed, sections, unreviewed


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
    wordings = version.wordings.select_related("clause").annotate(cited=Count("citations"))
    context = {
        "standard": version,
        "wordings": wordings,
        "numbers": Standard.objects.published_numbers(slug),
        "may_import": request.user.access.has("trainer"),
    }
    return render(request, "standards/standard.html", context)


def _version(request, slug):
    number = request.GET.get("version", "")
    if number.isdecimal() and len(number) < 9:
        return get_object_or_404(Standard.objects.published(), slug=slug, number=int(number))
    return newest_or_404(Standard, slug)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def import_document(request):
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document = form.cleaned_data["document"]
        with transaction.atomic():
            file = keep_file(document.name, document.read())
            job = send(
                "import-standard",
                document.name[:200],
                owner=request.user,
                parameters={"file": file.pk, "slug": form.cleaned_data["slug"]},
                dedupe_key=f"import-standard:{file.sha256}",
            )
        return redirect("jobs:job", job.pk)
    return render(request, "standards/import.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@requires("trainer")
def review(request, slug):
    draft = get_object_or_404(Standard.objects.drafts(), slug=slug)
    return _review_page(request, draft)


def _review_page(request, draft, wrong=None):
    found = sections(draft)
    place = request.GET.get("section", "1")
    number = min(max(int(place) if place.isdecimal() and len(place) < 6 else 1, 1), len(found))
    section = found[number - 1]
    roles = role_choices()
    rows = [
        (row, wrong if wrong and wrong.prefix_key == row["key"] else _form(draft, row, roles))
        for row in section["clauses"]
    ]
    left = unreviewed(draft)
    context = {
        "draft": draft,
        "sections": found,
        "section": section,
        "rows": rows,
        "unreviewed": left,
        "reviewed": len(draft.body["clauses"]) - left,
        "total": len(draft.body["clauses"]),
        "following": first_unreviewed(found),
    }
    return render(request, "standards/review.html", context, status=422 if wrong else 200)


def _form(draft, row, roles):
    return ClauseForm(
        roles=roles,
        initial={
            "revision": draft.revision,
            "zh": row["text"].get("zh", ""),
            "en": row["text"].get("en", ""),
            "kind": row["kind"],
            "weight": row["weight"],
            "roles": row["roles"],
        },
        auto_id=f"{row['key']}-%s",
    )


@require_POST
@requires("trainer")
def review_clause(request, slug, key):
    draft = get_object_or_404(Standard.objects.drafts(), slug=slug)
    form = ClauseForm(request.POST, roles=role_choices(), auto_id=f"{key}-%s")
    if not form.is_valid():
        form.prefix_key = key
        return _review_page(request, draft, wrong=form)
    try:
        edit(draft, key, form.changes(), revision=form.cleaned_data["revision"])
    except Frozen as clash:
        current = next((row for row in draft.body["clauses"] if row["key"] == key), None)
        return conflict(request, sentence=str(clash), mine=form.changes()["text"], theirs=current and current["text"])
    return redirect(f"{_section_url(request, slug)}#{key}")


@require_POST
@requires("trainer")
def review_section(request, slug):
    draft = get_object_or_404(Standard.objects.drafts(), slug=slug)
    revision = request.POST.get("revision", "")
    try:
        accept(draft, set(request.POST.getlist("key")), revision=int(revision) if revision.isdecimal() else 0)
    except Frozen as clash:
        return conflict(request, sentence=str(clash))
    return redirect(_section_url(request, slug))


def _section_url(request, slug):
    place = request.GET.get("section", "1")
    return f"{Standard.review_url(slug)}?section={place if place.isdecimal() else 1}"


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def publish(request, slug):
    draft = get_object_or_404(Standard.objects.drafts(), slug=slug)
    left = unreviewed(draft)
    if request.method == "POST" and not left:
        try:
            version = publish_version(draft, request.user)
        except Frozen as clash:
            return conflict(request, sentence=str(clash))
        messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
        return redirect("standards:standard", slug)
    context = {
        "draft": draft,
        "unreviewed": left,
        "total": len(draft.body["clauses"]),
        "following": first_unreviewed(sections(draft)),
    }
    return render(request, "standards/publish.html", context, status=409 if request.method == "POST" else 200)
