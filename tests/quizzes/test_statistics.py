"""The figures of a test: small ones worked out by hand, and what must hold of all of them."""

import random
import statistics as standard
from math import isclose, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from quizzes.intervals import beta_below, f_quantile, fisher, t_quantile, wilson
from quizzes.statistics import analyse, correlation, drawn_item, error_of_drawn, facility, half_answered, rests

# Four persons, three items; totals 3, 2, 1, 0.
STAIRS = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]


def close(got, want):
    return isclose(got, want, rel_tol=1e-9, abs_tol=1e-12)


def test_a_small_test_is_as_worked_out_by_hand():
    test, items = analyse(STAIRS)
    # Variances of the items 1/4, 1/3, 1/4 (n − 1), of the total 5/3: alpha = 3/2 · (1 − (5/6) ÷ (5/3)).
    assert (test.n, test.k, test.left_out) == (4, 3, 0)
    assert close(test.mean.value, 1.5) and close(test.median.value, 1.5)
    assert close(test.sd.value, sqrt(5 / 3))
    assert close(test.alpha.value, 3 / 4)
    assert close(test.sem.value, sqrt(5 / 3) / 2)
    assert close(test.error_ratio.value, 50)
    assert close(test.kr21.value, 3 / 2 * (1 - 1.5 * 1.5 / (3 * 5 / 3)))
    # Covariances 1/6, 1/12, 1/6 twice: λ2 = (5/6 + √(3/2 · 2(1/36 + 1/144 + 1/36))) ÷ (5/3).
    assert close(test.lambda2.value, (5 / 6 + sqrt(3 / 2 * 2 * (1 / 36 + 1 / 144 + 1 / 36))) / (5 / 3))
    assert [round(item.facility.value, 12) for item in items] == [0.75, 0.5, 0.25]
    # Item 1 with the rest 2, 1, 0, 0: r = Σ ÷ √(3/4 · 11/4).
    assert close(items[0].rest.value, 0.75 / sqrt(0.75 * 2.75))
    assert close(items[0].index.value, 100 * items[0].rest.value)
    # Items 2 and 3 alone: 2 · (1 − (1/3 + 1/4) ÷ (11/12)).
    assert close(items[0].alpha_without.value, 2 * (1 - (1 / 3 + 1 / 4) / (11 / 12)))


def test_points_are_measured_against_the_most_they_can_be():
    test, items = analyse([[2, 0], [1, 1], [0, 1]], [4, 1])
    assert close(items[0].facility.value, 0.25)
    assert items[0].facility.ci[0] == 0  # kept within 0 and 1
    assert test.kr21.code == "not_binary"
    assert close(facility([-1, 1], 1).value, 0.5)  # below 0: (mean − min) ÷ (max − min)
    assert facility([0, 0], 0).code == "no_maximum"


def test_a_row_with_something_missing_is_left_out_of_the_whole_test():
    test, _items = analyse([*STAIRS, [1, None, 1]])
    assert (test.n, test.left_out, test.alpha) == (4, 1, analyse(STAIRS)[0].alpha)


@pytest.mark.parametrize(
    ("rows", "alpha", "rest"),
    [
        ([[1, 0, 1]], "few", "few"),
        ([[1], [0]], "one_item", "one_item"),
        ([[1, 0], [1, 0]], "no_variance", "no_variance"),
        ([[None, None], [None, None]], "all_missing", "all_missing"),
    ],
)
def test_what_cannot_be_computed_is_none_and_says_why(rows, alpha, rest):
    test, items = analyse(rows)
    assert (test.alpha.value, test.alpha.code, test.sem.value) == (None, alpha, None)
    assert (items[0].rest.value, items[0].rest.code) == (None, rest)
    assert analyse([])[0].alpha.code == "all_missing"


def test_an_item_of_two_has_no_alpha_without_it():
    assert analyse([[1, 0], [0, 1], [1, 1]])[1][0].alpha_without.code == "two_items"


def test_the_intervals_are_the_printed_ones():
    low, high = wilson(372, 400)
    assert (round(low, 3), round(high, 3)) == (0.901, 0.951)
    assert wilson(0, 0) is None and wilson(0, 5)[0] == 0 and wilson(5, 5)[1] == 1
    assert [round(each, 2) for each in fisher(0.30, 30)] == [-0.07, 0.60]
    assert fisher(1.0, 30) is None and fisher(0.3, 3) is None
    assert round(t_quantile(0.975, 46), 4) == 2.0129
    assert round(f_quantile(0.95, 3, 10), 4) == 3.7083


@given(st.floats(0.01, 0.99), st.floats(0.5, 60), st.floats(0.5, 60))
@settings(max_examples=40, deadline=None)
def test_the_incomplete_beta_is_that_of_mpmath(x, a, b):
    assert isclose(beta_below(x, a, b), mp.betainc(a, b, 0, x, regularized=True), rel_tol=1e-10, abs_tol=1e-13)


matrices = st.integers(3, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 3), min_size=k, max_size=k), min_size=5, max_size=20)
)


@given(matrices, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_persons_and_items_changes_nothing(rows, chance):
    persons, columns = list(range(len(rows))), list(range(len(rows[0])))
    chance.shuffle(persons)
    chance.shuffle(columns)
    test, items = analyse(rows)
    again, others = analyse([[rows[at][column] for column in columns] for at in persons])
    assert same(test.alpha, again.alpha)
    for place, column in enumerate(columns):
        for name in ("facility", "rest", "alpha_without", "efficiency", "upper_lower"):
            assert same(getattr(items[column], name), getattr(others[place], name)), name


def same(one, other):
    if one.value is None or other.value is None:
        return (one.value, one.code) == (other.value, other.code)
    return isclose(one.value, other.value, rel_tol=1e-8, abs_tol=1e-9)


@given(matrices)
@settings(max_examples=40, deadline=None)
def test_an_item_nobody_solves_changes_no_other_and_doubling_the_persons_keeps_r(rows):
    items = analyse(rows)[1]
    for one, other in zip(items, analyse([[*row, 0] for row in rows])[1], strict=False):
        assert same(one.rest, other.rest)
    for one, other in zip(items, analyse(rows + rows)[1], strict=True):
        assert same(one.rest, other.rest) and same(one.facility, other.facility)


def test_papers_that_differ_are_compared_by_the_percent_of_the_other_items():
    rows = [{"a": 1, "b": 1}, {"a": 0, "c": 2}, {"a": 1, "b": 0, "c": 0}]
    found = rests(rows, {"a": 1, "b": 1, "c": 2})
    assert found["a"] == [(0, 1, 100), (1, 0, 100), (2, 1, 0)]
    share, r = drawn_item(found["a"], 1)
    assert close(share.value, 2 / 3) and r.n == 3
    assert drawn_item([], 1)[0].code == "all_missing"
    assert rests([{"a": 1}], {"a": 1, "b": 1}) == {"a": [], "b": []}  # nothing to compare it with


def test_who_answered_less_than_half_is_left_out_of_the_items():
    assert half_answered([[1, None, None], [1, None]]) == [[1, None]]


def test_the_error_of_drawn_items_of_one_point_is_lords():
    x, k = 8, 13
    found = error_of_drawn([1] * x + [0] * (k - x), [1] * k)
    assert close(found.value, 100 / k * sqrt(x * (k - x) / (k - 1)))
    assert error_of_drawn([1], [1]).code == "one_item"


def test_correlation_is_that_of_the_library():
    chance = random.Random(4)
    xs, ys = [[chance.random() for _ in range(50)] for _ in range(2)]
    assert close(correlation(xs, ys).value, standard.correlation(xs, ys))
