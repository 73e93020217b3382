from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jobs.models import Job
from jobs.running import send
from staff.access import newest_or_404, requires
from staff.errors import conflict
from staff.frozen import Frozen
from staff.models import JobRole
from staff.publishing import publish as publish_version
from standards.changes import between, changes, published_texts
from standards.forms import ClauseForm, ImportForm, role_choices
from standards.handbook import parts, qr
from standards.importing import keep_file
from standards.models import Standard
from standards.reshaping import SHAPES, Nothing, undo
from standards.reviewing import (
    ChangedMeanwhile,
    NoSuchClause,
    accept,
    edit,
    first_unreviewed,
    sections,
    seen,
    unreviewed,
)


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
    context = {
        "standard": version,
        "wordings": wordings,
        "numbers": Standard.objects.published_numbers(slug),
        "may_import": request.user.access.has("trainer"),
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
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document = form.cleaned_data["document"]
        with transaction.atomic():
            file = keep_file(document.name, document.read())
            told = {"file": file.pk, "name": document.name[:255], "slug": form.cleaned_data["slug"]}
            told |= {"replace": False, "simplify": form.cleaned_data["simplify"]}
            job = _send(request.user, told)
        return redirect("jobs:job", job.pk)
    return render(request, "standards/import.html", {"form": form}, status=422 if form.errors else 200)


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


def _draft(slug):
    return get_object_or_404(Standard.objects.drafts(), slug=slug)


@require_safe
@requires("trainer")
def review(request, slug):
    draft = Standard.objects.draft_of(slug)
    if draft is None and Standard.objects.published_numbers(slug):
        return redirect("standards:standard", slug)  # an old link to a review that has ended
    return _review_page(request, draft or _draft(slug))


def _review_page(request, draft, *, wrong=None, changed=None, status=200):
    """wrong: a clause's form that could not be saved; changed: keys that others changed meanwhile."""
    found = sections(draft) or [{"number": 1, "heading": [], "clauses": [], "reviewed": 0}]
    section = found[_number(request, len(found)) - 1]
    roles = role_choices()
    left = unreviewed(draft)
    context = {
        "draft": draft,
        "sections": found,
        "section": section,
        "rows": [(row, _form(row, roles, wrong)) for row in section["clauses"]],
        "before": published_texts(draft, {row["key"] for row in section["clauses"]}),
        "shown": {row["key"]: seen(row) for row in section["clauses"]},
        "changed": changed or [],
        "unreviewed": left,
        "reviewed": len(draft.body["clauses"]) - left,
        "total": len(draft.body["clauses"]),
        "following": first_unreviewed(found),
    }
    return render(request, "standards/review.html", context, status=status)


def _number(request, last):
    place = request.GET.get("section", "1")
    return min(max(int(place) if place.isdecimal() and len(place) < 6 else 1, 1), last)


def _form(row, roles, wrong):
    if wrong and wrong.key == row["key"]:
        return wrong
    initial = {
        "shown": seen(row),
        "zh": row["text"].get("zh", ""),
        "en": row["text"].get("en", ""),
        "kind": row["kind"],
        "weight": row["weight"],
        "roles": row["roles"],
    }
    return ClauseForm(roles=roles, initial=initial, auto_id=f"{row['key']}-%s")


@require_POST
@requires("trainer")
def review_clause(request, slug, key):
    draft = _draft(slug)
    form = ClauseForm(request.POST, roles=role_choices(), auto_id=f"{key}-%s")
    form.key = key
    if not form.is_valid():
        return _review_page(request, draft, wrong=form, status=422)
    shown, shape = form.cleaned_data["shown"], SHAPES.get(request.POST.get("do"))
    try:
        shape(draft, key, shown=shown) if shape else edit(draft, key, form.changes(), shown=shown)
    except Nothing:
        return conflict(request, sentence=_("There is no clause above this one to join it to."))
    except NoSuchClause:
        sentence = _("This clause is no longer in the draft: the document was imported again. Your words: %(words)s")
        return conflict(request, sentence=sentence % {"words": " | ".join(form.changes()["text"].values())})
    except ChangedMeanwhile as clash:
        return _clash(request, _draft(slug), form, clash)
    except Frozen as clash:
        return conflict(request, sentence=str(clash))
    return redirect(f"{_section_url(request, slug)}#{'undo' if shape else key}")


@require_POST
@requires("trainer")
def review_undo(request, slug):
    try:
        undo(_draft(slug))
    except Nothing:
        return conflict(request, sentence=_("There is nothing left to undo."))
    except Frozen as clash:
        return conflict(request, sentence=str(clash))
    return redirect(_section_url(request, slug))


def _clash(request, draft, form, clash):
    """The page again, with the typed words in the form and the others' words above it."""
    form.data = form.data.copy()
    form.data["shown"] = seen(clash.row)
    form.add_error(None, str(clash))
    return _review_page(request, draft, wrong=form, changed=[form.key], status=409)


@require_POST
@requires("trainer")
def review_section(request, slug):
    draft = _draft(slug)
    pairs = zip(request.POST.getlist("key"), request.POST.getlist("shown"), strict=False)
    try:
        left = accept(draft, dict(pairs))
    except Frozen as clash:
        return conflict(request, sentence=str(clash))
    if left:
        return _review_page(request, _draft(slug), changed=left, status=409)
    return redirect(_section_url(request, slug))


def _section_url(request, slug):
    return f"{Standard.review_url(slug)}?section={_number(request, 99_999)}"


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def publish(request, slug):
    draft = _draft(slug)
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
        "changes": changes(draft),
        "unreviewed": left,
        "total": len(draft.body["clauses"]),
        "following": first_unreviewed(sections(draft)),
    }
    return render(request, "standards/publish.html", context, status=409 if request.method == "POST" else 200)
