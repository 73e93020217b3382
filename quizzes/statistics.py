"""Classical figures of a test and its items. Pure.

A matrix is a list of rows, a row a person's points for each item, None where nothing was given to judge. Persons and
items may stand in any order: nothing depends on it. What cannot be computed is None with a `code` that says why."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from operator import mul

from quizzes.intervals import feldt, fisher, t_quantile, wilson

Row = Sequence[float | None]
UPPER = 0.27


@dataclass(frozen=True)
class Figure:
    """value with its 95 % interval (ci, None where none is known), the n it rests on, and why it is None: one of
    few, one_item, no_variance, all_missing, no_maximum, negative_covariance, not_binary, two_items."""

    value: float | None
    ci: tuple[float, float] | None = None
    n: int = 0
    code: str = ""


@dataclass(frozen=True)
class Test:
    """A test of k items that the same n persons took whole; `left_out` are the persons who did not."""

    n: int
    k: int
    left_out: int
    mean: Figure
    sd: Figure
    median: Figure
    least: Figure
    most: Figure
    skewness: Figure
    kurtosis: Figure
    alpha: Figure  # listwise; its interval is Feldt's
    lambda2: Figure
    sem: Figure
    error_ratio: Figure  # percent
    kr21: Figure  # of 0/1 items only

    __test__ = False  # no test of pytest's


@dataclass(frozen=True)
class ItemFigures:
    """facility 0–1: mean ÷ maximum; (mean − minimum) ÷ (maximum − minimum) where points fell below 0."""

    facility: Figure
    mean: Figure
    sd: Figure
    rest: Figure  # correlation with the rest score, Fisher's interval
    alpha_without: Figure
    index: Figure  # Moodle's discrimination index, −100 to 100
    efficiency: Figure  # Moodle's discriminative efficiency
    weight: Figure  # Moodle's effective weight, percent
    upper_lower: Figure  # D of the upper and lower 27 %


def none(code, n=0):
    return Figure(None, None, n, code)


# --- small pieces -----------------------------------------------------------------


def correlation(xs: Sequence[float], ys: Sequence[float]) -> Figure:
    """Pearson's r with Fisher's interval."""
    n = len(xs)
    if n < 2:
        return none("few", n)
    x, y = _centred(xs), _centred(ys)
    both = sqrt(_dot(x, x)) * sqrt(_dot(y, y))
    if both < 1e-12:
        return none("no_variance", n)
    r = max(-1.0, min(1.0, _dot(x, y) / both))
    return Figure(r, fisher(r, n), n)


def _dot(xs, ys):
    return sum(map(mul, xs, ys))


def _centred(values):
    mean = fsum(values) / len(values)
    return [value - mean for value in values]


# --- a test everybody took whole --------------------------------------------------


def complete(rows: Sequence[Row]) -> list[Row]:
    """The rows in which nothing is missing (listwise)."""
    return [row for row in rows if None not in row]


def analyse(rows: Sequence[Row], maxima: Sequence[float] | None = None) -> tuple[Test, list[ItemFigures]]:
    """(Test, [ItemFigures]) of the persons who have every item. maxima: the most points of each item; the largest
    value seen without them."""
    width = len(rows[0]) if rows else len(maxima or ())
    kept = complete(rows) if width else []
    left_out = len(rows) - len(kept)
    if not kept:
        empty = none("all_missing")
        return Test(0, width, left_out, *[empty] * 12), [ItemFigures(*[empty] * 9) for _ in range(width)]
    columns = [[float(value) for value in column] for column in zip(*kept, strict=True)]
    maxima = maxima or largest(columns)
    form = _Form(columns)
    binary = all(most == 1 and _is_binary(column) for column, most in zip(columns, maxima, strict=True))
    return form.test(left_out, binary=binary), [form.item(at, most) for at, most in enumerate(maxima)]


def largest(columns: Sequence[Sequence[float | None]]) -> list[float]:
    """The most points of each item as far as answers show them; 1 for an item nobody earned anything on."""
    found = [max((value for value in column if value is not None), default=0) for column in columns]
    return [most if most > 0 else 1 for most in found]


def _is_binary(column):
    return all(value in (0, 1) for value in column)


class _Form:
    """The columns of a complete matrix with their covariances."""

    def __init__(self, columns):
        self.columns = columns
        self.n, self.k = len(columns[0]), len(columns)
        self.total = [fsum(row) for row in zip(*columns, strict=True)]
        centred = [_centred(column) for column in columns]
        over = max(1, self.n - 1)
        self.cov = [[0.0] * self.k for _ in range(self.k)]
        for i in range(self.k):
            for j in range(i, self.k):
                self.cov[i][j] = self.cov[j][i] = _dot(centred[i], centred[j]) / over
        self.with_total = [fsum(row) for row in self.cov]
        self.variance = fsum(self.with_total)
        self.own = [self.cov[i][i] for i in range(self.k)]

    def test(self, left_out, *, binary):
        total, n = self.total, self.n
        mean = fsum(total) / n
        figure = lambda value: Figure(value, None, n)  # noqa: E731
        sd = figure(sqrt(self.variance)) if n > 1 else none("few", n)
        alpha = self.alpha()
        return Test(
            n, self.k, left_out,
            mean=Figure(mean, self._mean_interval(mean), n),
            sd=sd,
            median=figure(statistics.median(total)),
            least=figure(min(total)),
            most=figure(max(total)),
            skewness=self._moments(3),
            kurtosis=self._moments(4),
            alpha=alpha,
            lambda2=self._lambda2(),
            sem=none(alpha.code, n) if alpha.value is None else figure(sd.value * sqrt(1 - alpha.value)),
            error_ratio=none(alpha.code, n) if alpha.value is None else figure(100 * sqrt(1 - alpha.value)),
            kr21=self._kr21(mean) if binary else none("not_binary", n),
        )  # fmt: skip

    def _mean_interval(self, mean):
        if self.n < 2 or self.variance < 1e-18:
            return None
        half = t_quantile(0.975, self.n - 1) * sqrt(self.variance / self.n)
        return mean - half, mean + half

    def _unable(self):
        """Why no reliability can be had, or nothing."""
        if self.n < 2:
            return "few"
        if self.k < 2:
            return "one_item"
        return "no_variance" if self.variance < 1e-18 else ""

    def alpha(self):
        if code := self._unable():
            return none(code, self.n)
        value = self.k / (self.k - 1) * (1 - fsum(self.own) / self.variance)
        return Figure(value, feldt(value, self.n, self.k), self.n)

    def _lambda2(self):
        if code := self._unable():
            return none(code, self.n)
        others = [self.cov[i][j] for i in range(self.k) for j in range(self.k) if i != j]
        squares = fsum(each * each for each in others)
        return Figure((fsum(others) + sqrt(self.k / (self.k - 1) * squares)) / self.variance, None, self.n)

    def _kr21(self, mean):
        if code := self._unable():
            return none(code, self.n)
        value = self.k / (self.k - 1) * (1 - mean * (self.k - mean) / (self.k * self.variance))
        return Figure(value, None, self.n)

    def _moments(self, order):
        """k-statistics: skewness k3 ÷ k2^1.5 (order 3), kurtosis k4 ÷ k2² (order 4)."""
        n = self.n
        if n < order:
            return none("few", n)
        if self.variance < 1e-18:
            return none("no_variance", n)
        off = _centred(self.total)
        m2, m3, m4 = (fsum(each**power for each in off) / n for power in (2, 3, 4))
        k2 = n * m2 / (n - 1)
        if order == 3:
            return Figure(n * n * m3 / ((n - 1) * (n - 2)) / k2**1.5, None, n)
        k4 = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3))
        return Figure(k4 / k2**2, None, n)

    def item(self, at, most):
        column, n = self.columns[at], self.n
        rest = [whole - own for whole, own in zip(self.total, column, strict=True)]
        r = none("one_item", n) if self.k < 2 else correlation(column, rest)
        return ItemFigures(
            facility=facility(column, most),
            mean=Figure(fsum(column) / n, None, n),
            sd=Figure(sqrt(self.own[at]), None, n) if n > 1 else none("few", n),
            rest=r,
            alpha_without=self._alpha_without(at),
            index=none(r.code, n) if r.value is None else Figure(100 * r.value, None, n),
            efficiency=none(r.code, n) if r.value is None else efficiency(column, rest),
            weight=self._weight(at),
            upper_lower=upper_lower(column, self.total, most),
        )

    def _alpha_without(self, at):
        if self.k < 3:
            return none("two_items", self.n)
        rest = self.variance - 2 * self.with_total[at] + self.own[at]
        if self.n < 2 or rest < 1e-18:
            return none("few" if self.n < 2 else "no_variance", self.n)
        items = fsum(self.own) - self.own[at]
        return Figure((self.k - 1) / (self.k - 2) * (1 - items / rest), None, self.n)

    def _weight(self, at):
        if self.n < 2 or self.variance < 1e-18:
            return none("few" if self.n < 2 else "no_variance", self.n)
        if self.with_total[at] < 0:
            return none("negative_covariance", self.n)
        roots = fsum(sqrt(each) for each in self.with_total if each > 0)
        return Figure(100 * sqrt(self.with_total[at]) / roots, None, self.n)


# --- one item ---------------------------------------------------------------------


def facility(column: Sequence[float], most: float) -> Figure:
    """mean ÷ most: Wilson's interval of 0/1 items, of points Student's, kept within 0 and 1."""
    n, least = len(column), min([0, *column])
    if not n:
        return none("all_missing")
    if most - least <= 0:
        return none("no_maximum", n)
    shares = [(value - least) / (most - least) for value in column]
    mean = fsum(shares) / n
    if _is_binary(column) and most == 1:
        return Figure(mean, wilson(round(fsum(column)), n), n)
    if n < 2 or max(shares) == min(shares):
        return Figure(mean, None, n)
    half = t_quantile(0.975, n - 1) * statistics.stdev(shares, mean) / sqrt(n)
    return Figure(mean, (max(0.0, mean - half), min(1.0, mean + half)), n)


def efficiency(column: Sequence[float], rest: Sequence[float]) -> Figure:
    """100 · covariance ÷ the largest these two columns could have, both sorted."""
    own, others = _centred(column), _centred(rest)
    most = _dot(sorted(own), sorted(others))
    if most < 1e-12:
        return none("no_variance", len(own))
    return Figure(100 * _dot(own, others) / most, None, len(own))


def upper_lower(column: Sequence[float], total: Sequence[float], most: float) -> Figure:
    """Mean of the upper 27 % of the persons less that of the lower 27 %, in shares of the maximum; of the persons
    with the score at the edge everyone counts with the same part."""
    n = len(column)
    if n < 2:
        return none("few", n)
    groups = {}
    for score, value in zip(total, column, strict=True):
        group = groups.setdefault(score, [0, 0.0])
        group[0] += 1
        group[1] += value
    order = sorted(groups)
    ends = [_mean_of_end([groups[score] for score in way], UPPER * n) for way in (order[::-1], order)]
    return Figure((ends[0] - ends[1]) / most, None, n)


def _mean_of_end(groups, size):
    left, points = size, 0.0
    for count, earned in groups:
        taken = min(left, count)
        points += earned * taken / count
        left -= taken
        if left <= 0:
            break
    return points / size


# --- papers that differ -----------------------------------------------------------


def rests(rows: Iterable[dict], maxima: dict) -> dict:
    """{item: [(row, points, rest)]} of those who had it, row by its place: the rest is what they earned of the other
    items that count, in percent. Somebody who had no other item is left out. rows: {item: points} each."""
    found = {item: [] for item in maxima}
    for place, row in enumerate(rows):
        earned, most = sum(row.values()), sum(maxima[item] for item in row)
        for item, value in row.items():
            if most > maxima[item]:
                found[item].append((place, value, 100 * (earned - value) / (most - maxima[item])))
    return found


def half_answered(rows: Sequence[Row]) -> list[Row]:
    """Those of whom at least half of the items count."""
    return [row for row in rows if 2 * sum(value is not None for value in row) >= len(row)]


def drawn_item(met: Sequence[tuple[int, float, float]], most: float) -> tuple[Figure, Figure]:
    """(facility, correlation with the rest) of one item over the persons who had it, from `rests`."""
    if not met:
        return none("all_missing"), none("all_missing")
    _places, points, rest = zip(*met, strict=True)
    return facility(points, most), correlation(points, rest)


def error_of_drawn(points: Sequence[float], maxima: Sequence[float]) -> Figure:
    """The standard error of one person's percent on items drawn from a bank: for k items of one point Lord's
    √(x(k − x) ÷ (k − 1)); of other points the same from how the items' marks scatter round the percent."""
    k, most = len(points), fsum(maxima)
    if k < 2 or most <= 0:
        return none("one_item" if k < 2 else "no_maximum", k)
    share = fsum(points) / most
    scatter = fsum((own - share * top) ** 2 for own, top in zip(points, maxima, strict=True))
    return Figure(100 * sqrt(scatter * k / (k - 1)) / most, None, k)
