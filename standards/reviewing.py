"""Reviewing the clauses of a draft, one heading a page."""

from django.db.models import F
from django.utils.translation import gettext as _

from staff.frozen import Frozen
from standards.models import Standard

EDITABLE = ("kind", "weight", "roles", "text")
PAGE = 40


def sections(draft):
    """[{number, heading, clauses, reviewed}] in the document's order; a long heading goes on in a next section."""
    found = []
    for row in draft.body["clauses"]:
        heading = row["heading"]
        if not found or found[-1]["heading"] != heading or len(found[-1]["clauses"]) == PAGE:
            found.append({"number": len(found) + 1, "heading": heading, "clauses": [], "reviewed": 0})
        found[-1]["clauses"].append(row)
        found[-1]["reviewed"] += row["reviewed"]
    return found


def first_unreviewed(found):
    """The number of the first section with a clause nobody has looked at yet, or None."""
    return next((section["number"] for section in found if section["reviewed"] < len(section["clauses"])), None)


def unreviewed(draft):
    """How many clauses nobody has looked at yet."""
    return sum(not row["reviewed"] for row in draft.body["clauses"])


def edit(draft, key, changes, *, revision):
    """Saves one clause of the draft as reviewed; raises Frozen when somebody saved since `revision`."""
    rows = [row | changes | {"reviewed": True} if row["key"] == key else row for row in draft.body["clauses"]]
    _save(draft, rows, revision)


def accept(draft, keys, *, revision):
    """Marks these clauses as reviewed as they are proposed."""
    rows = [row | {"reviewed": True} if row["key"] in keys else row for row in draft.body["clauses"]]
    _save(draft, rows, revision)


def _save(draft, rows, revision):
    body = draft.body | {"clauses": rows}
    saved = Standard.objects.drafts().filter(pk=draft.pk, revision=revision)
    if not saved.update(body=body, revision=F("revision") + 1):
        raise Frozen(_("Somebody else saved this draft meanwhile. Both texts are shown; choose and save again."))
    draft.refresh_from_db()
