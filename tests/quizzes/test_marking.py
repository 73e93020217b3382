from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizzes.marking import BadResponse, Marked, mark, percent

KEYS = ["a", "b", "c", "d", "e"]
TEXT = {"zh": "先问好", "en": "Greet first"}
quick = settings(max_examples=50, deadline=None)


def item(kind="single", *, keys=("a", "b", "c"), right=("b",), points=1):
    options = [{"key": key, "text": TEXT} for key in keys]
    shared = {"stem": TEXT, "feedback": TEXT, "points": points}
    return {"type": kind, "options": options, "right": list(right), **shared}


def test_mark_works():
    assert mark(item(points=2), ["b"]) == Marked(Decimal(2), Decimal(2), "scored")


def test_single_wrong_scores_nothing():
    assert mark(item(), ["a"]) == Marked(Decimal(0), Decimal(1), "scored")


@pytest.mark.parametrize("response", [None, []])
@pytest.mark.parametrize("kind", ["single", "multiple", "truefalse", "ordering"])
def test_no_answer_is_omitted(kind, response):
    assert mark(item(kind), response) == Marked(Decimal(0), Decimal(1), "omitted")


def test_truefalse_is_marked_by_its_keys():
    body = item("truefalse", keys=("true", "false"), right=["false"])
    assert [mark(body, [key]).points for key in ("true", "false")] == [0, 1]


@pytest.mark.parametrize(
    ("response", "points"),
    [
        ("abc", "1"),
        ("ab", "0.6667"),
        ("a", "0.3333"),
        ("abd", "0.3333"),
        ("ad", "0"),
        ("de", "0"),
        ("abcde", "0.3333"),
    ],
)
def test_multiple_is_hits_less_false_alarms_over_keyed(response, points):
    body = item("multiple", keys=KEYS, right="abc")
    assert mark(body, list(response)).points == Decimal(points)


@pytest.mark.parametrize(
    ("response", "points"),
    [("abcd", "6"), ("bacd", "5"), ("badc", "4"), ("dabc", "3"), ("dcba", "0")],
)
def test_ordering_loses_by_discordant_pairs(response, points):
    body = item("ordering", keys="abcd", right="abcd", points=6)
    assert mark(body, list(response)).points == Decimal(points)


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("single", ["z"]),
        ("single", ["a", "b"]),
        ("single", "a"),
        ("single", [1]),
        ("single", [["a"]]),
        ("multiple", ["a", "z"]),
        ("multiple", ["a", "a"]),
        ("ordering", ["a", "b"]),
        ("ordering", ["a", "b", "b"]),
        ("ordering", ["a", "b", "c", "a"]),
    ],
)
def test_mark_refuses_what_cannot_be_an_answer(kind, response):
    with pytest.raises(BadResponse, match=r"\.$"):
        mark(item(kind, right="abc" if kind == "ordering" else "b"), response)


def test_points_keep_four_decimals_half_up():
    assert str(mark(item("multiple", keys=KEYS, right="abc"), ["a", "b"]).points) == "0.6667"


@quick
@given(
    st.sets(st.sampled_from(KEYS), min_size=1),
    st.permutations(KEYS),
    st.integers(1, 5),
    st.integers(1, 9),
)
def test_multiple_stays_in_bounds_and_ignores_the_order(right, response, size, points):
    body, response = (
        item("multiple", keys=KEYS, right=sorted(right), points=points),
        response[:size],
    )
    marked = mark(body, response)
    assert 0 <= marked.points <= marked.max_points == points
    assert marked == mark(body, sorted(response))


@quick
@given(
    st.sets(st.sampled_from(KEYS), min_size=1),
    st.sets(st.sampled_from(KEYS), min_size=1),
    st.sampled_from(KEYS),
)
def test_multiple_never_falls_by_a_hit_or_rises_by_a_false_alarm(right, response, key):
    assume(key not in response)
    body = item("multiple", keys=KEYS, right=sorted(right))
    before, after = mark(body, sorted(response)).points, mark(body, [*response, key]).points
    assert after >= before if key in right else after <= before


@quick
@given(st.permutations(KEYS), st.permutations(KEYS), st.integers(0, 3))
def test_ordering_is_bounded_and_rises_when_neighbours_are_put_right(right, response, at):
    body, swapped = item("ordering", keys=KEYS, right=right, points=10), list(response)
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    before, after = mark(body, response).points, mark(body, swapped).points
    assert 0 <= before <= 10
    assert after - before == (1 if right.index(response[at]) > right.index(response[at + 1]) else -1)


def test_ordering_mirrors_round_the_middle():
    body = item("ordering", keys="abcd", right="abcd", points=6)
    pairs = [(mark(body, list(p)), mark(body, list(p[::-1]))) for p in permutations("abcd")]
    assert {one.points + other.points for one, other in pairs} == {6}


@pytest.mark.parametrize(("points", "expected"), [([1, 0], "50.0"), ([1, 1, 0], "66.7"), ([1], "100.0"), ([0], "0.0")])
def test_percent_is_half_up_to_one_decimal(points, expected):
    marks = [Marked(Decimal(each), Decimal(1), "scored") for each in points]
    assert str(percent(marks)) == expected


def test_percent_rounds_a_tie_up():
    assert percent([Marked(Decimal(1), Decimal(16), "scored")]) == Decimal("6.3")
    assert percent([Marked(Decimal("0.0005"), Decimal(1), "scored")]) == Decimal("0.1")


def test_percent_of_nothing_is_none():
    assert percent([]) is None
    assert percent([Marked(Decimal(0), Decimal(0), "omitted")]) is None


def test_percent_counts_omitted_items():
    assert percent([mark(item(), ["b"]), mark(item(), None)]) == Decimal("50.0")


@quick
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 10)), min_size=1, max_size=9), st.randoms())
def test_percent_is_bounded_and_ignores_the_order(rows, random):
    marks = [Marked(Decimal(most * tenths) / 10, Decimal(most), "scored") for most, tenths in rows]
    shuffled = random.sample(marks, len(marks))
    assert 0 <= percent(marks) <= 100
    assert percent(iter(shuffled)) == percent(marks)


def test_a_section_with_whole_marks_weighs_what_it_says():
    """40 marks over items of 2 and 2 points, beside an item of 10 that weighs itself: (20 + 0 + 10) ÷ 50."""
    marks = [Marked(Decimal(2), Decimal(2), "scored"), Marked(Decimal(0), Decimal(2), "scored")]
    marks += [Marked(Decimal(10), Decimal(10), "scored")]
    assert percent(marks, ["10", "10", None]) == Decimal("60.0")
    assert percent([marks[0]._replace(status="void"), *marks[1:]], ["10", "10", None]) == Decimal("33.3")
