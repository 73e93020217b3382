"""Open data sets whose figures R and numpy agree on, from the folder named by DECORUM_SHARED. Run with
`pytest -m corpus`."""

import csv
import json
import os
from pathlib import Path

import pytest

from quizzes.statistics import analyse, correlation

pytestmark = pytest.mark.corpus
OTHER = {"gender", "group", "attempt"}
ITEM = {
    "facility": "facility", "mean": "mean", "sd": "sd", "r_item_rest": "rest", "alpha_if_deleted": "alpha_without",
    "moodle_discrimination_index": "index", "moodle_discriminative_efficiency": "efficiency",
    "moodle_effective_weight": "weight", "D_upper_lower_27_fractional": "upper_lower",
}  # fmt: skip


def folder(*names):
    return Path(os.environ["DECORUM_SHARED"], "psych", *names)


def matrix(name):
    with folder("data", f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    names = [each for each in rows[0] if each not in OTHER]
    return names, [[float(row[each]) if row[each] not in ("", "NA") else None for each in names] for row in rows]


def expected(name):
    return json.loads(folder("expected", f"{name}.json").read_text())


def agrees(got, want):
    return got is not None and abs(got - want) <= 1e-9 + 1e-8 * abs(want)


@pytest.mark.parametrize("name", ["lsat6", "mathexam_solved", "mathexam_credits", "ability16", "bfi_agree"])
def test_the_figures_are_those_of_the_reference(name):
    _names, rows = matrix(name)
    if name == "bfi_agree":  # its first item is worded the other way round
        rows = [[None if row[0] is None else 7 - row[0], *row[1:]] for row in rows]
    told = expected(name)
    want = told.get("ctt") or told["ctt_complete_cases"]
    test, items = analyse(rows)
    total, reliability = want["total"], want["reliability"]
    pairs = [
        (test.mean, total["mean"]), (test.sd, total["sd"]), (test.median, total["median"]),
        (test.skewness, total["skewness_G1"]), (test.kurtosis, total["kurtosis_G2"]), (test.least, total["min"]),
        (test.most, total["max"]), (test.alpha, reliability["alpha"]), (test.sem, reliability["sem"]),
        (test.lambda2, reliability["guttman_lambda2"]), (test.error_ratio, reliability["error_ratio_pct_moodle"]),
    ]  # fmt: skip
    if "kr21_sample_variance" in reliability:
        pairs.append((test.kr21, reliability["kr21_sample_variance"]))
    pairs += [(getattr(got, name), row[key]) for got, row in zip(items, want["items"], strict=True)
              for key, name in ITEM.items() if key in row]  # fmt: skip
    assert [(got, value) for got, value in pairs if not agrees(got.value, value)] == []
    assert all(map(agrees, test.alpha.ci, reliability["alpha_feldt95"]))
    assert (test.n, test.k) == (want["n"], want["k"])


def test_the_options_are_those_of_the_reference():
    names, rows = matrix("ability16")
    _same, raw = matrix("iqitems_raw_choices")
    for at, want in enumerate(expected("ability16")["distractors"]):
        assert want["item"] == names[at]
        met = [(own[at], sum(value or 0 for place, value in enumerate(row) if place != at))
               for own, row in zip(raw, rows, strict=True) if own[at] is not None]  # fmt: skip
        for option in want["options"]:
            r = correlation([float(picked == option["option"]) for picked, _ in met], [rest for _, rest in met])
            assert agrees(r.value, option["r_option_rest"])
