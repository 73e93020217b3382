"""Where a clause is cut: at the empty lines its editor puts into each of its languages."""

import re
from itertools import pairwise

EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
CLOSING = "”’」』）)】》"
ENDS = [
    re.compile(rf"[。！？；;!?…][{CLOSING}]*|\.[{CLOSING}\"']*(?=\s)"),
    re.compile(r"[，,：:]"),
    re.compile(r"\s+"),
]
MOST = 20


def pieces(words):
    """The parts of a text between its empty lines; [] of no words."""
    return [part.strip() for part in EMPTY_LINE.split(words.replace("\r\n", "\n")) if part.strip()]


def parts_of(text):
    """[{"zh", "en"}] of a text cut in each of its languages, or None when they are not cut alike, or not at all."""
    cut = {language: pieces(words) for language, words in text.items() if pieces(words)}
    counts = {len(found) for found in cut.values()}
    if len(counts) != 1 or not 2 <= max(counts) <= MOST:
        return None
    return [dict(zip(cut, part, strict=True)) for part in zip(*cut.values(), strict=True)]


def proposed(text):
    """The text with an empty line where each language may be cut: as many as the language that is cut most often."""
    wanted = max([len(pieces(words)) for words in text.values()] + [2])
    return {name: words if len(pieces(words)) == wanted else _cut(words, wanted) for name, words in text.items()}


def _cut(words, count):
    """One text in `count` parts of about the same length, cut where sentences end."""
    whole = " ".join(pieces(words))
    places = sorted({_nearest(whole, len(whole) * part / count) for part in range(1, count)})
    edges = [0, *places, len(whole)]
    found = [whole[start:end].strip() for start, end in pairwise(edges)]
    return "\n\n".join(part for part in found if part)


def _nearest(words, middle):
    for pattern in ENDS:
        ends = [found.end() for found in pattern.finditer(words) if found.end() < len(words)]
        if ends:
            return min(ends, key=lambda end: abs(end - middle))
    return round(middle)
