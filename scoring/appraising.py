"""An appraisal figure from a plan and indicator values. Pure: no database, no Django.

Percent = Σ weight × value ÷ Σ weight over the *present* indicators. Missing is not zero: the plan
says reweight, zero or block, and more than `limit` percent of missing weight blocks. Values and the
result are 0–100, one decimal, rounded half up; band limits are compared with the printed value.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")
RELIABILITY_FLOOR = 30


def tenth(value):
    return Decimal(value).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Value:
    """One indicator's value: percent 0–100 or None with a reason; n records behind it; notices."""

    percent: Decimal | None
    reason: str = ""
    n: int = 0
    notices: tuple = ()


@dataclass(frozen=True)
class Line:
    indicator: str
    weight: int
    applied: Decimal | None
    value: Decimal | None
    reason: str
    points: Decimal | None
    notices: tuple


@dataclass(frozen=True)
class Result:
    """percent and band key are None when the figure is blocked; `blocked` then says why."""

    percent: Decimal | None
    band: str | None
    lines: tuple
    missing_weight: int
    blocked: str
    notices: tuple


def appraise(plan, values):
    """Result of a plan body {indicators, bands, missing, use} and {indicator key: Value}."""
    rows = [(row, values[row["key"]]) for row in plan["indicators"]]
    missing = sum(row["weight"] for row, value in rows if value.percent is None)
    rule = plan["missing"]["rule"]
    counted = [(row, _with_rule(value, rule)) for row, value in rows]
    whole = sum(row["weight"] for row, value in counted if value.percent is not None)
    lines = tuple(_line(row, value, whole) for row, value in counted)
    notices = _notices(plan, values)
    blocked = _blocked(plan, missing=missing, whole=whole, notices=notices)
    if blocked:
        return Result(None, None, lines, missing, blocked, notices)
    percent = tenth(sum(row["weight"] * value.percent for row, value in counted if value.percent is not None) / whole)
    return Result(percent, band(plan["bands"], percent), lines, missing, "", notices)


def _with_rule(value, rule):
    if value.percent is None and rule == "zero":
        return Value(Decimal(0), value.reason, value.n, value.notices)
    return value


def _line(row, value, whole):
    if value.percent is None:
        return Line(row["key"], row["weight"], None, None, value.reason, None, value.notices)
    applied = Decimal(100 * row["weight"]) / whole
    points = tenth(applied * value.percent / 100)
    return Line(row["key"], row["weight"], tenth(applied), tenth(value.percent), value.reason, points, value.notices)


def _notices(plan, values):
    """Gates of the statistics that are not met. They never stop a signature unless the plan pays by it."""
    found = [notice for row in plan["indicators"] for notice in values[row["key"]].notices]
    return tuple(dict.fromkeys(found))


def _blocked(plan, *, missing, whole, notices):
    if not whole:
        return "nothing_present"
    if missing and plan["missing"]["rule"] == "block":
        return "missing"
    if missing > plan["missing"]["limit"] and plan["missing"]["rule"] != "zero":
        return "too_much_missing"
    if notices and plan["use"] == "pay":
        return "gates"
    return ""


def band(bands, percent):
    """Key of the band a printed percent falls into; bands are listed highest first."""
    return next(row["key"] for row in bands if percent >= row["from"])


def check_plan(body):
    """Problems of a plan body, as sentences."""
    problems = []
    weights = [row["weight"] for row in body["indicators"]]
    if sum(weights) != 100:
        problems.append(f"The weights sum to {sum(weights)}, not 100.")
    if any(weight <= 0 for weight in weights):
        problems.append("A weight must be above 0.")
    keys = [row["key"] for row in body["indicators"]]
    if len(set(keys)) != len(keys):
        problems.append("Two indicators have the same key.")
    starts = [row["from"] for row in body["bands"]]
    if starts != sorted(starts, reverse=True) or len(set(starts)) != len(starts) or starts[-1] != 0:
        problems.append("Bands go from the highest to one that starts at 0.")
    if body["missing"]["rule"] not in ("reweight", "zero", "block"):
        problems.append("missing.rule is reweight, zero or block.")
    return problems
