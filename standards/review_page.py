"""The page of the review: one section, its source beside it, one clause open."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from staff.errors import conflict
from staff.text import text
from standards.changes import published_texts
from standards.formats.decoding import HANZI
from standards.forms import ClauseForm, role_choices
from standards.models import Standard
from standards.reshaping import last_change
from standards.reviewing import first_unreviewed, section_of, sections, seen, unreviewed
from standards.source import beside, ranges

LISTED = 60  # sections to either side that the page lists, besides the first, the last and the next to review
NEAR = 20  # sections to either side that a clause is moved to by name
NOWHERE = {"number": 1, "heading": [], "clauses": [], "reviewed": 0}


def draft_or_404(slug):
    return get_object_or_404(Standard.objects.drafts(), slug=slug)


def unless_published(view):
    """For the forms of a draft: one that somebody published meanwhile is told, with the words that were typed."""

    @wraps(view)
    def guarded(request, slug, **place):
        try:
            return view(request, slug, **place)
        except Http404:
            if Standard.objects.draft_of(slug) or not Standard.objects.published_numbers(slug):
                raise
            sentence = _("Somebody else published this draft meanwhile. Import the document again to change it.")
            words = " | ".join(filter(None, (request.POST.get(language, "") for language in ("zh", "en"))))
            kept = _("Your words: %(words)s") % {"words": words} if words else ""
            return conflict(
                request, sentence=f"{sentence} {kept}".strip(), url=reverse("standards:standard", args=[slug])
            )

    return guarded


def review_page(request, draft, *, wrong=None, changed=None, status=200):
    """wrong: a clause's form that could not be saved; changed: keys that others changed meanwhile."""
    found = sections(draft) or [NOWHERE]
    section = _section(request, found, wrong)
    places = {row["key"]: at for at, row in enumerate(draft.body["clauses"], start=1)}
    left, roles, names = unreviewed(draft), role_choices(), [_named(each) for each in found]
    here = _open_clause(request, section, wrong)
    context = {
        "draft": draft,
        "sections": _listed(names, section["number"], first_unreviewed(found)),
        "last": len(found),
        "near": [each for each in names if each["last"] and 0 < abs(each["number"] - section["number"]) <= NEAR],
        "section": section,
        "source": beside(draft, found, section["number"]),
        "rows": [_shown(row, places) for row in section["clauses"]],
        "open": here,
        "form": wrong or (_form(here, roles) if here else None),
        "above": _above(draft, here),
        "last_change": last_change(draft.body),
        "roles": dict(roles),
        "before": published_texts(draft, {row["key"] for row in section["clauses"]}),
        "shown": {row["key"]: seen(row) for row in section["clauses"]},
        "changed": changed or [],
        "unreviewed": left,
        "reviewed": len(places) - left,
        "total": len(places),
        "following": first_unreviewed(found),
        "saved": request.GET.get("saved", "")[:60],
    }
    return render(request, "standards/review.html", context, status=status)


def _section(request, found, wrong):
    """The section of the clause that is open, else the one asked for, else the first with something to review."""
    key = wrong.key if wrong else request.GET.get("clause", "")
    by_clause = section_of(found, key)
    if by_clause:
        return by_clause
    asked = request.GET.get("section", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else first_unreviewed(found) or 1
    return found[min(max(number, 1), len(found)) - 1]


def _open_clause(request, section, wrong):
    """The clause whose form stands open: the one asked for, else the first of the section to be reviewed."""
    asked = wrong.key if wrong else request.GET.get("clause", "")
    rows = section["clauses"]
    return next((row for row in rows if row["key"] == asked), next((row for row in rows if not row["reviewed"]), None))


def _form(row, roles):
    initial = ClauseForm.told(row) | {"shown": seen(row)}
    return ClauseForm(roles=roles, initial=initial, auto_id=f"{row['key']}-%s")


def _shown(row, places):
    """A clause with its place in the draft, its lines as they are read, and what of it is only suggested."""
    lines = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in ranges(row))
    suggested = [] if row["reviewed"] else row.get("suggested", [])
    return row | {
        "place": places[row["key"]],
        "at": lines,
        "suggested": suggested,
        "first": ranges(row)[0][0] if lines else 0,
    }


def _listed(names, here, following):
    kept = {1, len(names), following}
    return [each for each in names if abs(each["number"] - here) <= LISTED or each["number"] in kept]


def _named(section):
    """A section as a list of choices shows it: plain words, and their language where it is not the page's."""
    zh, bar, en = (section["heading"] or [""])[-1].partition(" | ")
    printed = {"zh": zh, "en": en} if bar or HANZI.search(zh) else {"zh": "", "en": zh}
    name, fell_back = text(printed, get_language()) if zh else ("", False)
    lang = ("zh-Hans" if name == printed["zh"] else "en") if fell_back else ""
    rows = section["clauses"]
    last = rows[-1]["key"] if rows else ""
    told = {"number": section["number"], "reviewed": section["reviewed"], "count": len(rows)}
    return told | {"name": name, "lang": lang, "last": last}


def _above(draft, row):
    """The clause right above one in the document, or None."""
    rows = draft.body["clauses"]
    at = next((at for at, each in enumerate(rows) if row and each["key"] == row["key"]), 0)
    return rows[at - 1] if at else None
