"""Plays a scenario's body (see quizzes.script) and scores the plays (psychometrics 6.1, 6.3).

A path is the list of choice numbers taken from the start, each from 1. A play's composite is
Σ weight · (points − least) ÷ (most − least) over the dimensions; it is scored between the worst
and the best composite of all complete paths. A dimension in which every path earns the same is
flat: it has no score and its weight goes to the others.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from graphlib import TopologicalSorter
from typing import NamedTuple

from quizzes.marking import rounded

DIMENSIONS = ("functional", "emotional", "value")
CALMEST, ANGRIEST = 3, -3


class BadPath(ValueError):
    """The choices cannot be made in this scenario; str() is a sentence naming the turn."""


class State(NamedTuple):
    """Where a path stands: mood −3…3, wait in minutes ≥ 0, red = clause keys of red lines."""

    scene_key: str
    mood: int
    wait: int
    ended: bool
    red: list[str]


class Turn(NamedTuple):
    scene: dict
    number: int
    choice: dict


class Chart(NamedTuple):
    """The searched graph; best and worst hold, per scene key, the composite still to be earned."""

    scenes: dict[str, dict]
    order: list[str]
    ranges: dict[str, tuple[Fraction, Fraction]]
    weights: dict[str, Fraction]
    best: dict[str, Fraction]
    worst: dict[str, Fraction]


class Played(NamedTuple):
    """A complete play.

    percent and dimensions: 0–100, one decimal, None where every path earns the same.
    red: clause keys of the red lines crossed. passed: percent ≥ the pass mark and no red line.
    losses: per turn, in composite units (0–1), adding up exactly to best − own.
    losses_percent: each loss as a percentage of best − worst, rounded by itself to one decimal.
    best_at_turn: the best choice number at each scene visited, the lowest where several are.
    mood_curve, best_mood_curve: the mood at the start and after each turn.
    """

    percent: Decimal | None
    dimensions: dict[str, Decimal | None]
    red: list[str]
    passed: bool
    losses: list[Fraction]
    losses_percent: list[Decimal | None]
    best_at_turn: list[int]
    mood_curve: list[int]
    best_mood_curve: list[int]


def step(body: dict, path: list[int]) -> State:
    """Where the path leads. Raises BadPath for a choice that is not offered."""
    taken, scene = walk(body, path)
    wait = body["wait"]
    for turn in taken:
        wait = max(0, wait + turn.choice["wait"])
    mood = mood_curve(body, taken)[-1]
    return State(scene["key"], mood, wait, scene["end"], red_lines(taken))


def visible(body: dict, path: list[int]) -> dict:
    """What the browser may hold now, and nothing that tells a good choice from a bad one.

    {"transcript": [{"lines": [{"who", "text"}], "chosen": text}], "lines": [{"who", "text"}],
    "choices": [{"number", "text"}], "ended": bool}. Raises BadPath.
    """
    taken, scene = walk(body, path)
    return {
        "transcript": [{"lines": spoken(turn.scene), "chosen": words(turn.choice["text"])} for turn in taken],
        "lines": spoken(scene),
        "choices": [
            {"number": number, "text": words(choice["text"])} for number, choice in enumerate(scene["choices"], 1)
        ],
        "ended": scene["end"],
    }


def analyse(body: dict) -> dict:
    """What is known at publishing, JSON-safe; exact numbers are strings "a/b".

    {"best", "worst": composites, "chance": the expected share (0–1) of a random play or None,
    "dimensions": {name: {"min", "max", "weight"}}, "flat": [names], "best_path": [numbers],
    "paths": how many}. Raises graphlib.CycleError (a ValueError) on a loop.
    """
    found = chart(body)
    start, base = body["start"], composite_base(found)
    best, worst = found.best[start], found.worst[start]
    random = values(found.scenes, found.order, reward=rewarder(found), pick=mean)[start]
    return {
        "best": exact(best - base),
        "worst": exact(worst - base),
        "chance": exact((random - worst) / (best - worst)) if best > worst else None,
        "dimensions": {name: dimension_of(found, name) for name in DIMENSIONS},
        "flat": [name for name in DIMENSIONS if is_flat(found.ranges[name])],
        "best_path": best_path(body, found),
        "paths": count_paths(found)[start],
    }


def score(body: dict, path: list[int]) -> Played:
    """The score of a complete path. Raises BadPath when it is not complete or not possible."""
    taken, scene = walk(body, path)
    if not scene["end"]:
        raise BadPath(f"The scenario has not ended after turn {len(path)}.")
    found = chart(body)
    percent, red = share_at(taken, scene, body=body, found=found), red_lines(taken)
    crossed = any(turn.choice["red"] for turn in taken)
    losses = [loss(turn, found) for turn in taken]
    best_taken, _ = walk(body, best_path(body, found))
    return Played(
        percent=percent,
        dimensions={name: dimension_percent(taken, name, found=found) for name in DIMENSIONS},
        red=red,
        passed=percent is not None and percent >= body["pass"] and not crossed,
        losses=losses,
        losses_percent=[of_range(each, body=body, found=found) for each in losses],
        best_at_turn=[best_choice(turn.scene, found) for turn in taken],
        mood_curve=mood_curve(body, taken),
        best_mood_curve=mood_curve(body, best_taken),
    )


def floor_score(body: dict, path: list[int]) -> Decimal | None:
    """The percent of an abandoned play: the least that any completion of the path would score.

    None where every path earns the same. Raises BadPath.
    """
    taken, scene = walk(body, path)
    return share_at(taken, scene, body=body, found=chart(body))


def walk(body: dict, path: list[int]) -> tuple[list[Turn], dict]:
    """The turns taken and the scene they lead to."""
    scenes = {scene["key"]: scene for scene in body["scenes"]}
    scene, taken = scenes[body["start"]], []
    for number in path:
        check_choice(scene, number, turn=len(taken) + 1)
        choice = scene["choices"][number - 1]
        taken.append(Turn(scene, number, choice))
        scene = scenes[choice["next"]]
    return taken, scene


def check_choice(scene: dict, number: object, *, turn: int) -> None:
    if scene["end"]:
        raise BadPath(f"The scenario had ended before turn {turn}.")
    if type(number) is not int or not 1 <= number <= len(scene["choices"]):
        raise BadPath(f"Turn {turn} offers choices 1 to {len(scene['choices'])}, not {number!r}.")


def red_lines(taken: list[Turn]) -> list[str]:
    """Clause keys of the red choices, each once, in the order crossed."""
    return list(dict.fromkeys(k for turn in taken if turn.choice["red"] for k in turn.choice["cites"]))


def mood_curve(body: dict, taken: list[Turn]) -> list[int]:
    curve = [clamped(body["mood"])]
    for turn in taken:
        curve.append(clamped(curve[-1] + turn.choice["mood"]))
    return curve


def clamped(mood: int) -> int:
    return max(ANGRIEST, min(CALMEST, mood))


def spoken(scene: dict) -> list[dict]:
    return [{"who": line["who"], "text": words(line["text"])} for line in scene["lines"]]


def words(text: dict) -> dict:
    """A copy holding the languages only, whatever else an author's tool left in the text."""
    return {language: text[language] for language in ("zh", "en") if language in text}


def chart(body: dict) -> Chart:
    """One pass per quantity over the scenes reachable from the start, the last scenes first."""
    scenes = {scene["key"]: scene for scene in body["scenes"]}
    order = last_first(scenes, body["start"])
    ranges = {name: extent(scenes, order, name=name) for name in DIMENSIONS}
    found = Chart(scenes, order, ranges, shares(body["weights"], ranges), {}, {})
    reward = rewarder(found)
    return found._replace(
        best=values(scenes, order, reward=reward, pick=max),
        worst=values(scenes, order, reward=reward, pick=min),
    )


def last_first(scenes: dict[str, dict], start: str) -> list[str]:
    """Reachable keys, every scene after all that follow it. Raises CycleError on a loop."""
    sorter, waiting, seen = TopologicalSorter(), [start], {start}
    while waiting:
        key = waiting.pop()
        following = {choice["next"] for choice in scenes[key]["choices"]}
        sorter.add(key, *following)
        waiting += following - seen
        seen |= following
    return list(sorter.static_order())


def values(scenes: dict, order: list[str], *, reward: Callable, pick: Callable) -> dict:
    """Per scene key what is still to be earned when every choice is made by `pick`."""
    found: dict[str, Fraction] = {}
    for key in order:
        ahead = [reward(choice) + found[choice["next"]] for choice in scenes[key]["choices"]]
        found[key] = pick(ahead) if ahead else Fraction(0)
    return found


def mean(numbers: list[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)


def extent(scenes: dict, order: list[str], *, name: str) -> tuple[Fraction, Fraction]:
    """The least and the most points any complete path earns in this dimension."""

    def reward(choice: dict) -> Fraction:
        return Fraction(choice["points"][name])

    start = order[-1]
    least = values(scenes, order, reward=reward, pick=min)[start]
    return least, values(scenes, order, reward=reward, pick=max)[start]


def is_flat(extent: tuple[Fraction, Fraction]) -> bool:
    return extent[0] == extent[1]


def shares(weights: dict[str, int], ranges: dict) -> dict[str, Fraction]:
    """Weights of the dimensions that are not flat, adding up to 1; {} when none has weight."""
    carried = {name: weights[name] for name in DIMENSIONS if not is_flat(ranges[name])}
    total = sum(carried.values())
    return {name: Fraction(weight, total) for name, weight in carried.items()} if total else {}


def rewarder(found: Chart) -> Callable[[dict], Fraction]:
    """The composite reward of a choice: Σ weight · points ÷ (most − least)."""
    per_point = {
        name: weight / (found.ranges[name][1] - found.ranges[name][0]) for name, weight in found.weights.items()
    }

    def reward(choice: dict) -> Fraction:
        return sum((per * choice["points"][name] for name, per in per_point.items()), Fraction(0))

    return reward


def composite_base(found: Chart) -> Fraction:
    """The summed reward that stands for 0 in every dimension."""
    least = {"points": {name: found.ranges[name][0] for name in found.weights}}
    return rewarder(found)(least)


def dimension_of(found: Chart, name: str) -> dict[str, str]:
    least, most = found.ranges[name]
    weight = found.weights.get(name, Fraction(0))
    return {"min": exact(least), "max": exact(most), "weight": exact(weight)}


def count_paths(found: Chart) -> dict[str, int]:
    counts: dict[str, int] = {}
    for key in found.order:
        counts[key] = sum(counts[choice["next"]] for choice in found.scenes[key]["choices"]) or 1
    return counts


def best_path(body: dict, found: Chart) -> list[int]:
    """The best complete path; of equally good choices the lowest number."""
    scene, path = found.scenes[body["start"]], []
    while scene["choices"]:
        path.append(best_choice(scene, found))
        scene = found.scenes[scene["choices"][path[-1] - 1]["next"]]
    return path


def best_choice(scene: dict, found: Chart) -> int:
    reward = rewarder(found)
    ahead = [reward(choice) + found.best[choice["next"]] for choice in scene["choices"]]
    return ahead.index(max(ahead)) + 1


def loss(turn: Turn, found: Chart) -> Fraction:
    """What the choice gave away: best before − (earned + best after), never below 0."""
    earned = rewarder(found)(turn.choice)
    return found.best[turn.scene["key"]] - earned - found.best[turn.choice["next"]]


def share_at(taken: list[Turn], scene: dict, *, body: dict, found: Chart) -> Decimal | None:
    """The percent if everything after this scene goes as badly as it can."""
    earned = sum(map(rewarder(found), choices_of(taken)), Fraction(0)) + found.worst[scene["key"]]
    return of_range(earned - found.worst[body["start"]], body=body, found=found)


def choices_of(taken: list[Turn]) -> Iterable[dict]:
    return (turn.choice for turn in taken)


def of_range(composite: Fraction, *, body: dict, found: Chart) -> Decimal | None:
    """A composite difference ≥ 0 as a percentage of best − worst, one decimal, half up."""
    span = found.best[body["start"]] - found.worst[body["start"]]
    return rounded(100 * composite / span, places=1) if span else None


def dimension_percent(taken: list[Turn], name: str, *, found: Chart) -> Decimal | None:
    least, most = found.ranges[name]
    if least == most:
        return None
    earned = sum(choice["points"][name] for choice in choices_of(taken))
    return rounded(100 * (earned - least) / (most - least), places=1)


def exact(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"
