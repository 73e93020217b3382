"""The rules of marking of every type: within bounds, never less for one more right part, whatever the order."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.marking import BadResponse, mark, rated
from quizzes.typed import folded, number_in
from tests import make

quick = settings(max_examples=50, deadline=None)
POINTS = st.integers(1, 100)


def share(body, response):
    return Fraction(mark(body, response).points) / body["points"]


def of(kind, **fields):
    return make.body_of(kind) | {"points": 12} | fields


# Computed independently: key best 0 and worst 3 of four options.
@pytest.mark.parametrize(
    ("best", "worst", "scaled"), [("a", "d", "1"), ("b", "a", "0.25"), ("d", "a", "0"), ("b", "c", "0.5")]
)
def test_best_and_worst_are_scaled_from_minus_two_to_two(best, worst, scaled):
    body = of("bestworst", best="a", worst="d")
    assert share(body, {"best": best, "worst": worst}) == Fraction(scaled)


def test_one_of_best_and_worst_alone_earns_what_it_is_worth():
    assert [share(of("bestworst"), {which: "b"}) for which in ("best", "worst")] == [Fraction(3, 4), Fraction(1, 4)]


@quick
@given(st.dictionaries(st.sampled_from("ab"), st.sampled_from("xyz")), POINTS)
def test_matching_earns_its_pairs(response, points):
    body = of("matching", points=points)
    right = sum(body["pairs"][key] == choice for key, choice in response.items())
    if response:
        assert mark(body, response).points == Decimal(points) * right / 2
        assert mark(body, dict(reversed(response.items()))) == mark(body, response)


@pytest.mark.parametrize(
    ("typed", "earned"),
    [
        ("5", 1), ("5.5", 1), ("４.５", 1), ("5.51", Fraction(1, 2)), ("6", Fraction(1, 2)), ("6.01", 0),
        ("5 minutes", 1), ("5分钟", 1), ("10 secret-unit", 1), ("5 hours", 0), ("five", 0), ("-5", 0), ("1e9", 0),
        ("5,000", 0), ("−5", 0),
    ],
)  # fmt: skip
def test_a_number_earns_the_best_answer_it_lies_within(typed, earned):
    assert share(of("numeric"), {"number": typed}) == earned


@quick
@given(st.decimals(0, 20, places=2), st.decimals(0, 20, places=2))
def test_a_number_nearer_to_the_key_never_earns_less(one, other):
    near, far = sorted((one, other), key=lambda number: abs(number - 5))
    assert share(of("numeric"), {"number": str(near)}) >= share(of("numeric"), {"number": str(far)})


WORDS = st.sampled_from(["你好", "ＨＡＬＦ－right", "half-RIGHT", "right words", "RIGHT-WORDS", "none", " "])


@quick
@given(WORDS, WORDS, POINTS)
def test_blanks_earn_each_for_itself(one, two, points):
    body = of("fill", points=points)
    alone = [mark(body, {"one": one}).points, mark(body, {"two": two}).points]
    both = mark(body, {"one": one, "two": two})
    assert abs(both.points - sum(alone)) <= Decimal("0.0001") and 0 <= both.points <= points
    better = mark(body, {"one": "你好", "two": two})
    assert better.points >= both.points


@pytest.mark.parametrize(
    ("typed", "ignore", "same"),
    [
        ("ＡＢ", ["width"], True), ("ＡＢ", [], False), ("你好！", ["punctuation"], True), ("你 好", ["space"], True),
        ("你 好", [], False), ("ab", ["case"], True), ("  AB ", [], True),
    ],
)  # fmt: skip
def test_only_what_is_declared_makes_no_difference(typed, ignore, same):
    wanted = "AB" if typed.strip().upper() in ("AB", "ＡＢ") else "你好"
    assert (folded(typed, ignore) == folded(wanted, ignore)) is same


def test_a_number_is_read_exactly():
    assert number_in("0.1") + number_in("0.2") == number_in("0.3")
    assert number_in("9" * 31) is None


WEIGHTS = st.dictionaries(st.sampled_from("abc"), st.integers(-100, 100), min_size=1)


@quick
@given(WEIGHTS, st.lists(st.sampled_from("abc"), unique=True, min_size=1), POINTS)
def test_weights_stay_in_bounds_whatever_the_order(weights, response, points):
    options = [{"key": key, "text": {"en": key}} for key in "abc"]
    body = {"type": "multiple", "options": options, "right": ["a"], "points": points}
    body["credit"] = {"rule": "weights", "weights": weights}
    marked = mark(body, response)
    assert 0 <= marked.points <= points and marked == mark(body, response[::-1])
    for key in set("abc") - set(response):  # one more option of worth never earns less
        if weights.get(key, 0) >= 0:
            assert mark(body, [*response, key]).points >= marked.points


def test_all_or_nothing_is_that():
    options = [{"key": key, "text": {"en": key}} for key in "abc"]
    body = {"type": "multiple", "options": options, "right": ["a", "b"], "points": 4}
    body["credit"] = {"rule": "all_or_nothing"}
    assert [mark(body, list(keys)).points for keys in ("ba", "a", "abc")] == [4, 0, 0]


SHARES = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)])


@quick
@given(st.lists(st.tuples(st.integers(0, 9), SHARES), min_size=1, max_size=6), POINTS)
def test_a_rubric_earns_its_criteria_by_their_weight(rows, points):
    if not sum(weight for weight, _share in rows):
        return
    rubric = [{"key": f"c{n}", "points": weight} for n, (weight, _share) in enumerate(rows)]
    shares = {f"c{n}": given for n, (_weight, given) in enumerate(rows)}
    body = {"type": "short", "rubric": rubric, "points": points}
    marked = rated(body, shares)
    assert 0 <= marked.points <= points and rated(body | {"rubric": rubric[::-1]}, shares) == marked
    assert all(rated(body, shares | {key: Fraction(1)}).points >= marked.points for key in shares)
    assert rated(body, dict.fromkeys(shares, Fraction(1))).points == points


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("matching", {"a": "zz"}), ("matching", {"zz": "x"}), ("matching", ["a"]),
        ("bestworst", {"best": "b", "worst": "b"}),
        ("numeric", {"other": "1"}), ("fill", {"one": "x", "two": 5}), ("short", {"text": "a" * 20_001}),
        ("upload", {"path": "x"}),
    ],
)  # fmt: skip
def test_what_is_no_answer_to_the_item_is_refused(kind, response):
    with pytest.raises(BadResponse):
        mark(of(kind), response)
