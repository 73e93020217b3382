"""What the review mends of the reading: clauses cut, joined, moved, left out and taken in, headings made and unmade.

The row of a clause keeps where it came from, and a published version with it: `split_from` is the key of the clause
it was cut from, `joined` lists the keys of those whose words it took (docs/decisions/0032).
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.frozen import digest
from standards.formats.decoding import HANZI
from standards.formats.text import parse, shortened
from standards.formats.wording import bilingual
from standards.keys import Keys, key_before
from standards.models import WEIGHTS
from standards.proposing import guessed, propose, threshold_in
from standards.reviewing import ChangedMeanwhile, decided, find, replaced, save
from standards.source import lines_of, ranges

SEEN = 16
SHAPE = ("clauses", "headings", "skipped")


class Nothing(Exception):
    """There is nothing above, below or at that place, or nothing to undo."""


class MovedMeanwhile(ChangedMeanwhile):
    """Another clause than the one that was shown stands above this one by now."""

    sentence = gettext_lazy("Another clause stands above this one by now: see which, and press again.")


def split(draft, key, parts, *, changes, shown):
    """The draft with a clause cut: the first part keeps the key, each further one gets a key of its own, or the one
    it had in the version in force. parts: [{"zh", "en"}], two or more."""

    def change(body):
        at, row = find(body, key, shown)
        row = decided(row, changes)
        rows = [_first(row, parts[0])]
        keys = Keys(draft.slug)
        for text in parts[1:]:
            rows.append(_further(row, text, draft, body, rows, keys))
        did = _did("split", key, [each["key"] for each in rows[1:]])
        return _changed(body, did, clauses=replaced(body["clauses"], at, *rows))

    return save(draft, change)


def _first(row, text):
    limit = row["threshold"]
    if limit and "threshold" in row["suggested"]:
        limit = threshold_in(_both(text))
    return row | {"text": text, "read": text, "threshold": limit, "reviewed": False}


def _further(row, text, draft, body, above, keys):
    clause = {"text": text, "heading": row["heading"]}
    proposal = propose(clause, []) | {"roles": row["roles"]}
    suggested = [name for name in guessed(clause, proposal) if name != "roles"]
    found = {"number": "", "text": text}
    return {
        "key": key_before(draft, [*body["clauses"], *above], found) or keys.new(proposal["kind"]),
        "number": "",
        "heading": row["heading"],
        "lines": row["lines"],
        "read": text,
        "text": text,
        "by": "new",
        "candidates": [],
        "reviewed": False,
        "suggested": suggested,
        "split_from": row["key"],
        **proposal,
        **({"more": row["more"]} if "more" in row else {}),
    }


def merge_up(draft, key, *, changes, shown, into=""):
    """The draft with this clause's words at the end of the clause above, whose key stays and which is then to be
    reviewed again. into: the key of the clause above as it was shown; raises MovedMeanwhile when it is another."""

    def change(body):
        at, row = find(body, key, shown)
        if not at:
            raise Nothing
        row, above = row | changes, body["clauses"][at - 1]
        if into and above["key"] != into:
            raise MovedMeanwhile(body["clauses"][at])
        merged = above | {
            "text": _together(above["text"], row["text"]),
            "read": _together(above.get("read") or above["text"], row.get("read") or row["text"]),
            "reviewed": False,
            **_stricter(above, row),
            **_all_lines(above, row),
            **_lineage(above, row),
        }
        rows = [*body["clauses"][: at - 1], merged, *body["clauses"][at + 1 :]]
        return _changed(body, _did("merge_up", above["key"], [key]), clauses=rows)

    return save(draft, change)


def _together(above, below):
    text = {name: _joined(above.get(name, ""), below.get(name, "")) for name in ("zh", "en")}
    return {name: words for name, words in text.items() if words}


def _stricter(above, row):
    """What of the lower clause must not be lost with its key: the greater weight, a limit where there was none.
    Both are suggestions until somebody decides."""
    taken = {}
    if WEIGHTS.index(row["weight"]) > WEIGHTS.index(above["weight"]):
        taken["weight"] = row["weight"]
    if row["threshold"] and not above["threshold"]:
        taken["threshold"] = row["threshold"]
    return taken | {"suggested": sorted({*above.get("suggested", []), *taken})}


def _all_lines(above, row):
    """The lines of both; those that follow one another as one range."""
    found = []
    for first, last in sorted({*ranges(above), *ranges(row)}):
        if found and first <= found[-1][1] + 1:
            found[-1][1] = max(last, found[-1][1])
        else:
            found.append([first, last])
    return {"lines": found[0], "more": found[1:]} if found else {}


def _lineage(above, row):
    """Whose words the clause has now; a part put back to where it was cut from leaves no trace."""
    own = [] if row.get("split_from") == above["key"] else [row["key"]]
    joined = [*above.get("joined", []), *own, *row.get("joined", [])]
    return {"joined": list(dict.fromkeys(joined))} if joined else {}


def leave_out(draft, key, *, changes, shown):
    """The draft without this clause; its lines stand among those left out."""

    def change(body):
        at, row = find(body, key, shown)
        left = [{"line": line, "text": _words(row | changes), "reason": "left out"} for line in lines_of(row)]
        rows, skipped = replaced(body["clauses"], at), _by_line([*body["skipped"], *left])
        return _changed(body, _did("leave_out", key), clauses=rows, skipped=skipped)

    return save(draft, change)


def as_heading(draft, key, *, changes, shown):
    """The draft with this clause as the heading of those after it, up to the next heading."""

    def change(body):
        at, row = find(body, key, shown)
        old, words = row["heading"], _words(row | changes)
        new = [*old[:-1], shortened(words)]
        rows = body["clauses"][:at]
        under = True
        for after in body["clauses"][at + 1 :]:
            under = under and after["heading"] == old
            rows.append(after | {"heading": new} if under else after)
        heading = {"line": row["lines"][0], "level": max(2, len(old) + 1), "text": words}
        headings = _by_line([*body["headings"], heading])
        return _changed(body, _did("as_heading", key), clauses=rows, headings=headings)

    return save(draft, change)


def move_up(draft, key, *, changes, shown):
    """The draft with this clause one place up; over a heading it becomes the last of the section above."""
    return _step(draft, key, changes, shown, -1)


def move_down(draft, key, *, changes, shown):
    return _step(draft, key, changes, shown, +1)


def _step(draft, key, changes, shown, way):
    def change(body):
        at, row = find(body, key, shown)
        to = at + way
        if not 0 <= to < len(body["clauses"]):
            raise Nothing
        row, other = decided(row, changes), body["clauses"][to]
        if other["heading"] != row["heading"]:
            rows = replaced(body["clauses"], at, row | {"heading": other["heading"]})
            return _changed(body, _did("move", key), clauses=rows)
        rows = [*body["clauses"]]
        rows[at], rows[to] = other, row
        return _changed(body, _did("move", key), clauses=rows)

    return save(draft, change)


def move(draft, key, *, changes, shown, before="", after=""):
    """The draft with this clause right before or after another one, under its heading; the key stays.
    Raises Nothing when there is no such other clause."""

    def change(body):
        at, row = find(body, key, shown)
        rows = replaced(body["clauses"], at)
        to = next((place for place, other in enumerate(rows) if other["key"] == (before or after)), None)
        if to is None:
            raise Nothing
        moved = decided(row, changes) | {"heading": rows[to]["heading"]}
        to += 0 if before else 1
        return _changed(body, _did("move", key), clauses=[*rows[:to], moved, *rows[to:]])

    return save(draft, change)


def add(draft, line, words, roles):
    """(the draft, the new key) with a line that was left out, or was taken for a heading, as a clause.
    `words` is the line as the document has it. Raises Nothing when it is neither (any more), or has no words."""
    clause = read_line(words)
    given = []

    def change(body):
        if clause is None:
            raise Nothing
        at = _place_for(line, body["clauses"])
        if any(each["line"] == line for each in body["headings"]):
            body, heading = _without_heading(body, line, at)
        elif any(each["line"] == line for each in body["skipped"]):
            skipped = [each for each in body["skipped"] if each["line"] != line]
            heading, body = _heading_at(line, body, at), _changed(body, _did("add", ""), skipped=skipped)
        else:
            raise Nothing
        row = _taken_in(draft, body, clause | {"line": line, "heading": heading}, roles)
        given[:] = [row["key"]]
        body["undo"]["did"]["key"] = row["key"]
        return body | {"clauses": [*body["clauses"][:at], row, *body["clauses"][at:]]}

    return save(draft, change), given[0]


def read_line(words):
    """A line as a clause of standards.formats.text, or None when it has no words. A bar parts two languages."""
    words = words.strip().strip("#>|").lstrip("-*+ \t").strip()
    found = parse(f"- {words}").clauses
    if not found:
        return None
    clause = found[0]
    one, bar, other = words.partition(" | ")
    if not bar or clause["key"] or bool(HANZI.search(one)) == bool(HANZI.search(other)):
        return clause
    return clause | {"text": bilingual(words if HANZI.search(one) else f"{other} | {one}")}


def _taken_in(draft, body, clause, roles):
    keys = Keys(draft.slug)
    proposal = propose(clause, roles)
    printed = clause["key"] if clause["key"] not in keys.taken else ""
    return {
        "key": key_before(draft, body["clauses"], clause) or printed or keys.new(proposal["kind"]),
        "number": clause["number"],
        "heading": clause["heading"],
        "lines": [clause["line"], clause["line"]],
        "read": clause["text"],
        "text": clause["text"],
        "by": "printed_key" if printed else "new",
        "candidates": [],
        "reviewed": False,
        "suggested": guessed(clause, proposal),
        **proposal,
    }


def _place_for(line, rows):
    """Where a clause of this line belongs: after the clause whose lines end last above it."""
    above = [(max(lines_of(row), default=0), at) for at, row in enumerate(rows) if max(lines_of(row), default=0) < line]
    return max(above)[1] + 1 if above else 0


def _heading_at(line, body, at):
    """The heading path of a line: that of the clause above, unless a heading stands between."""
    rows = body["clauses"]
    above = max(lines_of(rows[at - 1]), default=0) if at else 0
    between = any(above < each["line"] < line for each in body["headings"])
    if at < len(rows) and (between or not at):
        return rows[at]["heading"]
    return rows[at - 1]["heading"] if at else []


def _without_heading(body, line, at):
    """(the body without this heading, the path of what stands at its place): the clauses under it stand under
    what the clause above them stands under."""
    heading = next(each for each in body["headings"] if each["line"] == line)
    text, rows = shortened(heading["text"]), body["clauses"]
    before = rows[at - 1]["heading"] if at else []
    level = rows[at]["heading"].index(text) if at < len(rows) and text in rows[at]["heading"] else None
    left = [each for each in body["headings"] if each is not heading]
    if level is None:
        return _changed(body, _did("add", ""), headings=left), _heading_at(line, body, at)
    path = before[: level + 1] if len(before) > level else rows[at]["heading"][:level]
    changed, under = [*rows[:at]], True
    for row in rows[at:]:
        under = under and row["heading"][level : level + 1] == [text]
        changed.append(row | {"heading": [*path, *row["heading"][level + 1 :]]} if under else row)
    return _changed(body, _did("add", ""), headings=left, clauses=changed), path


def last_change(body):
    """A short sum of what undoing would take back, "" of nothing: a form carries it."""
    if "undo" not in body:
        return ""
    return digest([body["undo"]["did"], [row["key"] for row in body["undo"]["clauses"]]])[:SEEN]


def undo(draft, shown):
    """The draft as it was before the last of these, if nothing was saved since. shown: last_change() of the page.
    Raises Nothing when there is nothing, or something else, to undo by now."""

    def change(body):
        if "undo" not in body:
            raise Nothing(_("There is nothing left to undo."))
        if last_change(body) != shown:
            raise Nothing(_("Somebody else changed the draft after that: look at what the last change is now."))
        before = {name: body["undo"][name] for name in SHAPE}
        return {name: value for name, value in body.items() if name != "undo"} | before

    return save(draft, change)


SHAPES = {
    "leave_out": leave_out,
    "as_heading": as_heading,
    "merge_up": merge_up,
    "up": move_up,
    "down": move_down,
}


def _did(deed, key, others=()):
    """What the page says was done: the clause that goes on, and those it was cut into or took in."""
    return {"deed": deed, "key": key, "others": list(others)}


def _changed(body, did, **new):
    return body | new | {"undo": {name: body[name] for name in SHAPE} | {"did": did}}


def _words(row):
    return row["text"].get("zh") or row["text"].get("en", "")


def _both(text):
    return "\n".join(text.values())


def _joined(above, below):
    tight = not above or not below or above[-1] > "\u2e80" or below[0] > "\u2e80"
    return above + ("" if tight else " ") + below


def _by_line(rows):
    return sorted(rows, key=lambda row: row["line"])
