from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff.access import requires
from staff.errors import conflict
from staff.frozen import Frozen
from standards.changes import published_texts
from standards.forms import ClauseForm, role_choices
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
    initial = ClauseForm.told(row) | {"shown": seen(row)}
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
