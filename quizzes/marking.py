"""Marks for answers to items: one table of pure functions, stamped with RULES on every score."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

RULES = 1
LANGUAGES = {"zh": "Chinese", "en": "English"}


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


def check_item(body: dict) -> list[str]:
    """What keeps an item from being published, as sentences; [] when nothing does."""
    kind, points = body.get("type"), body.get("points")
    problems = []
    if kind not in TYPES:
        problems.append(f"The type “{kind}” is none of {', '.join(TYPES)}.")
    if type(points) is not int or points < 1:
        problems.append("The points are a whole number of at least 1.")
    problems += missing_languages(body.get("stem"), where="the stem")
    problems += missing_languages(body.get("feedback"), where="the feedback")
    return problems + option_problems(body) + right_problems(body)


def missing_languages(text: object, *, where: str) -> list[str]:
    text = text if isinstance(text, dict) else {}
    return [
        f"{name} is missing in {where}."
        for language, name in LANGUAGES.items()
        if not isinstance(text.get(language), str) or not text[language].strip()
    ]


def option_problems(body: dict) -> list[str]:
    options = options_of(body)
    if options is None:
        return ["The options are a list of {key, text}."]
    keys = [option.get("key") for option in options]
    problems = key_problems(keys)
    if len(options) < 2:
        problems.append("An item has at least two options.")
    if body.get("type") == "truefalse" and keys not in (["true", "false"], ["false", "true"]):
        problems.append('A truefalse item has exactly two options, with the keys "true" and "false".')
    for option in options:
        problems += missing_languages(option.get("text"), where=f"option “{option.get('key')}”")
    return problems


def options_of(body: dict) -> list[dict] | None:
    options = body.get("options")
    if not isinstance(options, list) or not all(isinstance(each, dict) for each in options):
        return None
    return options


def key_problems(keys: list[object]) -> list[str]:
    """YAML reads an unquoted true or 1 as no text, so that case has its own sentence."""
    odd = [key for key in keys if not isinstance(key, str) or not key]
    repeated = sorted({key for key in keys if isinstance(key, str) and keys.count(key) > 1})
    problems = [f'The option key {key} is not text; write it in quotes, as "a".' for key in odd]
    return problems + [f"The option key “{key}” is used more than once." for key in repeated]


def right_problems(body: dict) -> list[str]:
    right, options = body.get("right"), options_of(body) or []
    if not right:
        return ["No right answer is given."]
    if not isinstance(right, list):
        return ["The right answer is a list of option keys."]
    keys = [option.get("key") for option in options]
    strange = [f"The right answer “{key}” is not an option." for key in right if key not in keys]
    return strange + right_count_problems(body.get("type"), right, keys=keys)


def right_count_problems(kind: object, right: list, *, keys: list) -> list[str]:
    if kind == "ordering" and (len(right) != len(keys) or any(key not in right for key in keys)):
        return ["The right order of an ordering item names every option once."]
    if any(right.count(key) > 1 for key in right):
        return ["A right answer is named more than once."]
    if kind in ("single", "truefalse") and len(right) != 1:
        return [f"An item of type {kind} has exactly one right answer, not {len(right)}."]
    return []
