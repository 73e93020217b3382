"""What the figures of a test say to whoever can mend it: how much may be said of so many persons, what each option
did, and codes for what is wrong. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import ceil
from statistics import median

from quizzes.statistics import Figure, ItemFigures, correlation, none

EASY, HARD, WEAK, DEAD, KEY_N = 0.95, 0.10, 0.15, 0.02, 20
GROUPS = 5


class Gate(IntEnum):
    """What may be shown of n persons: nothing about the group; counts; facilities; everything, provisional;
    everything."""

    HIDDEN, COUNTS, FACILITY, PROVISIONAL, USABLE = 0, 5, 10, 30, 100

    @property
    def code(self):
        return f"gate_{self.name.lower()}"


def gate(n: int) -> Gate:
    return max(each for each in Gate if n >= each)


def item_flags(figures: ItemFigures, n: int, *, criterion: bool = False) -> list[str]:
    """Codes, the worst first: key_wrong (r < 0), weak (r < .15), too_easy, too_hard, not_shown (the interval of r
    holds 0); keep, instead of those on facility and discrimination, for an item of critical knowledge that nearly
    everybody knows. Nothing below the gates."""
    level, easy = gate(n), figures.facility.value
    if level < Gate.FACILITY or easy is None:
        return []
    r = figures.rest.value if level >= Gate.PROVISIONAL else None
    found = [] if r is None else _on_rest(r, figures.rest.ci)
    if criterion and easy > EASY and "key_wrong" not in found:
        return ["keep"]
    return found[:1] + [code for code, hit in (("too_easy", easy > EASY), ("too_hard", easy < HARD)) if hit] + found[1:]


def _on_rest(r, ci):
    found = ["key_wrong"] if r < 0 else ["weak"] if r < WEAK else []
    return [*found, "not_shown"] if ci and ci[0] <= 0 <= ci[1] else found


def may_delete(figures: ItemFigures, n: int) -> bool:
    """An item may be proposed for deletion: from 100 persons on, or before when its discrimination lies wholly
    below 0."""
    below = figures.rest.ci is not None and figures.rest.ci[1] < 0
    return gate(n) >= Gate.USABLE or (gate(n) >= Gate.PROVISIONAL and below)


# --- options ----------------------------------------------------------------------


@dataclass(frozen=True)
class OptionRow:
    """One option over n persons: how many chose it, its share, its correlation with the rest score, the mean rest of
    those who chose it, and the share in each fifth of the rest scores from the lowest (from 100 persons)."""

    key: str
    right: bool
    n: int
    share: float
    rest: Figure
    mean_rest: Figure
    groups: tuple[float, ...]
    flags: tuple[str, ...]


def option_rows(chosen: Sequence[tuple[frozenset, float]], keys: Sequence[str], right: set[str]) -> list[OptionRow]:
    """chosen: (the option keys of one person, their rest score). With one option right, a distractor that goes with the
    rest better than the key is `beats_key`, one that goes with it at all and was chosen 20 times `check_key`; one
    chosen by fewer than 2 % of 100 is `dead`."""
    n = len(chosen)
    rest = [score for _, score in chosen]
    fifths = _fifths(rest) if n >= Gate.USABLE else []
    figures = {key: correlation([float(key in picked) for picked, _ in chosen], rest) for key in keys}
    best = max((figures[key].value for key in right if figures[key].value is not None), default=None)
    return [_option(key, chosen, fifths, figures[key], best=best, right=right) for key in keys]


def _option(key, chosen, fifths, r, *, best, right):
    rest = [score for picked, score in chosen if key in picked]
    n, count = len(chosen), len(rest)
    groups = tuple(sum(key in chosen[at][0] for at in fifth) / len(fifth) for fifth in fifths)
    mean = Figure(sum(rest) / count, None, count) if count else none("all_missing")
    share = count / n if n else 0.0
    flags = () if key in right else _distractor_flags(n, count, share, r.value, best if len(right) == 1 else None)
    return OptionRow(key, key in right, count, share, r, mean, groups, flags)


def _distractor_flags(n, count, share, r, best):
    found = []
    if gate(n) >= Gate.PROVISIONAL and r is not None and count >= KEY_N:
        if best is not None and r > max(0, best):
            found.append("beats_key")
        elif r > 0:
            found.append("check_key")
    if n >= Gate.USABLE and share < DEAD:
        found.append("dead")
    return tuple(found)


def _fifths(scores):
    """Indices of the persons by fifths of their scores; equal scores stay together."""
    order = sorted(range(len(scores)), key=lambda at: scores[at])
    found = [[] for _ in range(GROUPS)]
    place = {}
    for rank, at in enumerate(order):
        fifth = place.setdefault(scores[at], min(GROUPS - 1, rank * GROUPS // len(scores)))
        found[fifth].append(at)
    return [fifth for fifth in found if fifth]


# --- time -------------------------------------------------------------------------


@dataclass(frozen=True)
class Times:
    """Seconds from shown to saved: median, 10th and 90th percentile; rapid are those under `threshold`, the larger of
    3 s and a tenth of the median."""

    n: int
    median: float | None = None
    low: float | None = None
    high: float | None = None
    threshold: float | None = None
    rapid: int = 0


def times(seconds: Sequence[float]) -> Times:
    if not seconds:
        return Times(0)
    order = sorted(seconds)
    middle = median(order)
    limit = max(3.0, middle / 10)
    rapid = sum(each < limit for each in order)
    return Times(len(order), middle, _percentile(order, 0.1), _percentile(order, 0.9), limit, rapid)


def _percentile(order, share):
    """The smallest value that at least this share does not exceed."""
    return order[max(0, ceil(share * len(order)) - 1)]
