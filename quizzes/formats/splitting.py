"""Options that stand one after the other in a line or a cell. Pure."""

import re

from quizzes.formats.cells import lines

MARK = re.compile(r"(?:^|(?<=[\s;；,，|。）)]))[（(]?([A-Ha-hＡ-Ｈ])[)）.、．:：]\s*")
LETTERS = "ABCDEFGH"


def lettered(words):
    """[(letter, words)] of `A. one  B. two`, the letters one after the other; [] where it begins with none."""
    found, expected = [], None
    for mark in MARK.finditer(words):
        letter = chr(ord(mark[1]) - 0xFEE0 if mark[1] > "z" else ord(mark[1])).upper()
        if expected is None and words[: mark.start()].strip():
            return []
        if expected is None or letter == expected:
            found.append((letter, mark.start(), mark.end()))
            expected = chr(ord(letter) + 1)
    if not found:
        return []
    ends = [start for _letter, start, _end in found[1:]] + [len(words)]
    return [
        (letter, words[end:stop].strip(" \t;；,，|\n")) for (letter, _start, end), stop in zip(found, ends, strict=True)
    ]


def options_in(cell):
    """The options that one cell lists: with letters, a line each, or parted by bars or semicolons."""
    found = lettered(" ".join(cell.split("\n")))
    if len(found) > 1:
        return [words for _letter, words in found]
    rows = lines(cell)
    if len(rows) == 1:
        rows = next((parts for mark in "|；;" if len(parts := rows[0].split(mark)) > 1), rows)
    return [MARK.sub("", row.strip(), count=1) for row in rows]
