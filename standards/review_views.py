from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.access import requires
from staff.errors import conflict
from staff.frozen import Frozen
from standards.discarding import discard as discard_draft
from standards.discarding import shown as shown_draft
from standards.formats.decoding import Refused
from standards.forms import ClauseForm, role_choices
from standards.models import Standard
from standards.reshape_views import DEEDS
from standards.reshaping import Nothing
from standards.review_page import draft_or_404, review_page, unless_published
from standards.reviewing import (
    ChangedMeanwhile,
    NoSuchClause,
    accept,
    edit,
    first_unreviewed,
    next_unreviewed,
    sections,
    seen,
    unreviewed,
)


@require_safe
@requires("trainer")
def review(request, slug):
    draft = Standard.objects.draft_of(slug)
    if draft is None and Standard.objects.published_numbers(slug):
        return redirect("standards:standard", slug)  # an old link to a review that has ended
    return review_page(request, draft or draft_or_404(slug))


@require_POST
@requires("trainer")
@unless_published
def review_clause(request, slug, key):
    draft = draft_or_404(slug)
    form = ClauseForm(request.POST, roles=role_choices(), auto_id=f"{key}-%s")
    form.key = key
    if not form.is_valid():
        return review_page(request, draft, wrong=form, status=422)
    try:
        return _do(request, draft, form)
    except Nothing as nothing:
        return conflict(request, sentence=str(nothing) or _("There is nothing at that place."))
    except NoSuchClause:
        sentence = _(
            "This clause is no longer in the draft: somebody left it out, joined it to another or imported the "
            "document again. Your words: %(words)s"
        )
        return conflict(request, sentence=sentence % {"words": " | ".join(form.changes()["text"].values())})
    except ChangedMeanwhile as clash:
        return _clash(request, draft_or_404(slug), form, clash)
    except (Frozen, Refused) as clash:
        return conflict(request, sentence=str(clash))


def _do(request, draft, form):
    """Saves the clause and goes on to the next one, or does with it what another button says."""
    deed = DEEDS.get(request.POST.get("do"))
    if deed:
        return deed(request, draft, form)
    key = form.key
    draft = edit(draft, key, form.changes(), shown=form.cleaned_data["shown"])
    following = next_unreviewed(draft, key) or key
    return redirect(f"{Standard.review_url(draft.slug)}?{urlencode({'clause': following, 'saved': key})}#{following}")


def _clash(request, draft, form, clash):
    """The page again, with the typed words in the form and the others' words above it."""
    form.data = form.data.copy()
    form.data["shown"] = seen(clash.row)
    form.add_error(None, str(clash))
    return review_page(request, draft, wrong=form, changed=[form.key], status=409)


@require_POST
@requires("trainer")
@unless_published
def review_section(request, slug):
    """Accepts the clauses of a section as they were shown and goes on to the next section to review; or accepts the
    one of them whose button was pressed."""
    draft = draft_or_404(slug)
    shown = dict(zip(request.POST.getlist("key"), request.POST.getlist("shown"), strict=False))
    only = request.POST.get("only")
    try:
        left = accept(draft, {only: shown.get(only, "")} if only else shown)
    except Frozen as clash:
        return conflict(request, sentence=str(clash))
    if left:
        return review_page(request, draft_or_404(slug), changed=left, status=409)
    draft = draft_or_404(slug)
    following = next_unreviewed(draft, only) if only else None
    onward = None if only else first_unreviewed(sections(draft))
    asked = {"clause": following} if following else {"section": onward or request.GET.get("section", "1")}
    return redirect(f"{Standard.review_url(slug)}?{urlencode(asked)}{f'#{following}' if following else ''}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def discard(request, slug):
    """Asks first; then the draft is gone."""
    draft = draft_or_404(slug)
    if request.method != "POST":
        total = len(draft.body["clauses"])
        numbers = Standard.objects.published_numbers(slug)
        context = {"draft": draft, "seen": shown_draft(draft), "numbers": numbers}
        context |= {"total": total, "reviewed": total - unreviewed(draft)}
        return render(request, "standards/discard.html", context)
    try:
        discard_draft(draft, by=request.user, seen=request.POST.get("seen", ""))
    except Frozen as clash:
        return conflict(request, sentence=str(clash))
    messages.success(request, _("The draft is discarded."))
    return redirect("standards:standards")
