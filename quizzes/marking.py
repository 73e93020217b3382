"""Marks for answers to items: one table of pure functions, stamped with RULES on every score."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

RULES = 1


class BadResponse(ValueError):
    """The response cannot be an answer to this item; str() is a sentence."""


class Marked(NamedTuple):
    """points 0–max_points, four decimals; status "scored" or "omitted"."""

    points: Decimal
    max_points: Decimal
    status: str


def mark(item_body: dict, response: list[str] | None) -> Marked:
    """Marks a list of option keys (single and truefalse: exactly one; ordering: all of them).

    None or [] is omitted with 0 points. Raises BadResponse for unknown, repeated or miscounted
    keys. Formulas: psychometrics 6.2.
    """
    most = Decimal(item_body["points"])
    if response is None or response == []:
        return Marked(rounded(Fraction(0), places=4), most, "omitted")
    keys = [option["key"] for option in item_body["options"]]
    check_keys(keys, response)
    share = TYPES[item_body["type"]](keys, item_body["right"], response)
    return Marked(rounded(share * Fraction(most), places=4), most, "scored")


def percent(marks: Iterable[Marked]) -> Decimal | None:
    """100 · Σ points ÷ Σ max_points, one decimal, half up; None when Σ max_points is 0."""
    marks = list(marks)
    most = sum((Fraction(each.max_points) for each in marks), Fraction(0))
    if most == 0:
        return None
    return rounded(100 * sum(Fraction(each.points) for each in marks) / most, places=1)


def rounded(value: Fraction, *, places: int) -> Decimal:
    """An exact fraction ≥ 0 as a Decimal of that many places, half up."""
    # Dividing as Decimals would round twice: once to 28 digits and once here.
    return Decimal((2 * value * 10**places + 1) // 2).scaleb(-places)


def check_keys(keys: list[str], response: object) -> None:
    """Raises BadResponse unless response is a list of different keys of the item."""
    if not isinstance(response, list | tuple):
        raise BadResponse("An answer is a list of option keys.")
    for key in response:
        if not isinstance(key, str) or key not in keys:
            raise BadResponse(f"“{key}” is not an option of this item.")
    if len(set(response)) < len(response):
        raise BadResponse("An option is chosen more than once.")


def single(keys: list[str], right: list[str], response: list[str]) -> Fraction:
    if len(response) != 1:
        raise BadResponse(f"Choose one option, not {len(response)}.")
    return Fraction(response[0] in right)


def multiple(keys: list[str], right: list[str], response: list[str]) -> Fraction:
    hits = sum(key in right for key in response)
    return max(Fraction(0), Fraction(hits - (len(response) - hits), len(right)))


def ordering(keys: list[str], right: list[str], response: list[str]) -> Fraction:
    """1 − 2 · discordant pairs ÷ k(k − 1): the right order earns 1, its reverse 0."""
    if len(response) != len(keys):
        raise BadResponse(f"Put all {len(keys)} options in order, not {len(response)}.")
    place = {key: position for position, key in enumerate(right)}
    discordant = sum(place[a] > place[b] for a, b in combinations(response, 2))
    return 1 - Fraction(2 * discordant, len(keys) * (len(keys) - 1))


TYPES = {"single": single, "multiple": multiple, "truefalse": single, "ordering": ordering}
