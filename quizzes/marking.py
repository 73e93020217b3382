"""Marks for answers to items: one table of pure functions, stamped with RULES on every score.

A response is a list of option keys (single, multiple, truefalse, ordering, rank) or a dict: matching {option: choice},
bestworst {"best", "worst"}, numeric {"number"}, fill {blank: words}, short {"text"}, upload {"file": sum, …}."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, zip_longest
from typing import NamedTuple

from quizzes.typed import folded, number_in

RULES = 2
SAME = (1, 2)  # under which a response of a type that both know earns the same
AWAITING = "awaiting"
LONGEST = 20_000  # characters in one answer


class BadResponse(ValueError):
    """The response cannot be an answer to this item; str() is a sentence."""


class Marked(NamedTuple):
    """points 0–max_points, four decimals, None while a person still has to mark it; status "scored", "omitted" or
    "awaiting"; "void" where the item no longer counts."""

    points: Decimal | None
    max_points: Decimal
    status: str


def mark(item_body: dict, response: list | dict | None) -> Marked:
    """Marks one response. None, an empty one, and one of blanks alone is omitted with 0 points; what only a person can
    mark (`OPEN`) is awaiting. Raises BadResponse for what is no answer to this item: unknown, repeated or miscounted
    keys. Formulas: docs/marking.md."""
    most = Decimal(item_body["points"])
    if empty(response):
        return Marked(rounded(Fraction(0), places=4), most, "omitted")
    kind = item_body["type"]
    if kind in OPEN:
        OPEN[kind](item_body, response)
        return Marked(None, most, AWAITING)
    share = TYPES[kind](item_body, response)
    return Marked(rounded(share * Fraction(most), places=4), most, "scored")


def rated(item_body: dict, shares: dict[str, Fraction]) -> Marked:
    """Marks an open answer from what a person gave for each criterion of the rubric: {criterion: share 0–1}.
    Σ share · criterion points ÷ Σ criterion points, of the item's points. Raises BadResponse unless every criterion
    is rated."""
    rubric = {row["key"]: row["points"] for row in item_body["rubric"]}
    if shares.keys() != rubric.keys() or any(not 0 <= share <= 1 for share in shares.values()):
        raise BadResponse("Every criterion of the rubric needs a share from 0 to 1.")
    earned = sum((Fraction(shares[key]) * points for key, points in rubric.items()), Fraction(0))
    most = Decimal(item_body["points"])
    return Marked(rounded(earned / sum(rubric.values()) * Fraction(most), places=4), most, "scored")


def percent(marks: Iterable[Marked], weights: Iterable[str | None] = ()) -> Decimal | None:
    """100 · Σ weight · points ÷ Σ weight · max_points, one decimal, half up; void ones left out. weights: of each mark,
    as a paper has them ("20/3"; None, and what is missing, is 1). None when Σ max_points is 0 or an answer still awaits
    its marks."""
    weighed = [(each, Fraction(weight or 1)) for each, weight in zip_longest(marks, weights) if each.status != "void"]
    most = sum((weight * Fraction(each.max_points) for each, weight in weighed), Fraction(0))
    if most == 0 or any(each.points is None for each, _weight in weighed):
        return None
    return rounded(100 * sum(weight * Fraction(each.points) for each, weight in weighed) / most, places=1)


def rounded(value: Fraction, *, places: int) -> Decimal:
    """An exact fraction ≥ 0 as a Decimal of that many places, half up."""
    # Dividing as Decimals would round twice: once to 28 digits and once here.
    return Decimal((2 * value * 10**places + 1) // 2).scaleb(-places)


def empty(response: object) -> bool:
    """Nothing was answered: no key, no word."""
    if isinstance(response, dict):
        return not any(isinstance(each, str) and each.strip() for each in response.values())
    return not response


# --- what a response may be -------------------------------------------------------


def picked(body: dict, response: object) -> list[str]:
    """Raises BadResponse unless response is a list of different option keys of the item."""
    if not isinstance(response, list | tuple):
        raise BadResponse("An answer is a list of option keys.")
    keys = _keys(body)
    for key in response:
        if not isinstance(key, str) or key not in keys:
            raise BadResponse(f"“{key}” is not an option of this item.")
    if len(set(response)) < len(response):
        raise BadResponse("An option is chosen more than once.")
    return list(response)


def given(response: object, known: Iterable[str]) -> dict[str, str]:
    """Raises BadResponse unless response is {known name: words}; what is blank is left out."""
    if not isinstance(response, dict):
        raise BadResponse("An answer to this item has fields.")
    known = set(known)
    for name, words in response.items():
        if name not in known:
            raise BadResponse(f"“{name}” is no field of this item.")
        if not isinstance(words, str) or len(words) > LONGEST:
            raise BadResponse(f"“{name}” holds no words, or more than {LONGEST} characters.")
    return {name: words for name, words in response.items() if words.strip()}


def _keys(body):
    return [option["key"] for option in body["options"]]


# --- the types --------------------------------------------------------------------


def single(body: dict, response: list[str]) -> Fraction:
    if len(picked(body, response)) != 1:
        raise BadResponse(f"Choose one option, not {len(response)}.")
    weights = body.get("credit", {}).get("weights")
    return _weighed(weights, response) if weights else Fraction(response[0] in body["right"])


def multiple(body: dict, response: list[str]) -> Fraction:
    """As the item declares: (hits − false alarms) ÷ keyed options, floor 0 (the default); all or nothing; or the sum
    of the options' weights in percent, from 0 to 1."""
    response, right = picked(body, response), body["right"]
    credit = body.get("credit", {})
    if credit.get("weights"):
        return _weighed(credit["weights"], response)
    if credit.get("rule") == "all_or_nothing":
        return Fraction(set(response) == set(right))
    hits = sum(key in right for key in response)
    return max(Fraction(0), Fraction(hits - (len(response) - hits), len(right)))


def _weighed(weights, response):
    """weights: {option: percent, −100 to 100}; an option left out weighs 0."""
    return min(Fraction(1), max(Fraction(0), Fraction(sum(weights.get(key, 0) for key in response), 100)))


def ordering(body: dict, response: list[str]) -> Fraction:
    """1 − 2 · discordant pairs ÷ k(k − 1): the right order earns 1, its reverse 0. Of a situational judgement (rank)
    the right order is the experts', and this is 1 − the share of Kendall's distance."""
    keys = _keys(body)
    if len(picked(body, response)) != len(keys):
        raise BadResponse(f"Put all {len(keys)} options in order, not {len(response)}.")
    place = {key: position for position, key in enumerate(body["right"])}
    discordant = sum(place[a] > place[b] for a, b in combinations(response, 2))
    return 1 - Fraction(2 * discordant, len(keys) * (len(keys) - 1))


def bestworst(body: dict, response: dict) -> Fraction:
    """(raw + 2) ÷ 4: +1 for the best found, +1 for the worst, −1 for the best taken for the worst and the reverse.
    One of the two left open earns and loses nothing."""
    response = given(response, ("best", "worst"))
    keys = _keys(body)
    if any(key not in keys for key in response.values()):
        raise BadResponse("The best and the worst are options of this item.")
    best, worst = response.get("best"), response.get("worst")
    if best == worst:
        raise BadResponse("The best and the worst are two different options.")
    raw = (best == body["best"]) + (worst == body["worst"]) - (best == body["worst"]) - (worst == body["best"])
    return Fraction(raw + 2, 4)


def matching(body: dict, response: dict) -> Fraction:
    """Pairs found ÷ pairs."""
    response = given(response, _keys(body))
    choices = {choice["key"] for choice in body["choices"]}
    if any(choice not in choices for choice in response.values()):
        raise BadResponse("A partner is none of this item.")
    return Fraction(sum(response.get(option) == choice for option, choice in body["pairs"].items()), len(body["pairs"]))


def numeric(body: dict, response: dict) -> Fraction:
    """The best of the answers whose value lies within its tolerance, in percent; a number in another unit of the item
    is converted; what is no number, or in an unknown unit, earns 0."""
    words = given(response, ("number",)).get("number", "")
    number = number_in(words, body.get("unit"))
    if number is None:
        return Fraction(0)
    fits = [
        row["percent"]
        for row in body["answers"]
        if abs(number - Fraction(row["value"])) <= Fraction(row.get("tolerance", 0))
    ]
    return Fraction(max(fits, default=0), 100)


def fill(body: dict, response: dict) -> Fraction:
    """The mean over the blanks of the best accepted variant, in percent."""
    response = given(response, [blank["key"] for blank in body["blanks"]])
    earned = (blank_share(body, blank, response.get(blank["key"], "")) for blank in body["blanks"])
    return sum(earned, Fraction(0)) / len(body["blanks"])


def blank_share(body: dict, blank: dict, words: str) -> Fraction:
    """What these words earn in one blank, 0–1."""
    ignore = body.get("ignore", ())
    said = folded(words, ignore)
    fits = [row["percent"] for row in blank["accepted"] if said and folded(row["text"], ignore) == said]
    return Fraction(max(fits, default=0), 100)


def short(body: dict, response: dict) -> None:
    given(response, ("text",))


def upload(body: dict, response: dict) -> None:
    given(response, ("file", "name", "type"))


TYPES = {
    "single": single,
    "multiple": multiple,
    "truefalse": single,
    "ordering": ordering,
    "matching": matching,
    "numeric": numeric,
    "fill": fill,
    "rank": ordering,
    "bestworst": bestworst,
}
# What only a person can mark, by the rubric.
OPEN = {"short": short, "upload": upload}
EVERY_TYPE = (*TYPES, *OPEN)
