"""What publishing a draft would change against the version in force."""

from standards.comparing import compare
from standards.models import Citation, Standard


def changes(draft):
    """{number, added, removed, changed, moved, same} against the newest version, or None when there is none.

    added, removed  [{"key", "position", "text", "cited": how many lessons, items, scenes and points cite it}]
    changed         [{"key", "old", "new", "cited"}]
    moved, same     how many
    """
    newest = Standard.objects.newest().filter(slug=draft.slug).first()
    if newest is None:
        return None
    found = compare(_clauses(newest), _clauses(draft))
    told = found["added"] + found["removed"] + found["changed"]
    cited = Citation.objects.of_clauses([row["key"] for row in told]).counted()
    counted = {name: [row | {"cited": cited.get(row["key"], 0)} for row in found[name]] for name in TOLD}
    same = len(draft.body["clauses"]) - len(found["added"]) - len(found["changed"])
    return counted | {"number": newest.number, "moved": len(found["moved"]), "same": same}


TOLD = ("added", "removed", "changed")


def _clauses(version):
    rows = version.body["clauses"]
    return [{"key": row["key"], "position": at, "text": row["text"]} for at, row in enumerate(rows, start=1)]


def published_texts(draft, keys):
    """{key: {"zh", "en"}} of the words in force, for the clauses of a page of the review."""
    newest = Standard.objects.newest().filter(slug=draft.slug).first()
    rows = newest.body["clauses"] if newest else []
    return {row["key"]: row["text"] for row in rows if row["key"] in keys}
