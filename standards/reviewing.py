"""Reviewing the clauses of a draft, one heading a page. Two people may review the same draft at once."""

from django.db.models import F
from django.utils.translation import gettext as _

from staff.frozen import Frozen, digest
from standards.models import Standard

PAGE = 40
TRIES = 5


class NoSuchClause(Exception):
    """The draft has no clause of this key (any more)."""


class ChangedMeanwhile(Exception):
    """Somebody else changed this clause since it was shown. `row` is the clause as it stands now."""

    def __init__(self, row):
        super().__init__(_("Somebody else changed this clause meanwhile. Both texts are shown: choose and save again."))
        self.row = row


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


def seen(row):
    """A short sum of a clause as it is shown: a form carries it, so that a change meanwhile shows."""
    return digest(row | {"reviewed": None})[:16]


def edit(draft, key, changes, *, shown):
    """The draft with one clause saved as reviewed. `shown` is what seen() gave when the form was shown.
    Raises ChangedMeanwhile, or NoSuchClause when a new import took it out."""

    def change(body):
        at, row = find(body, key, shown)
        return body | {"clauses": replaced(body["clauses"], at, row | changes | {"reviewed": True})}

    return save(draft, change)


def accept(draft, shown):
    """Marks clauses as reviewed as they are proposed. `shown`: {key: seen()}; returns the keys left out because
    they were changed since."""
    left = []

    def change(body):
        rows = [row | {"reviewed": True} if seen(row) == shown.get(row["key"]) else row for row in body["clauses"]]
        left[:] = [row["key"] for row in rows if row["key"] in shown and seen(row) != shown[row["key"]]]
        return body | {"clauses": rows}

    save(draft, change)
    return left


def find(body, key, shown):
    """(place, row) of a clause as it was shown; raises ChangedMeanwhile or NoSuchClause."""
    for at, row in enumerate(body["clauses"]):
        if row["key"] == key:
            if seen(row) != shown:
                raise ChangedMeanwhile(row)
            return at, row
    raise NoSuchClause(key)


def replaced(rows, at, *new):
    return [*rows[:at], *new, *rows[at + 1 :]]


def save(draft, change):
    """The draft with its body as change(body) returns it; looks again when somebody saved in between."""
    for _attempt in range(TRIES):
        current = Standard.objects.draft_of(draft.slug)
        if current is None:
            raise Frozen(_("Somebody else published this draft meanwhile. Import the document again to change it."))
        saved = Standard.objects.drafts().filter(pk=current.pk, revision=current.revision)
        if saved.update(body=change(current.body), revision=F("revision") + 1):
            return Standard.objects.get(pk=current.pk)
    raise Frozen(_("Many people are saving this draft at once. Save again."))
