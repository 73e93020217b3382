"""What each kind of pack file must say, within which bounds, what it names elsewhere, and sentences for
what does not fit (docs/formats.md). Pure. A place is written as in `lessons[2].checks[1].right`."""

import re
from collections import Counter
from datetime import date
from typing import NamedTuple

from quizzes.marking import check_item, right_problems
from scoring.appraising import check_plan

SLUG = re.compile(r"[A-Za-z0-9_-]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_ON_A_PAPER = 200
OURS = "delta-"
MOST_SCENES = 200


class Whole(NamedTuple):
    least: int
    most: int

    def __str__(self):
        return f"a whole number from {self.least} to {self.most}"

    def fits(self, value):
        return type(value) is int and self.least <= value <= self.most


class Slug(NamedTuple):
    most: int

    def __str__(self):
        return f"Latin letters, digits, hyphens and underscores, at most {self.most}"

    def fits(self, value):
        return isinstance(value, str) and len(value) <= self.most and bool(SLUG.fullmatch(value))


class Words(NamedTuple):
    most: int

    def __str__(self):
        return f"words, at most {self.most} characters"

    def fits(self, value):
        return isinstance(value, str) and bool(value.strip()) and len(value) <= self.most


class Text(NamedTuple):
    most: int

    def __str__(self):
        return f"a text {{zh: …, en: …}}, each at most {self.most} characters"

    def fits(self, value):
        known = isinstance(value, dict) and set(value) <= {"zh", "en"} and bool(value)
        return known and all(Words(self.most).fits(words) for words in value.values())


class Day:
    def __str__(self):
        return "a date such as 2026-10-01"

    def fits(self, value):
        if not isinstance(value, str) or not DAY.fullmatch(value):
            return False
        try:
            return bool(date.fromisoformat(value))
        except ValueError:
            return False


class OneOf(tuple):
    __slots__ = ()

    def __str__(self):
        return f"one of {', '.join(self)}"

    def fits(self, value):
        return isinstance(value, str) and value in self


class Many(NamedTuple):
    """A list of entries of one shape."""

    shape: object
    most: int
    least: int = 1


class Optional(NamedTuple):
    """A field that may be left out."""

    shape: object


# The columns that keep them: a lesson, step, point or indicator 60, a band 20, a slug 80, a job role 60, a clause 60.
KEY, BAND, CONTENT, ROLE, CLAUSE = Slug(60), Slug(20), Slug(80), Slug(60), Words(60)
TITLE, TEXT = Text(200), Text(20_000)
PERCENT = Whole(0, 100)
CITES = Many(CLAUSE, 50)
# Eight: options are lettered A to H.
OPTIONS = Many({"key": KEY, "text": TEXT}, 8, 2)
RIGHT = Many(KEY, 8)
TYPES = OneOf(("single", "multiple", "truefalse", "ordering"))
DIFFICULTIES = OneOf(("easy", "medium", "hard"))

CHECK = {"key": KEY, "stem": TEXT, "options": OPTIONS, "right": RIGHT, "why": TEXT, "cites": CITES}
LESSON = {
    "key": KEY,
    "title": TITLE,
    "minutes": Whole(1, 240),
    "cites": CITES,
    "text": TEXT,
    "checks": Many(CHECK, 20),
}
ROW = {
    "clauses": Optional(Many(CLAUSE, 50)),
    "items": Optional(Many(CONTENT, 200)),
    "count": Whole(1, 100),
    "types": Optional(Many(TYPES, 4)),
    "difficulties": Optional(Many(DIFFICULTIES, 3)),
}
STEP = {
    "key": KEY,
    "kind": OneOf(("course", "quiz", "scenario", "checklist", "sign_off")),
    "slug": CONTENT,
    "due_day": Whole(0, 1825),
    "title": TITLE,
}
INDICATOR = {
    "key": KEY,
    "source": OneOf(("quiz", "scenario", "observation", "completion")),
    "slug": CONTENT,
    "weight": Whole(1, 100),
    "title": TITLE,
}
SHAPES = {
    "course": {"standard": CONTENT, "role": ROLE, "lessons": Many(LESSON, 100)},
    "item": {
        "standard": CONTENT,
        "type": TYPES,
        "difficulty": DIFFICULTIES,
        "points": Whole(1, 100),
        "cites": CITES,
        "stem": TEXT,
        "options": OPTIONS,
        "right": RIGHT,
        "feedback": TEXT,
    },
    "quiz": {
        "standard": CONTENT,
        "blueprint": Many(ROW, 50),
        "minutes": Whole(1, 480),
        "attempts": Whole(1, 100),
        "pass_mark": {"percent": PERCENT, "by": Words(30), "how": TEXT, "on": Day()},
    },
    "path": {"role": ROLE, "steps": Many(STEP, 50)},
    "checklist": {
        "standard": CONTENT,
        "role": ROLE,
        "points": Many({"key": KEY, "cite": CLAUSE, "text": TEXT}, 100),
    },
    "plan": {
        "role": ROLE,
        "use": OneOf(("feedback", "pay")),
        "indicators": Many(INDICATOR, 20),
        "bands": Many({"key": BAND, "from": PERCENT, "title": TITLE}, 10),
        "missing": {"rule": OneOf(("reweight", "zero", "block")), "limit": PERCENT},
    },
}


def misfits(kind, slug, title, body):
    """[(place, sentence)] of all that keeps a piece from being published by itself; [] when nothing does.
    A scenario's body is taken as quizzes.script parsed it."""
    found = list(_misfits({"slug": CONTENT, "title": TITLE}, _given(slug=slug, title=title), ""))
    if isinstance(slug, str) and slug.startswith(OURS):
        found.append(("slug", f"slug begins with {OURS}: that is what publishing a standard makes. Take another."))
    found += _of_scenario(body) if kind == "scenario" else _misfits(SHAPES[kind], body, "")
    return found or list(_rules(kind, body))


def _given(**fields):
    return {name: value for name, value in fields.items() if value is not None}


def _misfits(shape, value, where):
    if isinstance(shape, dict):
        yield from _fields(shape, value, where)
    elif isinstance(shape, Many):
        yield from _entries(shape, value, where)
    elif not shape.fits(value):
        yield where, f"{where} is {shape}, not {shown(value)}."


def _fields(shape, value, where):
    if not isinstance(value, dict):
        yield where, f"{where} is a set of fields ({', '.join(shape)}), not {shown(value)}."
        return
    for name, inner in shape.items():
        place = f"{where}.{name}" if where else name
        if name in value:
            yield from _misfits(inner.shape if isinstance(inner, Optional) else inner, value[name], place)
        elif not isinstance(inner, Optional):
            yield place, f"{place} is missing."
    for name in sorted(value.keys() - shape.keys()):
        place = f"{where}.{name[:60]}" if where else name[:60]
        yield place, f"{place} is no field here; known are {', '.join(shape)}."


def _entries(shape, value, where):
    if not isinstance(value, list):
        yield where, f"{where} is a list, not {shown(value)}."
        return
    if not shape.least <= len(value) <= shape.most:
        yield where, f"{where} is a list of {shape.least} to {shape.most} entries, not of {len(value)}."
        return
    for number, entry in enumerate(value, start=1):
        yield from _misfits(shape.shape, entry, f"{where}[{number}]")
    keys = Counter(entry["key"] for entry in value if isinstance(entry, dict) and isinstance(entry.get("key"), str))
    for key in sorted(key for key, times in keys.items() if times > 1):
        yield where, f"{where}: the key {shown(key)} is given twice."


def shown(value):
    """A value as a sentence quotes it: short, and telling a number from the same digits as words."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, str):
        return f"“{value}”" if len(value) <= 60 else f"“{value[:60]}…” ({len(value)} characters)"
    if isinstance(value, dict):
        return f"fields ({', '.join(value)[:60]})"
    return "a list" if isinstance(value, list) else str(value)


def _of_scenario(body):
    scenes = body["scenes"]
    if len(scenes) > MOST_SCENES:
        yield "", f"A scenario has at most {MOST_SCENES} scenes, not {len(scenes)}."
    for name, shape in (("standard", CONTENT), ("role", ROLE)):
        yield from _misfits(shape, body[name], name)
    for scene in scenes:
        yield from _misfits(KEY, scene["key"], "scene key")


def _rules(kind, body):
    """What a single field cannot tell."""
    if kind == "item":
        yield from (("", sentence) for sentence in check_item(body))
    if kind == "plan":
        yield from (("", sentence) for sentence in check_plan(body))
    if kind == "quiz":
        yield from _of_blueprint(body["blueprint"])
    if kind == "course":
        for place, check in _checks(body):
            yield from ((f"{place}.right", f"{place}: {sentence}") for sentence in right_problems(check))


def _of_blueprint(rows):
    for number, row in enumerate(rows, start=1):
        if ("clauses" in row) == ("items" in row):
            place = f"blueprint[{number}]"
            yield place, f"{place} asks either for clauses or for items."
    if (drawn := sum(row["count"] for row in rows)) > MOST_ON_A_PAPER:
        yield "blueprint", f"blueprint draws {drawn} items; a paper holds at most {MOST_ON_A_PAPER}."


def _checks(course):
    for first, lesson in enumerate(course["lessons"], start=1):
        for second, check in enumerate(lesson["checks"], start=1):
            yield f"lessons[{first}].checks[{second}]", check


def cited(kind, body):
    """[(place, clause key)] of the clauses a sound body cites."""
    if kind == "item":
        return _cites("", body)
    if kind == "checklist":
        return [(f"points[{number}].cite", point["cite"]) for number, point in enumerate(body["points"], start=1)]
    if kind == "course":
        lessons = [(f"lessons[{number}]", lesson) for number, lesson in enumerate(body["lessons"], start=1)]
        return [cite for place, part in [*lessons, *_checks(body)] for cite in _cites(f"{place}.", part)]
    if kind == "scenario":
        choices = [choice for scene in body["scenes"] for choice in scene["choices"]]
        return [(key, key) for key in dict.fromkeys(key for choice in choices for key in choice["cites"])]
    return []


def _cites(where, part):
    return [(f"{where}cites[{number}]", key) for number, key in enumerate(part["cites"], start=1)]


def prefixes(body):
    """[(place, prefix of clause keys)] of a quiz's blueprint."""
    return [
        (f"blueprint[{first}].clauses[{second}]", prefix)
        for first, row in enumerate(body.get("blueprint", []), start=1)
        for second, prefix in enumerate(row.get("clauses", []), start=1)
    ]


def named(kind, body):
    """[(place, sort, slug)] of what a sound body names elsewhere; sort is standard, role or a kind of content."""
    found = [(name, name, body[name]) for name in ("standard", "role") if name in body]
    for first, row in enumerate(body.get("blueprint", []), start=1):
        slugs = enumerate(row.get("items", []), start=1)
        found += [(f"blueprint[{first}].items[{second}]", "item", slug) for second, slug in slugs]
    if kind == "path":
        steps = enumerate(body["steps"], start=1)
        found += [(f"steps[{n}].slug", step["kind"], step["slug"]) for n, step in steps if step["kind"] != "sign_off"]
    if kind == "plan":
        means = {"observation": "checklist", "completion": "path"}
        rows = enumerate(body["indicators"], start=1)
        found += [(f"indicators[{n}].slug", means.get(row["source"], row["source"]), row["slug"]) for n, row in rows]
    return found
