"""What the figures say to a trainer: the gates by n, the labels, the options and the times."""

import pytest

from quizzes.diagnosis import Gate, gate, item_flags, may_delete, option_rows, times
from quizzes.statistics import Figure, ItemFigures


def figures(*, easy=0.6, r=0.4, ci=(0.2, 0.6)):
    rest = Figure(r, ci, 100)
    return ItemFigures(Figure(easy), Figure(easy), Figure(0.5), rest, *[Figure(0.5)] * 5)


@pytest.mark.parametrize(
    ("n", "level"),
    [(0, "HIDDEN"), (4, "HIDDEN"), (5, "COUNTS"), (9, "COUNTS"), (10, "FACILITY"), (29, "FACILITY"),
     (30, "PROVISIONAL"), (99, "PROVISIONAL"), (100, "USABLE"), (30_000, "USABLE")],
)  # fmt: skip
def test_how_many_persons_open_which_gate(n, level):
    assert gate(n) is Gate[level]


def test_an_item_is_labelled_by_what_is_wrong_with_it():
    assert item_flags(figures(), 100) == []
    assert item_flags(figures(r=-0.2, ci=(-0.4, -0.1)), 100) == ["key_wrong"]
    assert item_flags(figures(r=0.1, ci=(-0.1, 0.3)), 100) == ["weak", "not_shown"]
    assert item_flags(figures(easy=0.97), 100) == ["too_easy"]
    assert item_flags(figures(easy=0.05), 100) == ["too_hard"]


def test_below_its_gate_nothing_is_said():
    bad = figures(easy=0.97, r=-0.2, ci=(-0.4, -0.1))
    assert item_flags(bad, 9) == []
    assert item_flags(bad, 29) == ["too_easy"]
    assert item_flags(bad, 30) == ["key_wrong", "too_easy"]


def test_critical_knowledge_everybody_has_is_kept():
    assert item_flags(figures(easy=0.98, r=0.05, ci=(-0.1, 0.2)), 100, criterion=True) == ["keep"]
    assert item_flags(figures(easy=0.6), 100, criterion=True) == []
    assert item_flags(figures(easy=0.98, r=-0.3, ci=(-0.5, -0.1)), 100, criterion=True)[0] == "key_wrong"


def test_deleting_is_proposed_early_only_when_discrimination_is_surely_below_0():
    assert not may_delete(figures(r=-0.1, ci=(-0.3, 0.1)), 99)
    assert may_delete(figures(r=-0.3, ci=(-0.5, -0.1)), 30)
    assert may_delete(figures(), 100)


def answers(*groups):
    """[(chosen, rest)]: (option, rest, how many)"""
    return [(frozenset(option), rest) for option, rest, count in groups for _ in range(count)]


def test_a_distractor_the_good_choose_puts_the_key_in_doubt():
    chosen = answers(("a", 90.0, 40), ("b", 40.0, 60))
    a, b, c = option_rows(chosen, ["a", "b", "c"], {"b"})
    assert (a.n, a.share, a.flags) == (40, 0.4, ("beats_key",))
    assert b.flags == () and b.mean_rest.value == 40
    assert c.flags == ("dead",) and c.rest.code == "no_variance"
    assert a.groups == (0, 0, 0, 1, 1) or sum(a.groups) > 0


def test_a_distractor_that_goes_with_the_rest_less_than_the_key_is_only_looked_at():
    chosen = answers(("a", 60.0, 30), ("b", 80.0, 40), ("c", 10.0, 40))
    assert [row.flags for row in option_rows(chosen, ["a", "b", "c"], {"b"})] == [("check_key",), (), ()]


def test_options_are_not_judged_on_few():
    chosen = answers(("a", 90.0, 10), ("b", 40.0, 10))
    assert [row.flags for row in option_rows(chosen, ["a", "b", "c"], {"b"})] == [(), (), ()]
    assert [row.groups for row in option_rows(chosen, ["a"], {"a"})] == [()]


def test_times_and_rapid_guesses():
    found = times([2.0, 10.0, 20.0, 30.0, 60.0, 61.0, 62.0, 63.0, 64.0, 100.0])
    assert (found.n, found.median, found.low, found.high) == (10, 60.5, 2.0, 64.0)
    assert (found.threshold, found.rapid) == (6.05, 1)
    assert times([1.0, 4.0]).threshold == 3.0
    assert times([]).median is None
