"""What each kind of pack file must say, and sentences for what it does not. Pure."""

import re

SLUG = re.compile(r"[A-Za-z0-9_-]{1,80}")
TEXT = "a text {zh: …, en: …}"
WORDS = "words"
NUMBER = "a whole number"
COUNT = "a whole number from 1"
PERCENT = "a whole number from 0 to 100"


class Optional:
    """A field that may be left out."""

    def __init__(self, shape):
        self.shape = shape


class OneOf(tuple):
    """One of these words."""

    __slots__ = ()


OPTION = {"key": WORDS, "text": TEXT}
KINDS = OneOf(("course", "quiz", "scenario", "checklist", "sign_off"))
SHAPES = {
    "course": {
        "standard": WORDS,
        "role": WORDS,
        "lessons": [
            {
                "key": WORDS,
                "title": TEXT,
                "minutes": COUNT,
                "cites": [WORDS],
                "text": TEXT,
                "checks": [
                    {"key": WORDS, "stem": TEXT, "options": [OPTION], "right": [WORDS], "why": TEXT, "cites": [WORDS]}
                ],
            }
        ],
    },
    "item": {
        "standard": WORDS,
        "type": OneOf(("single", "multiple", "truefalse", "ordering")),
        "difficulty": OneOf(("easy", "medium", "hard")),
        "points": COUNT,
        "cites": [WORDS],
        "stem": TEXT,
        "options": [OPTION],
        "right": [WORDS],
        "feedback": TEXT,
    },
    "quiz": {
        "standard": WORDS,
        "blueprint": [
            {"clauses": [WORDS], "count": COUNT, "types": Optional([WORDS]), "difficulties": Optional([WORDS])}
        ],
        "minutes": COUNT,
        "attempts": COUNT,
        "pass_mark": {"percent": PERCENT, "by": WORDS, "how": TEXT, "on": WORDS},
    },
    "path": {"role": WORDS, "steps": [{"key": WORDS, "kind": KINDS, "slug": WORDS, "due_day": NUMBER, "title": TEXT}]},
    "checklist": {"standard": WORDS, "role": WORDS, "points": [{"key": WORDS, "cite": WORDS, "text": TEXT}]},
    "plan": {
        "role": WORDS,
        "use": OneOf(("feedback", "pay")),
        "indicators": [
            {
                "key": WORDS,
                "source": OneOf(("quiz", "scenario", "observation", "completion")),
                "slug": WORDS,
                "weight": NUMBER,
                "title": TEXT,
            }
        ],
        "bands": [{"key": WORDS, "from": PERCENT, "title": TEXT}],
        "missing": {"rule": OneOf(("reweight", "zero", "block")), "limit": PERCENT},
    },
}


def misfits(kind, slug, title, body):
    """Sentences for every field of a piece that is missing, unknown or of the wrong sort; [] when it fits.
    Lists hold one entry at least, and their keys differ."""
    found = list(_misfits(SHAPES[kind], body, "")) if kind in SHAPES else []
    if not isinstance(slug, str) or not SLUG.fullmatch(slug):
        found.append("slug is Latin letters, digits and hyphens, at most 80.")
    if not _fits(TEXT, title) or any(len(words) > 200 for words in title.values()):
        found.append(f"title is {TEXT}, each at most 200 characters long.")
    return found


def _misfits(shape, value, where):
    if isinstance(shape, dict):
        yield from _fields(shape, value, where)
    elif isinstance(shape, list):
        yield from _entries(shape[0], value, where)
    elif not _fits(shape, value):
        wanted = f"one of {', '.join(shape)}" if isinstance(shape, OneOf) else shape
        yield f"{where} is {wanted}."


def _fields(shape, value, where):
    if not isinstance(value, dict):
        yield f"{where or 'It'} is a set of fields: {', '.join(shape)}."
        return
    for name, inner in shape.items():
        place = f"{where}.{name}" if where else name
        if name in value:
            yield from _misfits(inner.shape if isinstance(inner, Optional) else inner, value[name], place)
        elif not isinstance(inner, Optional):
            yield f"{place} is missing."
    for name in value:
        if name not in shape:
            yield f"{where + '.' if where else ''}{name} is no field of this file."


def _entries(shape, value, where):
    if not isinstance(value, list) or not value:
        yield f"{where} is a list of at least one entry."
        return
    for place, entry in enumerate(value, start=1):
        yield from _misfits(shape, entry, f"{where}[{place}]")
    keys = [entry["key"] for entry in value if isinstance(entry, dict) and isinstance(entry.get("key"), str)]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"{where}: the key {key} is given twice."


def _fits(shape, value):
    if isinstance(shape, OneOf):
        return value in shape
    if shape == TEXT:
        known = isinstance(value, dict) and set(value) <= {"zh", "en"} and bool(value)
        return known and all(isinstance(words, str) and words.strip() for words in value.values())
    if shape == WORDS:
        return isinstance(value, str) and bool(value.strip())
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return whole and value >= (shape == COUNT) and (shape != PERCENT or value <= 100)
