"""One answer under two pairs of eyes: whose turn it is, what it is worth, how far two markers agree. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from quizzes.marking import BadResponse, rated, rounded
from quizzes.quiz_rules import rules_of

SHARES = ("0", "0.5", "1")
FIRST, SECOND, DECIDES = 1, 2, 3
SUFFICIENT = 10  # answers marked twice, before agreement is a figure


class Rules(NamedTuple):
    """second: every answer is marked by two people; limit: the largest difference in points whose mean is taken."""

    second: bool = False
    limit: Fraction = Fraction(0)


class Given(NamedTuple):
    """What one person gave in one turn: {criterion: "0"|"0.5"|"1"}."""

    turn: int
    by: int
    shares: dict


class Outcome(NamedTuple):
    """needs: the turn that is still wanted, 0 when none is; points once it is settled."""

    needs: int
    points: Decimal | None = None


class Agreement(NamedTuple):
    """Over n answers marked twice: the mean absolute difference in points, and the percent within the limit."""

    n: int
    difference: Decimal | None = None
    within: int | None = None


def rules_in(quiz_body: dict) -> Rules:
    """What a quiz says of its markers: rules.marking {second, limit}."""
    said = rules_of(quiz_body).marking
    return Rules(said.second, Fraction(said.limit))


def worth(item_body: dict, shares: dict) -> Decimal:
    """The points that shares of the criteria earn. Raises BadResponse unless each criterion has one of SHARES."""
    if any(share not in SHARES for share in shares.values()):
        raise BadResponse("A criterion is met not at all, half or in full.")
    return rated(item_body, {key: Fraction(share) for key, share in shares.items()}).points


def newest(given: Iterable[Given]) -> dict[int, Given]:
    """{turn: what counts in it}; of one turn the last one given."""
    return {each.turn: each for each in given}


def settle(item_body: dict, given: Iterable[Given], rules: Rules) -> Outcome:
    """The first marker's points; with a second marker their mean when they differ by no more than the limit, else what
    the third decides. given: in the order it was given."""
    turns = newest(given)
    points = {turn: worth(item_body, each.shares) for turn, each in turns.items()}
    if FIRST not in points:
        return Outcome(FIRST)
    if DECIDES in points:
        return Outcome(0, points[DECIDES])
    if not rules.second:
        return Outcome(0, points[FIRST])
    if SECOND not in points:
        return Outcome(SECOND)
    if abs(points[FIRST] - points[SECOND]) > rules.limit:
        return Outcome(DECIDES)
    return Outcome(0, rounded(Fraction(points[FIRST] + points[SECOND]) / 2, places=4))


def agreement(pairs: Iterable[tuple[Decimal, Decimal, Fraction]]) -> Agreement:
    """pairs: (first's points, second's points, limit). Fewer than SUFFICIENT give n alone."""
    pairs = [(abs(Fraction(first) - Fraction(second)), limit) for first, second, limit in pairs]
    if len(pairs) < SUFFICIENT:
        return Agreement(len(pairs))
    within = sum(apart <= limit for apart, limit in pairs)
    mean = sum((apart for apart, _ in pairs), Fraction(0)) / len(pairs)
    return Agreement(len(pairs), rounded(mean, places=2), int(rounded(Fraction(100 * within, len(pairs)), places=0)))
