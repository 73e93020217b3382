"""The geometry of the coverage picture: one ribbon a way, one column a clause, as read from the door. Pure."""

from math import ceil
from typing import NamedTuple

PITCHES, GAP = (24, 22, 20, 18), 10
HEADING, RED, TOP, BETWEEN = 20, 38, 58, 10
TALL, MIDDLE, LOW = 72, 44, 24


class Paper(NamedTuple):
    """Where a drawing may stand: `left` of the ribbons their names, `right` their sums."""

    width: int
    left: int
    right: int


DESK, PHONE = Paper(1300, 124, 84), Paper(342, 54, 0)


def ribbons(groups, ways, *, paper, label):
    """The bands of the picture, one above the other: [{height, bar, pitch, end, rows: [y of each way], groups:
    [{name, x, width}], red: [x], links: [{x, row}], shades: {class: path}}]. groups: [(kind, [row])], where a row has
    its weight and how many stand for each way; label(kind) is what stands over its columns."""
    for pitch in PITCHES if paper.right else PITCHES[:1]:  # closer columns, where that makes one picture of it
        bands = _bands(groups, paper, label, pitch)
        if len(bands) < 2:
            break
    else:
        pitch, bands = PITCHES[0], _bands(groups, paper, label, PITCHES[0])
    bar = TALL if len(bands) < 2 else MIDDLE if len(bands) < 4 else LOW
    return [_drawn(band, ways, bar, pitch) for band in bands]


def gathered(groups, ways, most):
    """The groups with at most about `most` columns: ([(kind, [row])], how many clauses a column stands for). A column
    of several clauses has the `span` of its first and last, the least of them for each way, `red_gaps` for the ways in
    which one of its red lines has nothing, and leads to the first clause with a gap."""
    each = ceil(sum(len(rows) for _kind, rows in groups) / most)
    if each < 2:
        return groups, 1
    parts = [(kind, [rows[at : at + each] for at in range(0, len(rows), each)]) for kind, rows in groups]
    return [(kind, [_column(part, ways) for part in found]) for kind, found in parts], each


def _column(rows, ways):
    red = [row for row in rows if row["weight"] == "red_line"]
    gap = next((row for row in rows if not all(row[way] for way in ways)), rows[0])
    return {
        "key": gap["key"],
        "span": (rows[0]["key"], rows[-1]["key"]),
        "weight": "red_line" if red else rows[0]["weight"],
        "red_gaps": [way for way in ways if not all(row[way] for row in red)],
        **{way: min(row[way] for row in rows) for way in ways},
    }


def _bands(groups, paper, label, pitch):
    bands, room = [[]], paper.width - paper.right
    for kind, rows in groups:
        name, rest = label(kind), list(rows)
        while rest:
            band = bands[-1]
            x = band[-1]["x"] + band[-1]["width"] + GAP if band else paper.left
            fits = (room - x) // pitch
            if band and (fits < min(2, len(rest)) or x + breadth(name) > room):
                bands.append([])
                continue
            taken, rest = rest[: max(1, fits)], rest[max(1, fits) :]
            width = max(len(taken) * pitch - 2, breadth(name))
            band.append({"name": name, "x": x, "width": width, "rows": taken})
    return [band for band in bands if band]


def breadth(words):
    """About how wide words of 15 px are drawn."""
    return round(sum(15 if ord(character) > 0x2E7F else 8.4 for character in words)) + 2


def _drawn(band, ways, bar, pitch):
    tops = [TOP + place * (bar + BETWEEN) for place in range(len(ways))]
    columns = [(group["x"] + at * pitch, row) for group in band for at, row in enumerate(group["rows"])]
    shades = {}
    for x, row in columns:
        for way, y in zip(ways, tops, strict=True):
            red = way in row["red_gaps"] if "red_gaps" in row else row["weight"] == "red_line"
            shade, path = _cell(x, y, (pitch - 2, bar), row[way], red)
            shades[shade] = shades.get(shade, "") + path
    return {
        "height": tops[-1] + bar + 12,
        "bar": bar,
        "pitch": pitch,
        "rows": tops,
        "end": band[-1]["x"] + band[-1]["width"],
        "groups": [{name: group[name] for name in ("name", "x", "width")} for group in band],
        "red": [x for x, row in columns if row["weight"] == "red_line"],
        "links": [{"x": x, "row": row} for x, row in columns],
        "shades": shades,
    }


def _cell(x, y, size, count, red):
    """(class, path): the more stand there the darker; nothing is paper, of a red line in a red frame."""
    wide, high = size
    if count:
        return ("f-w4" if count > 3 else "f-w3" if count > 1 else "f-w2"), f"M{x} {y}h{wide}v{high}h-{wide}z"
    if red:
        return "gap-red", f"M{x + 1.5} {y + 1.5}h{wide - 3}v{high - 3}h-{wide - 3}z"
    return "axis", f"M{x + wide // 2} {y + high // 2 - 5}v10"
