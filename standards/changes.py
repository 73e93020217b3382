"""What changed between two versions of a standard, and what publishing a draft would change."""

from standards.comparing import compare
from standards.models import Citation, Standard

TOLD = ("added", "removed", "changed")


def changes(draft):
    """between() the version in force and a draft, or None when nothing is in force."""
    newest = Standard.objects.newest().filter(slug=draft.slug).first()
    return between(newest, draft) if newest else None


def between(old, new):
    """{old, new, added, removed, changed, moved, same} of two versions of one standard.

    added, removed  [{"key", "position", "text", "cited": how many lessons, items, scenes and points cite it}];
                    one that was added may name the clause it was "cut_from", one that was removed the clause it was
                    "joined_to", so that who looks at it knows where its words are
    changed         [{"key", "old", "new", "cited", "editorial": why it means the same, or ""}]
    moved           [{"key", "old", "new"}], positions
    same            how many say what they said
    """
    found = changes_between(old, new)
    told = found["added"] + found["removed"] + found["changed"]
    cited = Citation.objects.of_clauses([row["key"] for row in told]).counted()
    counted = {name: [row | {"cited": cited.get(row["key"], 0)} for row in found[name]] for name in TOLD}
    reasons = {row["key"]: row.get("editorial", "") for row in new.body["clauses"]}
    counted["changed"] = [row | {"editorial": reasons[row["key"]]} for row in counted["changed"]]
    same = len(new.body["clauses"]) - len(found["added"]) - len(found["changed"])
    return counted | {"old": old, "new": new, "moved": found["moved"], "same": same}


def changes_between(old, new):
    """compare() of the clauses of two versions: added, removed, changed, moved; with the lineage of between()."""
    found = compare(_clauses(old), _clauses(new))
    _tell_lineage(found, new.body["clauses"])
    return found


def _tell_lineage(found, rows):
    cut_from = {row["key"]: row["split_from"] for row in rows if row.get("split_from")}
    joined_to = {gone: row["key"] for row in rows for gone in row.get("joined", [])}
    for clause in found["added"]:
        clause |= {"cut_from": cut_from[clause["key"]]} if clause["key"] in cut_from else {}
    for clause in found["removed"]:
        clause |= {"joined_to": joined_to[clause["key"]]} if clause["key"] in joined_to else {}


def _clauses(version):
    rows = version.body["clauses"]
    return [{"key": row["key"], "position": at, "text": row["text"]} for at, row in enumerate(rows, start=1)]


def published_texts(draft, keys):
    """{key: {"zh", "en"}} of the words in force, for the clauses of a page of the review."""
    newest = Standard.objects.newest().filter(slug=draft.slug).first()
    rows = newest.body["clauses"] if newest else []
    return {row["key"]: row["text"] for row in rows if row["key"] in keys}
