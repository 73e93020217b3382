from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from scoring.forms import ReleaseForm
from scoring.releasing import foreseen, release
from staff.access import requires
from staff.errors import conflict
from staff.frozen import Frozen
from staff.models import User
from standards.agreeing import NotAgreed, agree, agreed, ask, terms
from standards.changes import changes
from standards.models import Standard
from standards.reviewing import first_unreviewed, sections, unreviewed


@require_http_methods(["GET", "HEAD", "POST"])
@requires("trainer")
def publish(request, slug):
    """What publishing a draft does, and the deed."""
    draft = Standard.objects.draft_of(slug)
    if draft is None:
        return _no_draft(request, slug)
    return _asked(request, draft, _publish) if request.method == "POST" else _page(request, draft, _form(draft))


@require_POST
@requires("trainer")
def ask_review(request, slug):
    """Keeps the terms in the draft and asks for a second person."""
    return _asked(request, get_object_or_404(Standard.objects.drafts(), slug=slug), _ask)


@require_POST
@requires("trainer")
def agree_to(request, slug):
    """A second person has read the draft as it stands."""
    draft = get_object_or_404(Standard.objects.drafts(), slug=slug)
    if "asked" not in draft.body or unreviewed(draft) or request.POST.get("shown") != _shown(draft):
        return conflict(request, sentence=_changed(), url=_url(slug))
    try:
        agree(draft, request.user)
    except Frozen as clash:
        return conflict(request, sentence=str(clash), url=_url(slug))
    messages.success(request, _("You agree to this draft as it stands. Any change makes that void."))
    return redirect("scoring:publish", slug)


def _asked(request, draft, deed):
    """A form of the page: on the draft it showed, or the page again with what is wrong."""
    form = _form(draft, request.POST)
    if unreviewed(draft) or not form.is_valid():
        return _page(request, draft, form, status=409 if unreviewed(draft) else 422)
    if form.cleaned_data["shown"] != _shown(draft):
        return conflict(request, sentence=_changed(), url=_url(draft.slug))
    try:
        return deed(request, draft, form.terms())
    except NotAgreed as refusal:
        form.add_error(None, str(refusal))
        return _page(request, Standard.objects.draft_of(draft.slug), form, status=409)
    except Frozen as clash:
        return conflict(request, sentence=str(clash), url=_url(draft.slug))


def _publish(request, draft, terms):
    found = release(draft, request.user, **terms)
    for sentence in said(found):
        messages.success(request, sentence)
    if found.without_unit:
        messages.warning(request, _("Nothing could be assigned to: %(names)s. They have no unit today.") % {
            "names": ", ".join(_named(found.without_unit, 20))
        })  # fmt: skip
    return redirect("standards:standard", draft.slug)


def _ask(request, draft, terms):
    ask(draft, request.user, terms)
    messages.success(
        request, _("Another trainer is asked to read this draft. The date and the marks are kept with it.")
    )
    return redirect("scoring:publish", draft.slug)


def said(found):
    """What publishing did, in sentences."""
    yield _("Version %(number)s is published.") % {"number": found.version.number}
    if found.reviews:
        n = len(found.reviews)
        yield ngettext("%(n)s place stands on the review list.", "%(n)s places stand on the review list.", n) % {"n": n}
    if found.units:
        n = len(found.units)
        yield ngettext("%(n)s person has the changes to learn.", "%(n)s people have the changes to learn.", n) % {
            "n": n
        }


def _no_draft(request, slug):
    if not Standard.objects.published_numbers(slug):
        raise Http404
    if request.method == "POST":
        sentence = _("Somebody else published this draft meanwhile. It stands as they published it.")
        return conflict(request, sentence=sentence, url=_url(slug))
    return redirect("standards:standard", slug)


def _form(draft, data=None):
    held = terms(draft.body)
    initial = held | {"shown": _shown(draft), "editorial": sorted(held["editorial"])}
    return ReleaseForm(data, changes=changes(draft), initial=initial)


def _shown(draft):
    return f"{draft.pk}-{draft.revision}"


def _changed():
    return _("The draft changed since you looked, and nothing was published. Look at it as it stands now.")


def _url(slug):
    return reverse("scoring:publish", args=[slug])


def _named(people, most):
    found = User.objects.in_bulk(people[:most])
    names = [f"{person.name} ({person.employee_number})" for person in found.values()]
    return [*names, "…"] if len(people) > most else names


def _page(request, draft, form, status=200):
    left = unreviewed(draft)
    found = None if left else foreseen(draft, by=request.user)
    context = {
        "draft": draft,
        "form": form,
        "changes": form.changes,
        "unreviewed": left,
        "total": len(draft.body["clauses"]),
        "following": first_unreviewed(sections(draft)),
        "found": found,
        "without_unit": _named(found.without_unit, 50) if found else [],
    }
    return render(request, "scoring/publish.html", context | _second(request, draft), status=status)


def _second(request, draft):
    """Where two are needed: who asked and who agreed, as names."""
    if not settings.PUBLISHING_NEEDS_TWO:
        return {"two": False}
    asked, found = draft.body.get("asked"), agreed(draft)
    people = User.objects.in_bulk([row["by"] for row in (asked, found) if row])
    return {
        "two": True,
        "asked_by": asked and people.get(asked["by"]),
        "agreed_by": found and people.get(found["by"]),
        "agreed_self": bool(found) and found["by"] == request.user.pk,
        "may_agree": bool(asked) and asked["by"] != request.user.pk and not found,
    }
