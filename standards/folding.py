"""Texts as a search sees them: one folding for what is written and what is asked, found again in the original.

Each character is folded by itself, so whatever stands inside a text stands inside its folding too."""

from itertools import groupby
from typing import NamedTuple
from unicodedata import category, normalize

from standards.formats.characters import simple

MOST_CHARACTERS, MOST_WORDS = 200, 12
WIDE = "\u2e80"  # from here on characters are written without spaces
LONGEST_RUN, INDEXED = 40, 50_000


class _Folded(dict):
    def __missing__(self, character):
        self[character] = folded = self._fold(character)
        return folded

    def _fold(self, character):
        if character.isspace():
            return " "
        if category(character) in ("Cc", "Cf", "Cs"):
            return ""
        simplified = simple(character) if character >= WIDE else character
        return " ".join(normalize("NFKC", simplified).casefold().split())


FOLDED = _Folded()


def fold(text):
    """NFKC, case folded, traditional characters as simplified ones; white space is one space between Latin words,
    and none beside a Hanzi, so that a line break hides nothing."""
    return _fold(text)[0]


def _fold(text):
    """(folded, for each of its characters the place in `text`). `text` must be composed (NFC) for exact places."""
    out, places, gap = [], [], None
    for place, character in enumerate(text):
        for each in FOLDED[character]:
            if each == " ":
                gap = place if gap is None else gap
                continue
            if gap is not None and out and out[-1] < WIDE and each < WIDE:
                out.append(" ")
                places.append(gap)
            gap = None
            out.append(each)
            places.append(place)
    return "".join(out), places


class Asked(NamedTuple):
    """What was asked: the words that must all occur, the whole phrase, whether something was left off."""

    words: tuple
    phrase: str
    cut: bool


def asked(query):
    """A query as typed. Words are told apart by white space; at most twelve, in at most 200 characters."""
    cut = len(query) > MOST_CHARACTERS
    query = query[:MOST_CHARACTERS]
    words = list(dict.fromkeys(filter(None, map(fold, composed(query).split()))))
    return Asked(tuple(words[:MOST_WORDS]), fold(query), cut or len(words) > MOST_WORDS)


def composed(text):
    return normalize("NFC", text)


# --- grams ------------------------------------------------------------------------


def grams(plain):
    """The grams of a folded text, in order: of Hanzi every two neighbours and the last of a run, of letters and
    digits every word."""
    found = {}
    for wide, run in _runs(plain[:INDEXED]):
        if wide:
            found |= dict.fromkeys([*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]])
        else:
            found[run[:LONGEST_RUN]] = None
    return " ".join(found)


def wanted(word):
    """[(gram, it may go on)] that a text holding this folded word has, and whether they say all about it."""
    runs = list(_runs(word))
    # A run goes on only where the word ends with it: “c-” asks for the word c, not for all that begin so.
    ends = [place == len(runs) - 1 and word.endswith(run) for place, (_wide, run) in enumerate(runs)]
    found = [part for run, last in zip(runs, ends, strict=True) for part in _wanted(*run, last=last)]
    whole = len(runs) == 1 and runs[0][1] == word and len(found) == 1 and len(word) < LONGEST_RUN
    return found, whole


def _wanted(wide, run, *, last):
    if not wide:
        return [(run[:LONGEST_RUN], last)]
    return [(run[at : at + 2], False) for at in range(len(run) - 1)] or [(run, True)]


def _runs(plain):
    """(wide, run) of letters and digits."""
    for kind, run in groupby(plain, key=lambda each: (each >= WIDE) if each.isalnum() else None):
        if kind is not None:
            yield kind, "".join(run)


# --- showing ----------------------------------------------------------------------


def marked(text, words, room=160):
    """[(piece of the text, is it a word found)], cut to about `room` characters round the first word found;
    … stands for what is cut."""
    text = composed(text)
    hits = _hits(text, words)
    first = hits[0][0] if hits else 0
    start = 0 if first < room // 2 or len(text) <= room else first - room // 4
    if start and text[start - 1].isascii() and " " in text[start:first]:
        start = text.index(" ", start) + 1
    stop = min(len(text), max(start + room, hits[0][1] if hits else 0))
    pieces = [("…", False)] if start else []
    at = start
    for begin, end in hits:
        if begin >= stop:
            break
        pieces += [(text[at:begin], False), (text[begin : min(end, stop)], True)]
        at = min(end, stop)
    pieces += [(text[at:stop], False)] + ([("…", False)] if stop < len(text) else [])
    return [(" ".join(piece.split("\n")), hit) for piece, hit in pieces if piece]


def holds(text, word):
    """Does a text hold a folded word as the search means it: Latin from the beginning of a word?"""
    return next(_places(fold(composed(text)), word), None) is not None


def _places(plain, word):
    """Where a folded word begins; Latin letters and digits only where no others stand before."""
    at = plain.find(word)
    while at >= 0:
        if not (at and _narrow(word[0]) and _narrow(plain[at - 1])):
            yield at
        at = plain.find(word, at + 1)


def _narrow(character):
    return character < WIDE and character.isalnum()


def _hits(text, words):
    """[(begin, end)] in the text, in order, none touching another."""
    plain, places = _fold(text)
    spans = sorted(
        (places[at], places[at + len(word) - 1] + 1) for word in words for at in _places(plain, word) if places
    )
    merged = []
    for begin, end in spans:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
