"""What the review mends of the reading: a line that is no clause, is a heading, or belongs to the clause above."""

from standards.formats.text import shortened
from standards.reviewing import find, replaced, save

SHAPE = ("clauses", "headings", "skipped")


class Nothing(Exception):
    """There is no clause above, or nothing to undo."""


def leave_out(draft, key, *, shown):
    """The draft without this clause; its lines stand among those left out."""

    def change(body):
        at, row = find(body, key, shown)
        lines = range(row["lines"][0], row["lines"][1] + 1)
        left = [{"line": line, "text": _words(row), "reason": "left out"} for line in lines]
        return _changed(body, clauses=replaced(body["clauses"], at), skipped=_by_line([*body["skipped"], *left]))

    return save(draft, change)


def as_heading(draft, key, *, shown):
    """The draft with this clause as the heading of those after it, up to the next heading."""

    def change(body):
        at, row = find(body, key, shown)
        old, words = row["heading"], _words(row)
        new = [*old[:-1], shortened(words)]
        rows = body["clauses"][:at]
        under = True
        for after in body["clauses"][at + 1 :]:
            under = under and after["heading"] == old
            rows.append(after | {"heading": new} if under else after)
        heading = {"line": row["lines"][0], "level": max(2, len(old) + 1), "text": words}
        return _changed(body, clauses=rows, headings=_by_line([*body["headings"], heading]))

    return save(draft, change)


def merge_up(draft, key, *, shown):
    """The draft with this clause's words at the end of the clause above, which is then to be reviewed again."""

    def change(body):
        at, row = find(body, key, shown)
        if not at:
            raise Nothing
        above = body["clauses"][at - 1]
        text = {name: _joined(above["text"].get(name, ""), row["text"].get(name, "")) for name in ("zh", "en")}
        merged = above | {
            "text": {name: words for name, words in text.items() if words},
            "lines": [above["lines"][0], row["lines"][1]],
            "reviewed": False,
        }
        return _changed(body, clauses=[*body["clauses"][: at - 1], merged, *body["clauses"][at + 1 :]])

    return save(draft, change)


def undo(draft):
    """The draft as it was before the last of these."""

    def change(body):
        if "undo" not in body:
            raise Nothing
        return {name: value for name, value in body.items() if name != "undo"} | body["undo"]

    return save(draft, change)


SHAPES = {"leave_out": leave_out, "as_heading": as_heading, "merge_up": merge_up}


def _changed(body, **new):
    return body | new | {"undo": {name: body[name] for name in SHAPE}}


def _words(row):
    return row["text"].get("zh") or row["text"].get("en", "")


def _joined(above, below):
    tight = not above or not below or above[-1] > "\u2e80" or below[0] > "\u2e80"
    return above + ("" if tight else " ") + below


def _by_line(rows):
    return sorted(rows, key=lambda row: row["line"])
