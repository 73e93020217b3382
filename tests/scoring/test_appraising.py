"""The figure of an appraisal, by itself: no database."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.appraising import Value, appraise, band, check_plan, tenth
from tests.make import plan_body

KEYS = ("quiz", "scenario", "observation", "completion")
BANDS = plan_body()["bands"]


def values(*percents, notices=()):
    return {
        key: Value(None, "no_attempt") if percent is None else Value(Decimal(percent), "", 1, notices)
        for key, percent in zip(KEYS, percents, strict=True)
    }


def figure(*percents, **plan):
    found = appraise(plan_body(**plan), values(*percents))
    return found.percent, found.band, found.blocked


def test_the_figure_is_the_weighted_mean():
    result = appraise(plan_body(), values("80.0", "100.0", "90.0", "60.0"))
    assert (result.percent, result.band, result.missing_weight) == (Decimal("83.5"), "good", 0)
    assert [(line.applied, line.points) for line in result.lines] == [
        (Decimal("40.0"), Decimal("32.0")),
        (Decimal("20.0"), Decimal("20.0")),
        (Decimal("25.0"), Decimal("22.5")),
        (Decimal("15.0"), Decimal("9.0")),
    ]


def test_missing_is_not_zero():
    """(40 · 80 + 25 · 90 + 15 · 60) ÷ 80"""
    result = appraise(plan_body(), values("80.0", None, "90.0", "60.0"))
    assert (result.percent, result.missing_weight) == (Decimal("79.4"), 20)
    assert [line.applied for line in result.lines] == [Decimal("50.0"), None, Decimal("31.3"), Decimal("18.8")]
    assert (result.lines[1].value, result.lines[1].points, result.lines[1].reason) == (None, None, "no_attempt")


def test_a_plan_may_say_that_missing_is_zero():
    assert figure("80.0", None, "90.0", "60.0", rule="zero") == (Decimal("63.5"), "pass", "")
    assert figure(None, None, None, "60.0", rule="zero") == (Decimal("9.0"), "fail", "")


def test_a_plan_may_say_that_missing_blocks():
    assert figure("80.0", None, "90.0", "60.0", rule="block") == (None, None, "missing")
    assert figure("80.0", "80.0", "80.0", "80.0", rule="block") == (Decimal("80.0"), "good", "")


@pytest.mark.parametrize(
    ("percents", "limit", "blocked"),
    [
        (("80.0", None, "90.0", "60.0"), 19, "too_much_missing"),
        (("80.0", None, "90.0", "60.0"), 20, ""),
        ((None, "80.0", "90.0", "60.0"), 30, "too_much_missing"),
        ((None, None, None, None), 100, "nothing_present"),
    ],
)
def test_too_much_missing_weight_blocks(percents, limit, blocked):
    assert figure(*percents, limit=limit)[2] == blocked


@pytest.mark.parametrize(
    ("percent", "key"),
    [
        ("90.0", "excellent"),
        ("89.9", "good"),
        ("80.0", "good"),
        ("79.9", "pass"),
        ("60.0", "pass"),
        ("59.9", "fail"),
        ("0", "fail"),
    ],
)
def test_the_band_is_that_of_the_printed_value(percent, key):
    assert band(BANDS, Decimal(percent)) == key


def test_a_figure_that_prints_as_ninety_is_excellent():
    """(40 · 89.9 + 20 · 90 + 25 · 90 + 15 · 90) ÷ 100 = 89.96, printed 90.0."""
    assert figure("89.9", "90.0", "90.0", "90.0") == (Decimal("90.0"), "excellent", "")
    assert figure("89.8", "90.0", "90.0", "90.0") == (Decimal("89.9"), "good", "")


def test_halves_are_rounded_up():
    assert [tenth(Decimal(text)) for text in ("0.05", "66.65", "99.94")] == [
        Decimal("0.1"), Decimal("66.7"), Decimal("99.9"),
    ]  # fmt: skip


def test_a_gate_is_a_notice_until_the_plan_pays_by_it():
    some = values("80.0", "80.0", "80.0", "80.0", notices=("few_attempts",))
    free, pay = appraise(plan_body(), some), appraise(plan_body(use="pay"), some)
    assert (free.percent, free.notices, free.blocked) == (Decimal("80.0"), ("few_attempts",), "")
    assert (pay.percent, pay.notices, pay.blocked) == (None, ("few_attempts",), "gates")


percents = st.one_of(st.none(), st.decimals(0, 100, places=1))
some_values = st.tuples(percents, percents, percents, percents)
weights = st.tuples(*[st.integers(1, 97)] * 3).filter(lambda w: sum(w) < 100).map(lambda w: (*w, 100 - sum(w)))
quick = settings(max_examples=80, deadline=None)


@quick
@given(some_values, weights, st.sampled_from(["reweight", "zero", "block"]), st.integers(0, 100))
def test_a_figure_lies_between_its_lowest_and_highest_value(percents, weights, rule, limit):
    result = appraise(plan_body(weights=weights, rule=rule, limit=limit), values(*percents))
    if result.percent is None:
        assert (result.band, bool(result.blocked)) == (None, True)
        return
    present = [
        Decimal(0) if percent is None else percent for percent in percents if percent is not None or rule == "zero"
    ]
    assert 0 <= min(present) <= result.percent <= max(present) <= 100
    assert result.band == band(BANDS, result.percent)


@quick
@given(some_values, weights, st.permutations(range(4)))
def test_the_order_of_the_indicators_does_not_matter(percents, weights, order):
    plan = plan_body(weights=weights, limit=100)
    turned = plan | {"indicators": [plan["indicators"][place] for place in order]}
    one, other = appraise(plan, values(*percents)), appraise(turned, values(*percents))
    assert (one.percent, one.band, one.blocked) == (other.percent, other.band, other.blocked)
    assert {line.indicator: line for line in one.lines} == {line.indicator: line for line in other.lines}


@quick
@given(some_values, weights)
def test_leaving_out_what_is_missing_gives_the_same_figure(percents, weights):
    """A plan of only the present indicators says the same."""
    plan = plan_body(weights=weights, limit=100)
    present = {key: value for key, value in values(*percents).items() if value.percent is not None}
    rows = [row for row in plan["indicators"] if row["key"] in present]
    if rows:
        assert appraise(plan | {"indicators": rows}, present).percent == appraise(plan, values(*percents)).percent


def test_a_plan_is_checked_with_sentences():
    plan = plan_body(weights=(40, 20, 25, 5), rule="guess")
    plan["bands"] = plan["bands"][1:3]
    plan["indicators"][1]["key"] = "quiz"
    assert check_plan(plan) == [
        "The weights sum to 90, not 100.",
        "Two indicators have the same key.",
        "Bands go from the highest to one that starts at 0.",
        "missing.rule is reweight, zero or block.",
    ]
    assert check_plan(plan_body()) == []
