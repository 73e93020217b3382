"""Shapes of what content says, and sentences for what does not fit. Pure. A place is written as in
`lessons[2].checks[1].right`."""

import re
from collections import Counter
from datetime import date
from typing import NamedTuple

SLUG = re.compile(r"[A-Za-z0-9_-]+")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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


class Number:
    """A number with at most six decimals, as it is written: "2.5" or 3."""

    def __str__(self):
        return "a number such as 15 or 2.5"

    def fits(self, value):
        return isinstance(value, int | str) and not isinstance(value, bool) and bool(NUMBER.fullmatch(str(value)))


class Flag:
    def __str__(self):
        return "true or false"

    def fits(self, value):
        return isinstance(value, bool)


class Pairs(NamedTuple):
    """A set of fields whose names are not known beforehand: {name: value}."""

    name: object
    value: object
    most: int

    def __str__(self):
        return f"1 to {self.most} fields, each {self.value}"

    def fits(self, value):
        known = isinstance(value, dict) and 1 <= len(value) <= self.most
        return known and all(self.name.fits(name) and self.value.fits(each) for name, each in value.items())


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


# The columns that keep them: a lesson, step, point or indicator 60, a slug 80, a clause 60, a title 200.
KEY, CONTENT, CLAUSE = Slug(60), Slug(80), Words(60)
TITLE, TEXT = Text(200), Text(20_000)


def misfits(shape, value, where=""):
    """(place, sentence) of all that does not fit a shape; nothing when all does."""
    if isinstance(shape, dict):
        yield from _fields(shape, value, where)
    elif isinstance(shape, Many):
        yield from _entries(shape, value, where)
    elif not shape.fits(value):
        yield where, f"{where} is {shape}, not {shown(value)}."


def with_flags(shape, value):
    """The same with `true` and `false` as such where the shape asks for one: a pack's YAML has only words."""
    shape = shape.shape if isinstance(shape, Optional) else shape
    if isinstance(shape, Flag):
        return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
    if isinstance(shape, Many) and isinstance(value, list):
        return [with_flags(shape.shape, each) for each in value]
    if isinstance(shape, dict) and isinstance(value, dict):
        return {name: with_flags(shape[name], each) if name in shape else each for name, each in value.items()}
    return value


def _fields(shape, value, where):
    if not isinstance(value, dict):
        yield where, f"{where} is a set of fields ({', '.join(shape)}), not {shown(value)}."
        return
    for name, inner in shape.items():
        place = f"{where}.{name}" if where else name
        if name in value:
            yield from misfits(inner.shape if isinstance(inner, Optional) else inner, value[name], place)
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
        yield from misfits(shape.shape, entry, f"{where}[{number}]")
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
