"""What a quiz would draw from the bank of today, before anybody sits it. Pure; the same for the same bank."""

from collections import Counter
from typing import NamedTuple

from quizzes.drawing import CannotDraw, paper, points_of, slots_of, suits
from quizzes.quiz_rules import Section

PAPERS = 50
ENOUGH = 3  # items that fit a row, for each of its places


class RowForecast(NamedTuple):
    """fits: items of the bank that suit the row; missing: places that stay empty; spread: [(difficulty, points, places,
    items)] of its weights, those with no place as well."""

    row: dict
    fits: int
    missing: int
    spread: list

    @property
    def few(self):
        """Too few for papers that differ; of a row that names all it draws that is meant."""
        named_whole = len(self.row.get("items", ())) == self.row["count"]
        return not self.missing and not named_whole and self.fits < ENOUGH * self.row["count"]

    @property
    def left_out(self):
        """The weights that nobody draws."""
        return [each for each in self.spread if not each[2]]


class Forecast(NamedTuple):
    """rows: [RowForecast] through all sections; missing: places that stay empty; points: (least, most) of a paper;
    difficulties: {difficulty: (least, most)} of a paper; shared: the percent of items two papers have in common, on
    average (None of a quiz that cannot be drawn); example: a paper."""

    rows: list
    missing: int
    points: tuple
    difficulties: dict
    shared: int | None
    example: list


def forecast(sections: list[Section], pool: list[dict], *, shuffle: bool = True) -> Forecast:
    newest = list({entry["slug"]: entry for entry in sorted(pool, key=lambda e: (e["slug"], e["number"]))}.values())
    rows = [row for section in sections for row in section.rows]
    try:
        slots, missing = slots_of(rows, newest), {}
    except CannotDraw as short:
        slots, missing = [], short.missing
    told = [row_forecast(n, row, newest, slots, missing.get(n + 1, 0)) for n, row in enumerate(rows)]
    if missing:
        return Forecast(told, sum(missing.values()), (0, 0), {}, None, [])
    papers = [paper(sections, newest, b"preview %d" % n, shuffle=shuffle) for n in range(PAPERS)]
    by_slug = {entry["slug"]: entry for entry in newest}
    drawn = [[by_slug[line["slug"]] for line in each] for each in papers]
    points = [sum(map(points_of, each)) for each in drawn]
    return Forecast(
        told, 0, (min(points), max(points)), spread_of(drawn), shared_percent(papers), papers[0] if papers else []
    )


def row_forecast(number: int, row: dict, pool: list[dict], slots: list, missing: int) -> RowForecast:
    fitting = [entry for entry in pool if suits(row, entry)]
    there = Counter((entry["difficulty"], points_of(entry)) for entry in fitting)
    first = [pool[found[0]] for at, found in slots if at == number]
    places = Counter((entry["difficulty"], points_of(entry)) for entry in first)
    order = {"easy": 0, "medium": 1, "hard": 2}
    weights = sorted(there, key=lambda weight: (order.get(weight[0], 3), weight[1]))
    return RowForecast(row, len(fitting), missing, [(*weight, places[weight], there[weight]) for weight in weights])


def spread_of(drawn: list[list[dict]]) -> dict:
    """{difficulty: (least, most)} of these papers."""
    counts = [Counter(entry["difficulty"] for entry in each) for each in drawn]
    known = [each for each in ("easy", "medium", "hard") if any(count[each] for count in counts)]
    return {each: (min(count[each] for count in counts), max(count[each] for count in counts)) for each in known}


def shared_percent(papers: list[list[dict]]) -> int:
    """What two papers have in common on average, in percent of a paper: Σ over items of pairs that both hold it."""
    size, pairs = len(papers[0]), len(papers) * (len(papers) - 1) // 2
    held = Counter(line["slug"] for each in papers for line in each)
    together = sum(times * (times - 1) // 2 for times in held.values())
    return round(100 * together / (pairs * size)) if size else 0
