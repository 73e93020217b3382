import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.play import BadPath, State, analyse, floor_score, score, step, visible

quick = settings(max_examples=50, deadline=None)
NAMES = ("functional", "emotional", "value")
WEIGHTS = {"functional": 40, "emotional": 35, "value": 25}

# The constructed branching example of the psychometric specification: its graph and its numbers,
# computed by an independent enumeration of all paths.
GRAPH = {
    "A": [("B", (2, 1, 0)), ("C", (0, 2, 1)), ("Z1", (-1, -2, -2))],
    "B": [("D", (1, 2, 1)), ("Z2", (0, -1, 0))],
    "C": [("D", (1, 0, 2)), ("D", (2, 1, 0))],
    "D": [("Z3", (1, 1, 1)), ("Z2", (0, 0, -1))],
    "Z1": [],
    "Z2": [],
    "Z3": [],
}
# path, total normalised, composite normalised, share by dimension, points lost per turn
EXPECTED = [
    ([1, 1, 1], 1.0, 1.0, (1.0, 1.0, 0.6666666666666666), (0, 0, 0)),
    (
        [1, 1, 2],
        0.7333333333333333,
        0.7581818181818182,
        (0.8, 0.8333333333333334, 0.3333333333333333),
        (0, 0, 4),
    ),
    ([1, 2], 0.4666666666666667, 0.48, (0.6, 0.3333333333333333, 0.3333333333333333), (0, 8)),
    ([2, 1, 1], 0.9333333333333333, 0.8527272727272728, (0.6, 0.8333333333333334, 1.0), (1, 0, 0)),
    (
        [2, 1, 2],
        0.6666666666666666,
        0.610909090909091,
        (0.4, 0.6666666666666666, 0.6666666666666666),
        (1, 0, 4),
    ),
    ([2, 2, 1], 0.9333333333333333, 0.9127272727272727, (0.8, 1.0, 0.6666666666666666), (1, 0, 0)),
    (
        [2, 2, 2],
        0.6666666666666666,
        0.6709090909090909,
        (0.6, 0.8333333333333334, 0.3333333333333333),
        (1, 0, 4),
    ),
    ([3], 0.0, 0.0, (0.0, 0.0, 0.0), (15,)),
]
COMPOSITE_MAX, CHANCE_OF_TOTAL = 0.9166666666666666, 0.4888888888888889
# Weighted as wide as they range (5, 6 and 6 points), the dimensions add up to the plain total.
TOTAL = {"functional": 5, "emotional": 6, "value": 6}


def text(words):
    return {"zh": f"{words}。", "en": words}


def choice(to, points, *, mood=0, wait=0, red=False, cites=("FD-LANG-001",)):
    effects = {"points": dict(zip(NAMES, points, strict=True)), "mood": mood, "wait": wait}
    shown = {"text": text(f"to {to}"), "why": text(f"why {to}"), "next": to}
    return effects | shown | {"red": red, "cites": list(cites)}


def scene(key, choices):
    debrief = None if choices else text(f"debrief {key}")
    line = {"who": "customer", "text": text(f"said in {key}")}
    return {"key": key, "end": not choices, "lines": [line], "choices": choices, "debrief": debrief}


def body_of(graph, *, weights=WEIGHTS, mood=0, wait=0):
    """A body of {key: [(next, points) or choice]}; the first key starts it."""
    scenes = [
        scene(key, [each if isinstance(each, dict) else choice(*each) for each in choices])
        for key, choices in graph.items()
    ]
    return {
        "pass": 70,
        "weights": weights,
        "start": next(iter(graph)),
        "mood": mood,
        "wait": wait,
        "scenes": scenes,
    }


EXAMPLE = body_of(GRAPH)


def percent(share):
    return Decimal(str(round(share * 100, 1)))


def test_score_works():
    played = score(EXAMPLE, [1, 1, 2])
    assert (played.percent, played.passed, played.red) == (Decimal("75.8"), True, [])
    assert played.best_at_turn == [1, 1, 1]


@pytest.mark.parametrize(("path", "total", "composite", "by_dimension", "lost"), EXPECTED)
def test_score_agrees_with_the_worked_example(path, total, composite, by_dimension, lost):
    played = score(EXAMPLE, path)
    assert played.percent == percent(composite)
    assert list(played.dimensions.values()) == [percent(share) for share in by_dimension]
    assert float(sum(played.losses)) == pytest.approx((1 - composite) * COMPOSITE_MAX, abs=1e-12)


@pytest.mark.parametrize(("path", "total", "composite", "by_dimension", "lost"), EXPECTED)
def test_score_of_plain_points_agrees_with_the_worked_example(path, total, composite, by_dimension, lost):
    played = score(EXAMPLE | {"weights": TOTAL}, path)
    assert played.percent == percent(total)
    assert tuple(each * 17 for each in played.losses) == lost
    assert played.losses_percent == [percent(points / 15) for points in lost]


def test_analyse_agrees_with_the_worked_example():
    found = analyse(EXAMPLE)
    assert found == {
        "best": "11/12",
        "worst": "0/1",
        "chance": "1057/2200",
        "dimensions": {
            "functional": {"min": "-1/1", "max": "4/1", "weight": "2/5"},
            "emotional": {"min": "-2/1", "max": "4/1", "weight": "7/20"},
            "value": {"min": "-2/1", "max": "4/1", "weight": "1/4"},
        },
        "flat": [],
        "best_path": [1, 1, 1],
        "paths": 8,
    }
    assert float(Fraction(found["best"])) == pytest.approx(COMPOSITE_MAX)
    likelihoods = [1 / 12, 1 / 12, 1 / 6, 1 / 12, 1 / 12, 1 / 12, 1 / 12, 1 / 3]
    chance = sum(likely * row[2] for likely, row in zip(likelihoods, EXPECTED, strict=True))
    assert float(Fraction(found["chance"])) == pytest.approx(chance, abs=1e-12)
    assert float(Fraction(analyse(EXAMPLE | {"weights": TOTAL})["chance"])) == pytest.approx(CHANCE_OF_TOTAL)


def test_analyse_leaves_a_flat_dimension_out_and_shares_its_weight():
    body = body_of({"a": [("z", (2, 1, 0)), ("z", (0, 0, 0))], "z": []})
    found, played = analyse(body), score(body, [1])
    assert found["flat"] == ["value"]
    assert [found["dimensions"][name]["weight"] for name in NAMES] == ["8/15", "7/15", "0/1"]
    assert played.dimensions == {
        "functional": Decimal(100),
        "emotional": Decimal(100),
        "value": None,
    }


@pytest.mark.parametrize("weights", [WEIGHTS, {"functional": 100, "emotional": 0, "value": 0}])
def test_score_is_none_when_every_path_earns_the_same(weights):
    value = 0 if weights is WEIGHTS else 1
    body = body_of({"a": [("z", (1, 1, 1)), ("z", (1, 1, 1 + value))], "z": []}, weights=weights)
    played = score(body, [1])
    assert (played.percent, played.passed, analyse(body)["chance"]) == (None, False, None)
    assert floor_score(body, []) is None


def test_best_path_takes_the_lowest_number_among_equals():
    body = body_of(
        {
            "a": [("z", (0, 0, 0)), ("b", (0, 0, 1)), ("z", (1, 1, 1))],
            "b": [("z", (1, 1, 0))] * 2,
            "z": [],
        }
    )
    assert analyse(body)["best_path"] == [2, 1]
    assert score(body, [3]).best_at_turn == [2]


def test_unreachable_scenes_do_not_count():
    graph = GRAPH | {"lost": [("Z1", (50, 50, 50)), ("Z2", (-50, -50, -50))]}
    assert analyse(body_of(graph)) == analyse(EXAMPLE)


def test_analyse_refuses_a_loop():
    with pytest.raises(ValueError, match="cycle"):
        analyse(body_of({"a": [("b", (0, 0, 0))], "b": [("a", (0, 0, 0)), ("z", (1, 1, 1))], "z": []}))


RED = {
    "a": [
        choice("b", (2, 2, 2), red=True, cites=["FD-PROH-004", "FD-PROH-005"]),
        choice("b", (0, 0, 0), mood=-2, wait=-9),
    ],
    "b": [
        choice("z", (1, 1, 1), red=True, cites=["FD-PROH-004"]),
        choice("z", (0, 0, 0), mood=3, wait=4),
        choice("z", (0, 0, 0), mood=-3, cites=["FD-MANN-1"]),
    ],
    "z": [],
}


def test_red_line_is_not_passed_but_leaves_the_points():
    played = score(body_of(RED), [1, 1])
    assert (played.percent, played.passed) == (Decimal(100), False)
    assert played.red == ["FD-PROH-004", "FD-PROH-005"]


def test_pass_mark_itself_is_passed():
    body = body_of({"a": [("z", (7, 0, 0)), ("z", (10, 0, 0)), ("z", (0, 0, 0)), ("z", (6, 0, 0))], "z": []})
    assert [score(body, [n]).passed for n in (1, 2, 3, 4)] == [True, True, False, False]


def test_step_follows_mood_and_wait_within_their_bounds():
    body = body_of(RED, mood=-1, wait=5)
    assert step(body, []) == State("a", -1, 5, False, [])
    assert step(body, [2]) == State("b", -3, 0, False, [])
    assert step(body, [2, 2]) == State("z", 0, 4, True, [])
    assert step(body, [2, 3]) == State("z", -3, 0, True, [])
    assert step(body, [1]).red == ["FD-PROH-004", "FD-PROH-005"]


def test_score_draws_both_mood_curves():
    played = score(body_of(RED, mood=1), [2, 2])
    assert (played.mood_curve, played.best_mood_curve) == ([1, -1, 2], [1, 1, 1])


@pytest.mark.parametrize("path", [[0], [3], [-1], [True], ["1"], [None], [1, 1, 1], [1, 4]])
def test_impossible_path_is_refused_everywhere(path):
    for deed in (step, visible, score, floor_score):
        with pytest.raises(BadPath, match=r"Turn|before turn"):
            deed(body_of(RED), path)


def test_score_refuses_a_path_that_has_not_ended():
    with pytest.raises(BadPath, match="has not ended after turn 1"):
        score(body_of(RED), [1])


def test_visible_works():
    assert visible(EXAMPLE, [1]) == {
        "transcript": [{"lines": [{"who": "customer", "text": text("said in A")}], "chosen": text("to B")}],
        "lines": [{"who": "customer", "text": text("said in B")}],
        "choices": [{"number": 1, "text": text("to D")}, {"number": 2, "text": text("to Z2")}],
        "ended": False,
    }


def test_visible_holds_no_secret_and_nothing_ahead():
    body = body_of(RED)
    for each in body["scenes"]:
        for number, option in enumerate(each["choices"]):
            option |= {
                "text": text(f"words-{each['key']}-{number}") | {"note": "SECRET"},
                "SECRET": 1,
            }
        each["lines"][0]["SECRET"] = 1
    shown = json.dumps(visible(body, [1]))
    ahead = [
        "said in z",
        "words-a-1",
        "debrief",
        "why",
        "FD-",
        "points",
        "mood",
        "wait",
        "red",
        "next",
        "SECRET",
    ]
    assert [word for word in ahead if word in shown] == []
    assert [word for word in ("said in a", "words-a-0", "said in b", "words-b-2") if word not in shown] == []


@pytest.mark.parametrize(
    ("path", "floor"),
    [([], "0.0"), ([1], "48.0"), ([1, 1], "75.8"), ([2, 1], "61.1"), ([3], "0.0")],
)
def test_floor_score_is_the_least_still_reachable(path, floor):
    assert floor_score(EXAMPLE, path) == Decimal(floor)


@pytest.mark.slow
def test_long_scenario_is_scored_in_linear_time():
    graph = {f"s{n}": [(f"s{n + 1}", (1, 0, 2)), (f"s{n + 1}", (0, 1, 1))] for n in range(1100)}
    body = body_of(graph | {"s1100": []})
    assert analyse(body)["paths"] == 2**1100
    assert score(body, analyse(body)["best_path"]).percent == Decimal(100)


@st.composite
def bodies(draw):
    """Small random acyclic scenarios: a scene leads only to later ones, the last two end."""
    size = draw(st.integers(1, 4))
    points = st.tuples(*[st.integers(-2, 3)] * 3)
    graph = {}
    for at in range(size):
        following = st.integers(at + 1, size + 1).map(str)
        options = draw(st.lists(st.tuples(following, points), min_size=2, max_size=3))
        graph[str(at)] = [choice(*option, mood=option[1][0], red=option[1][1] == -2) for option in options]
    functional = draw(st.integers(0, 100))
    weights = {"functional": functional, "emotional": (100 - functional) // 2}
    weights["value"] = 100 - sum(weights.values())
    return body_of(graph | {str(size): [], str(size + 1): []}, weights=weights)


def complete(body, path=()):
    """Every complete path that begins so, by plain search."""
    if step(body, list(path)).ended:
        return [list(path)]
    choices = visible(body, list(path))["choices"]
    return [found for each in choices for found in complete(body, (*path, each["number"]))]


def totals(body, path):
    scenes = {each["key"]: each for each in body["scenes"]}
    key, points = body["start"], [0, 0, 0]
    for number in path:
        taken = scenes[key]["choices"][number - 1]
        points = [have + taken["points"][name] for have, name in zip(points, NAMES, strict=True)]
        key = taken["next"]
    return points


def enumerated(body):
    """{path: composite}, and the chance composite, with no dynamic programming."""
    paths = complete(body)
    every = [totals(body, path) for path in paths]
    lows, highs = [[pick(column) for column in zip(*every, strict=True)] for pick in (min, max)]
    weights = [body["weights"][name] * (low < high) for name, low, high in zip(NAMES, lows, highs, strict=True)]
    return {
        tuple(path): sum(
            Fraction(weight * (have - low), sum(weights) * (high - low))
            for weight, have, low, high in zip(weights, points, lows, highs, strict=True)
            if weight
        )
        for path, points in zip(paths, every, strict=True)
    }


def likelihood(body, path):
    chances = [Fraction(1, len(visible(body, list(path[:at]))["choices"])) for at in range(len(path))]
    product = Fraction(1)
    for chance in chances:
        product *= chance
    return product


def tenth_up(share):
    return Decimal((share * 1000 * 2 + 1) // 2) / 10


@pytest.mark.slow
@quick
@given(bodies())
def test_analysis_and_scores_agree_with_enumeration(body):
    composites, found = enumerated(body), analyse(body)
    best, worst = max(composites.values()), min(composites.values())
    assert (Fraction(found["best"]), Fraction(found["worst"]), found["paths"]) == (
        best,
        worst,
        len(composites),
    )
    assert json.loads(json.dumps(found)) == found
    assert composites[tuple(found["best_path"])] == best
    assert tuple(found["best_path"]) == min(path for path, each in composites.items() if each == best)
    for path, own in composites.items():
        played = score(body, list(path))
        share = (own - worst) / (best - worst) if best > worst else None
        assert played.percent == (None if share is None else tenth_up(share))
        assert sum(played.losses) == best - own
        assert all(each >= 0 for each in played.losses)
        assert share is None or 0 <= played.percent <= 100
    if best > worst:
        expected = sum(likelihood(body, path) * own for path, own in composites.items())
        assert Fraction(found["chance"]) == (expected - worst) / (best - worst)


@quick
@given(bodies())
def test_best_path_scores_exactly_a_hundred_and_loses_nothing(body):
    played = score(body, analyse(body)["best_path"])
    assert played.percent in (Decimal("100.0"), None)
    assert set(played.losses) == {0}
    assert played.best_at_turn == analyse(body)["best_path"]
    assert played.mood_curve == played.best_mood_curve


@pytest.mark.slow
@quick
@given(bodies(), st.data())
def test_abandoned_play_scores_the_least_of_its_completions(body, data):
    path = data.draw(st.sampled_from(complete(body)))
    stopped = path[: data.draw(st.integers(0, len(path)))]
    reachable = [score(body, each).percent for each in complete(body, tuple(stopped))]
    assert floor_score(body, stopped) == (None if None in reachable else min(reachable))
