"""The picture of the coverage: every clause a column inside the paper, nothing over its neighbour."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standards.ribbons import DESK, PHONE, breadth, gathered, ribbons

WAYS = ["taught", "tested"]


def clause(weight="general", **counts):
    return {"weight": weight, "taught": 0, "tested": 0} | counts


def drawn(*groups, paper=DESK):
    return ribbons(groups, WAYS, paper=paper, label=str)


def test_the_darker_the_more_and_a_gap_of_a_red_line_is_a_frame():
    rows = [clause(taught=1), clause(taught=3), clause(taught=4), clause(), clause("red_line", tested=2)]
    (band,) = drawn(("duty", rows))
    counted = {shade: path.count("M") for shade, path in band["shades"].items()}
    assert counted == {"f-w2": 1, "f-w3": 2, "f-w4": 1, "axis": 5, "gap-red": 1}
    assert band["red"] == [band["links"][4]["x"]]


def test_columns_come_closer_before_a_second_band_is_begun():
    narrow, wide = ([("duty", [clause()] * n)] for n in (58, 70))
    assert [(len(drawn(*groups)), drawn(*groups)[0]["pitch"]) for groups in (narrow, wide)] == [(1, 18), (2, 24)]
    assert drawn(("duty", [clause()] * 40))[0]["bar"] > drawn(*wide)[0]["bar"]


kinds = st.lists(
    st.tuples(st.sampled_from(["duty", "Appearance", "流程", "a" * 20]), st.integers(1, 90)), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None)
@given(kinds, st.sampled_from([DESK, PHONE]))
def test_every_clause_is_drawn_once_inside_the_paper_in_its_order(sizes, paper):
    groups = [(kind, [clause(number=(at, n)) for n in range(size)]) for at, (kind, size) in enumerate(sizes)]
    bands = drawn(*groups, paper=paper)
    shown = [link["row"]["number"] for band in bands for link in band["links"]]
    assert shown == [(at, n) for at, (_, size) in enumerate(sizes) for n in range(size)]
    for band in bands:
        xs = [link["x"] for link in band["links"]]
        assert all(right - left >= band["pitch"] for left, right in pairwise(xs))
        assert xs[0] >= paper.left and xs[-1] + band["pitch"] <= paper.width - paper.right + 2
        ends = [group["x"] + group["width"] for group in band["groups"]]
        assert all(group["x"] > end for group, end in zip(band["groups"][1:], ends, strict=False))
        assert ends[-1] <= paper.width - paper.right
        assert len(re.findall("M", "".join(band["shades"].values()))) == len(xs) * len(WAYS)


@pytest.mark.parametrize(("words", "least"), [("流程", 30), ("Appearance", 70)])
def test_a_heading_has_room(words, least):
    (band,) = drawn((words, [clause()]))
    assert band["groups"][0]["width"] == breadth(words) >= least


def test_few_clauses_have_a_column_each():
    groups = [("duty", [clause()] * 80)]
    assert gathered(groups, WAYS, 80) == (groups, 1)


def test_many_clauses_share_a_column_that_is_filled_as_the_least_of_them():
    rows = [clause(taught=2, tested=1, key="A"), clause("red_line", taught=3, key="B"), clause(taught=5, key="C")]
    ((kind, columns),), each = gathered([("duty", rows)], WAYS, 2)
    assert (kind, each, [column["span"] for column in columns]) == ("duty", 2, [("A", "B"), ("C", "C")])
    first, second = columns
    assert (first["taught"], first["tested"], first["key"]) == (2, 0, "B")
    assert (first["weight"], first["red_gaps"]) == ("red_line", ["tested"])
    assert (second["weight"], second["red_gaps"], second["key"]) == ("general", [], "C")


def test_a_gap_beside_a_covered_red_line_is_no_red_gap():
    rows = [clause("red_line", taught=1, tested=1, key="A"), clause(tested=1, key="B")]
    ((_, columns),), _ = gathered([("duty", rows)], WAYS, 1)
    (band,) = drawn(("duty", columns))
    assert "gap-red" not in band["shades"] and band["shades"]["axis"].count("M") == 1


@given(kinds, st.integers(1, 200))
def test_no_clause_is_lost_and_columns_are_few(sizes, most):
    groups = [(kind, [clause(key=f"{at}-{n}") for n in range(size)]) for at, (kind, size) in enumerate(sizes)]
    found, each = gathered(groups, WAYS, most)
    assert sum(len(columns) for _, columns in found) <= most + len(groups)
    assert each >= 1 and [kind for kind, _ in found] == [kind for kind, _ in groups]
