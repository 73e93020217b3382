"""What people type, read as they mean it: words beside words, a number with its unit. Pure."""

import re
from fractions import Fraction
from unicodedata import category, normalize

IGNORABLE = ("width", "punctuation", "space", "case")
NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d+)?|\.\d+))\s*(.*)", re.DOTALL)
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")


def folded(words: str, ignore) -> str:
    """Words as they are compared. ignore: some of IGNORABLE; full width and compatibility forms count as the plain ones
    with "width". White space at both ends never counts."""
    if "width" in ignore:
        words = normalize("NFKC", words)
    if "punctuation" in ignore:
        words = "".join(each for each in words if category(each)[0] not in "PS")
    words = "".join(words.split()) if "space" in ignore else " ".join(words.split())
    return words.casefold() if "case" in ignore else words


def number_in(words: str, unit: dict | None = None) -> Fraction | None:
    """The number that was typed, in the item's unit; None where it is none, or in a unit the item does not know.
    unit: {"text": {language: name}, "others": [{"text", "factor"}]}; a number without a unit is in the item's."""
    found = NUMBER.fullmatch(THOUSANDS.sub("", normalize("NFKC", words).strip().replace("−", "-")))
    if not found or len(found[1]) > 30:
        return None
    factor = _factor(found[2], unit or {})
    return None if factor is None else Fraction(found[1]) * factor


def _factor(name, unit):
    own = {_plain(each) for each in unit.get("text", {}).values()}
    others = {_plain(each["text"]): Fraction(each["factor"]) for each in unit.get("others", ())}
    name = _plain(name)
    return Fraction(1) if not name or name in own else others.get(name)


def _plain(name):
    return folded(name, ("width", "space", "case"))
