"""Reviewing the clauses of a draft, one heading a page. Two people may review the same draft at once."""

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.frozen import Frozen, digest
from standards.models import Standard

PAGE = 40
WORDS = 4_000  # characters of a section, so that its page stays small
TRIES = 5
REVIEWED = {"reviewed": True, "suggested": []}


class NoSuchClause(Exception):
    """The draft has no clause of this key (any more)."""


class ChangedMeanwhile(Exception):
    """Somebody else changed this clause since it was shown. `row` is the clause as it stands now."""

    sentence = gettext_lazy("Somebody else changed this clause meanwhile. Both texts are shown: choose and save again.")

    def __init__(self, row):
        super().__init__(str(self.sentence))
        self.row = row


def sections(draft):
    """[{number, heading, clauses, reviewed}] in the document's order; a long heading goes on in a next section."""
    found, words = [], 0
    for row in draft.body["clauses"]:
        heading, size = row["heading"], sum(map(len, row["text"].values()))
        full = found and (len(found[-1]["clauses"]) == PAGE or words + size > WORDS)
        if not found or found[-1]["heading"] != heading or full:
            found.append({"number": len(found) + 1, "heading": heading, "clauses": [], "reviewed": 0})
            words = 0
        found[-1]["clauses"].append(row)
        found[-1]["reviewed"] += row["reviewed"]
        words += size
    return found


def section_of(found, key):
    """The section that holds a clause, or None."""
    return next((each for each in found if any(row["key"] == key for row in each["clauses"])), None)


def next_unreviewed(draft, key=""):
    """The key of the next clause nobody has looked at, after this one and then from the start, or None."""
    rows = draft.body["clauses"]
    here = next((at for at, row in enumerate(rows) if row["key"] == key), -1)
    return next((row["key"] for row in [*rows[here + 1 :], *rows[: here + 1]] if not row["reviewed"]), None)


def first_unreviewed(found):
    """The number of the first section with a clause nobody has looked at yet, or None."""
    return next((section["number"] for section in found if section["reviewed"] < len(section["clauses"])), None)


def unreviewed(draft):
    """How many clauses nobody has looked at yet."""
    return sum(not row["reviewed"] for row in draft.body["clauses"])


def seen(row):
    """A short sum of a clause as it is shown: a form carries it, so that a change meanwhile shows."""
    return digest(row | {"reviewed": None, "suggested": None})[:16]


def decided(row, changes):
    """The row with what a person changed: that is no suggestion any more."""
    left = [name for name in row.get("suggested", []) if row[name] == changes.get(name, row[name])]
    return row | changes | {"suggested": left}


def edit(draft, key, changes, *, shown):
    """The draft with one clause saved as reviewed. `shown` is what seen() gave when the form was shown.
    Raises ChangedMeanwhile, or NoSuchClause when a new import took it out."""

    def change(body):
        at, row = find(body, key, shown)
        return _done(body, replaced(body["clauses"], at, row | changes | REVIEWED))

    return save(draft, change)


def accept(draft, shown):
    """Marks clauses as reviewed as they are proposed. `shown`: {key: seen()}; returns the keys left out because
    they were changed since."""
    left = []

    def change(body):
        rows = [row | REVIEWED if seen(row) == shown.get(row["key"]) else row for row in body["clauses"]]
        left[:] = [row["key"] for row in rows if row["key"] in shown and seen(row) != shown[row["key"]]]
        return _done(body, rows)

    save(draft, change)
    return left


def _done(body, rows):
    """The body with these clauses. What was saved since cannot be undone with what went before."""
    return {name: value for name, value in body.items() if name != "undo"} | {"clauses": rows}


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
