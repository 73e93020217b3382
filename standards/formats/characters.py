"""Traditional characters read as simplified, when a trainer wants it."""

from dataclasses import replace
from functools import cache

from opencc import OpenCC

from standards.formats.decoding import HANZI

SHARE = 0.05  # of the Hanzi: names and quotations alone stay below


@cache
def _converter():
    return OpenCC("t2s")


def simple(words):
    """Traditional characters as simplified ones."""
    return _converter().convert(words)


def is_traditional(parsed):
    """Do the clauses of a Parsed stand in traditional characters?"""
    words = "".join(row["text"].get("zh", "") for row in parsed.clauses)
    simple = _converter().convert(words)
    changed = sum(old != new for old, new in zip(words, simple, strict=False) if HANZI.match(old))
    return changed > SHARE * len(HANZI.findall(words)) if words else False


def simplified(parsed):
    """The same Parsed in simplified characters: title, headings and clauses; what was left out stays as it was."""
    simple = _converter().convert
    clauses = [
        row
        | {"heading": [simple(text) for text in row["heading"]], "number": simple(row["number"])}
        | {"text": {name: simple(words) if name == "zh" else words for name, words in row["text"].items()}}
        for row in parsed.clauses
    ]
    headings = [row | {"text": simple(row["text"])} for row in parsed.headings]
    title = {name: simple(words) if name == "zh" else words for name, words in parsed.title.items()}
    return replace(parsed, title=title, headings=headings, clauses=clauses)
