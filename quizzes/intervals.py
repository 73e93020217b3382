"""95 % intervals, and the quantiles they need. Pure."""

from functools import lru_cache
from math import atanh, exp, log, log1p, sqrt, tanh
from statistics import NormalDist

from mpmath import mp

Z = NormalDist().inv_cdf(0.975)


def wilson(count: int, n: int) -> tuple[float, float] | None:
    """The 95 % interval of count of n; None of nothing."""
    if not n:
        return None
    share, spread = count / n, Z * Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / n + spread / n / 4) / (1 + spread)
    return (middle - half if count else 0.0), (middle + half if count < n else 1.0)


def fisher(r: float, n: int) -> tuple[float, float] | None:
    """The 95 % interval of a correlation; None below four persons and at ±1."""
    if n < 4 or abs(r) >= 1:
        return None
    half = Z / sqrt(n - 3)
    return tanh(atanh(r) - half), tanh(atanh(r) + half)


def f_quantile(p: float, d1: float, d2: float) -> float:
    """The value an F of d1 and d2 degrees of freedom stays under with probability p."""
    x = _beta_quantile(p, d1 / 2, d2 / 2)
    return d2 * x / (d1 * (1 - x))


def t_quantile(p: float, df: float) -> float:
    return sqrt(f_quantile(2 * p - 1, 1, df))


@lru_cache(maxsize=1_000)
def _beta_quantile(p, a, b):
    """By halving: the incomplete beta function only grows."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_below(middle, a, b) < p else (low, middle)
    return (low + high) / 2


def beta_below(x: float, a: float, b: float) -> float:
    """The incomplete beta function I_x(a, b), by its continued fraction: some √a steps, where mpmath's own series
    takes seconds for the degrees of freedom of a thousand persons."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_below(1 - x, b, a)
    front = exp(_log_beta(a, b) + a * log(x) + b * log1p(-x)) / a
    return front * _fraction(x, a, b)


@lru_cache(maxsize=1_000)
def _log_beta(a, b):
    """−ln B(a, b), to the last digit: three large numbers nearly cancel."""
    with mp.workdps(40):
        return float(mp.loggamma(mp.mpf(a) + b) - mp.loggamma(a) - mp.loggamma(b))


def _fraction(x, a, b):
    """Lentz's way through the continued fraction."""
    tiny, c = 1e-300, 1.0
    d = 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    found = d
    for m in range(1, 100_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / ((1 + step * d) or tiny)
            c = (1 + step / c) or tiny
            found *= d * c
        if abs(d * c - 1) < 4e-16:
            break
    return found


def feldt(alpha: float, n: int, k: int) -> tuple[float, float] | None:
    if n < 2 or k < 2:
        return None
    df = n - 1, (n - 1) * (k - 1)
    return 1 - (1 - alpha) * f_quantile(0.975, *df), 1 - (1 - alpha) * f_quantile(0.025, *df)
