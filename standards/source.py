"""The lines of a draft's document beside its clauses."""

import re
from functools import lru_cache

from staff.models import File
from standards.formats.decoding import Refused
from standards.formats.reading import lines

LONGEST = 600  # characters of a line on the page; the clause shows the rest
KEPT = 4  # documents in the process


def source_lines(draft):
    """The lines of the document a draft was read from, [] when it is not at hand."""
    told = File.objects.filter(standards=draft.pk).values_list("sha256", "name").first()
    return _lines(told[0], draft.body.get("file") or told[1]) if told else ()


@lru_cache(maxsize=KEPT)
def _lines(sha256, name):
    try:
        return tuple(lines(name, bytes(File.objects.get(sha256=sha256).data)))
    except Refused:  # read by an older version
        return ()


def ranges(row):
    """[(first, last)] of the lines a clause stands on, in the document's order."""
    found = [tuple(row["lines"]), *map(tuple, row.get("more", []))] if row.get("lines") else []
    return sorted(found)


def lines_of(row):
    return [line for first, last in ranges(row) for line in range(first, last + 1)]


def owned_lines(body):
    """{line: [clause keys]} of the lines of the clauses, and {line: reason} of the lines left out."""
    clauses = {}
    for row in body["clauses"]:
        for line in lines_of(row):
            clauses.setdefault(line, []).append(row["key"])
    return clauses, {each["line"]: each["reason"] for each in body["skipped"]}


def lines_beside(body, found, number):
    """The numbers of the lines that belong to a section: those of its clauses, the headings and lines left out
    above them, and below the last clause of the document what follows it. found: reviewing.sections()."""
    home = {}
    for section in found:
        for row in section["clauses"]:
            for line in lines_of(row):
                home.setdefault(line, set()).add(section["number"])
    headings = {each["line"] for each in body["headings"]}
    others = {each["line"] for each in body["skipped"]} | headings
    shown, waiting, last = [], [], 1
    for line in sorted({*home, *others}):
        if line in home:
            shown += [each for each in waiting if number in home[line]]
            waiting = []
            last = min(home[line])
            if number in home[line]:
                shown.append(line)
        elif line in headings or waiting:
            waiting.append(line)
        elif last == number:
            shown.append(line)
    return shown + (waiting if last == number else [])


def beside(draft, found, number):
    """The lines of a section as the page shows them:
    [{"at", "parts": [(text, clause or None)], "reason", "heading"}]; a clause is its row with its "place"."""
    source = source_lines(draft)
    if not source:
        return []
    clauses, reasons = owned_lines(draft.body)
    rows = {row["key"]: row | {"place": at} for at, row in enumerate(draft.body["clauses"], start=1)}
    headings = {each["line"] for each in draft.body["headings"]}
    shown = []
    for at in lines_beside(draft.body, found, number):
        text = source[at - 1].strip() if at <= len(source) else ""
        here = [rows[key] for key in clauses.get(at, [])]
        parts = _parts(text, here)
        shown.append({"at": at, "parts": parts, "reason": reasons.get(at, ""), "heading": at in headings})
    return shown


def _parts(text, rows):
    """A line cut where the words of its clauses begin and end: [(text, row or None)]. A clause in two languages on
    one line is two parts, unless nothing but a bar stands between."""
    marks = [(*place, row) for row in rows for place in _places(text, row)]
    if not marks and rows:
        marks = [(0, len(text), rows[0])]
    parts, here = [], 0
    for start, end, row in sorted(marks, key=lambda mark: mark[:2]):
        start = max(start, here)
        if end > start:
            parts += [(text[here:start], None), (text[start:end], row)]
            here = end
    parts.append((text[here:], None))
    return [(_short(part), row) for part, row in parts if part]


def _places(text, row):
    found = [_place(text, words) for words in row.get("read", row["text"]).values()]
    found = sorted(place for place in found if place)
    if len(found) == 2 and not text[found[0][1] : found[1][0]].strip(" |｜*_;；\t"):
        return [(found[0][0], found[1][1])]
    return found


def _place(text, words):
    """Where a clause's words stand in a line, white space and emphasis apart, or None."""
    pattern = r"[\s*_`~]*".join(map(re.escape, "".join(words.split())[:LONGEST]))
    found = re.search(pattern, text) if words.strip() else None
    return found.span() if found else None


def _short(part):
    return part if len(part) <= LONGEST else f"{part[: LONGEST - 1]}…"
