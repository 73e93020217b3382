"""A table of answers, one row a person, one column an item, read from text. Pure."""

import csv
import re
import unicodedata
from typing import NamedTuple

NUMBER = re.compile(r"[+-]?(\d{1,9}(\.\d{0,9})?|\.\d{1,9})")
SEPARATORS = ("\t", ";", ",")
MAX_ITEMS = 1_000


class BadMatrix(ValueError):
    """str() is a sentence that names the row and the column."""


class Matrix(NamedTuple):
    names: list[str]
    rows: list[list[float | None]]


def read(text: str, *, ignore: set[str] = frozenset(), most: float | None = None) -> Matrix:
    """The first row names the items, separated by commas, semicolons or tabs; an empty cell is missing. ignore: columns
    to leave out; most: no value may be larger. Raises BadMatrix."""
    lines = text.lstrip("\ufeff").splitlines()
    header = next((line for line in lines if line.strip()), "")
    separator = max(SEPARATORS, key=header.count)
    cells = csv.reader(lines, delimiter=separator)
    wanted, rows = None, []
    for row in cells:
        if not any(cell.strip() for cell in row):
            continue
        if wanted is None:
            wanted = _names(row, ignore)
        else:
            rows.append(_points(row, wanted, cells.line_num, decimal_comma=separator != ",", most=most))
    if wanted is None:
        raise BadMatrix("The file has no header row: the first row names the items.")
    if not rows:
        raise BadMatrix("There is no row under the header: give one row of points a person.")
    return Matrix([name for name in wanted if name], rows)


def _names(row, ignore):
    """The names of the columns; None for one to leave out."""
    names = [cell.strip() for cell in row]
    for place, name in enumerate(names, start=1):
        if not name:
            raise BadMatrix(f"Row 1, column {place}: the header is empty: name the item.")
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise BadMatrix(f"Row 1: “{twice}” stands twice: give each item a name of its own.")
    if unknown := sorted(ignore - set(names)):
        raise BadMatrix(f"Row 1: no column is called “{unknown[0]}”; the headers are {', '.join(names[:8])}.")
    kept = [None if name in ignore else name for name in names]
    if not 0 < sum(map(bool, kept)) <= MAX_ITEMS:
        raise BadMatrix(f"Row 1: {sum(map(bool, kept))} items; there must be 1 to {MAX_ITEMS}.")
    return kept


def _points(row, names, line, *, decimal_comma, most):
    cells = row[: len(names)] + [""] * (len(names) - len(row))
    if any(cell.strip() for cell in row[len(names) :]):
        raise BadMatrix(f"Row {line}: {len(row)} cells under {len(names)} headers.")
    return [
        _number(cell, line, name, decimal_comma=decimal_comma, most=most)
        for cell, name in zip(cells, names, strict=True)
        if name
    ]


def _number(cell, line, name, *, decimal_comma, most):
    words = unicodedata.normalize("NFKC", cell).strip()
    if not words:
        return None
    if decimal_comma:
        words = words.replace(",", ".")
    if not NUMBER.fullmatch(words):
        raise BadMatrix(
            f"Row {line}, column {name}: “{cell.strip()[:40]}” is no number. A cell holds 0, 1 or points and is empty "
            f"where nothing was given; a column that is no item is left out with --ignore {name}."
        )
    value = float(words)
    if most is not None and value > most:
        raise BadMatrix(f"Row {line}, column {name}: {cell.strip()} is more than the {most:g} points of --max.")
    return value
