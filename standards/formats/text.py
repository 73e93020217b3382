"""Reads a service standard out of Markdown or plain text.

The format is described in docs/formats.md, "A service standard as a document".
"""

import re
from dataclasses import dataclass, field

from standards.formats.decoding import Refused, decode
from standards.formats.wording import (
    KEY,
    bilingual,
    joined_lines,
    one_language,
    row_number,
    row_weight,
    row_words,
    take_key,
    take_weight,
)

REASONS = (
    "above the headers",
    "quote",
    "fence",
    "fenced code",
    "table header",
    "table rule",
    "horizontal rule",
    "no words",
    "head or foot of a page",
    "page of pictures",
)


@dataclass(frozen=True)
class Parsed:
    """What a document holds. Line numbers count from 1 as str.splitlines() does.

    title     {"zh", "en"}, only the languages present
    lines     how many lines are not blank; each is in exactly one of the three lists
    headings  [{"line", "level" 1-6, "text"}]
    clauses   [{"line", "lines": [first, last], "number", "key", "heading": [texts], "weight", "text": {"zh", "en"}}]
    skipped   [{"line", "text", "reason"}], the reason one of REASONS
    """

    title: dict = field(default_factory=dict)
    lines: int = 0
    headings: list = field(default_factory=list)
    clauses: list = field(default_factory=list)
    skipped: list = field(default_factory=list)


def read(data):
    """(Parsed, encoding) of a file's bytes. Raises Refused, also when no clause is in it."""
    text, encoding = decode(data)
    return refuse_without_clauses(parse(text)), encoding


def refuse_without_clauses(parsed):
    """The same Parsed, or Refused "no_clauses"."""
    if not parsed.clauses:
        raise Refused("no_clauses", lines=parsed.lines)
    return parsed


# Text to lines

CN = "[一二三四五六七八九十百零〇两]{1,5}"
QUANTITY = r"(?!\s*(?:[%％‰]|小时|分|秒|天|日|周|个|月|年|米|元|倍|万|千|公|hours?\b|min|sec|days?\b|m\b|k[mg]\b))"
BULLET_RANK = 20
ARTICLE_RANK = 8.5
# Lower ranks stand above higher ones: chapters hold articles, articles hold 一、, 一、 holds （一）, and so on.
NUMBERS = [
    (7, re.compile(rf"第(?:{CN}|\d{{1,4}})(?:编|篇|部分)")),
    (7.5, re.compile(rf"第(?:{CN}|\d{{1,4}})章")),
    (8, re.compile(rf"第(?:{CN}|\d{{1,4}})节")),
    (ARTICLE_RANK, re.compile(rf"第(?:{CN}|\d{{1,4}})[条款]")),
    (9, re.compile(rf"{CN}[、.．]")),
    (10, re.compile(rf"[（(]{CN}[）)]")),
    (11, re.compile(r"\d{1,3}[.．、](?!\d)")),
    (11.1, re.compile(rf"\d{{1,3}}\.\d{{1,3}}(?![\d.]){QUANTITY}[.、．]?")),
    (11.2, re.compile(r"\d{1,3}(?:\.\d{1,3}){2,5}(?!\d)[.、．]?")),
    (11.3, re.compile(rf"第{CN}(?=[,，、:：])")),
    (11.5, re.compile(r"\d{1,3}[)）]")),
    (12, re.compile(r"[（(]\d{1,3}[）)]")),
    (13, re.compile("[\u2460-\u2473\u2776-\u277f\u3251-\u325f\u32b1-\u32bf]")),
]
BULLET = re.compile(r"(?:[-*+–](?=\s)|[•·●○◦▪■□◆◇➢])\s*(?:\[[ xX]\]\s+)?")
FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
EMPHASIS = [
    re.compile(r"(?<![\d*])\*{1,3}(?=[^\s*])([^*]+)(?<=\S)\*{1,3}(?!\*)"),
    re.compile(r"(?<!_)__(?=[^\s_])([^_]+)__(?!_)"),
    re.compile(r"(?<!\w)_(?=[^\s_])([^_]+)_(?!\w)"),
    re.compile(r"~~([^~]+)~~"),
    re.compile(r"`([^`]+)`"),
]
# Most lines carry neither, so one look saves all the patterns above.
MAY_BE_EMPHASIS = re.compile("[*_~`]")
MAY_BE_NUMBER = re.compile(rf"[第（(]|\d|{CN}|[\u2460-\u2473\u2776-\u277f\u3251-\u325f\u32b1-\u32bf]")
CLOSING_HASHES = re.compile(r"(?<!#)#+\s*$")
UNSEEN = dict.fromkeys([*range(9), *range(10, 32), *range(127, 160), 0x200B, 0xFEFF])
UNSEEN[9] = " "


@dataclass(slots=True)
class Line:
    """One line that is not blank: `raw` stripped, `rest` without its marker; rank 0 is a plain line."""

    at: int
    raw: str
    indent: int
    rank: float
    number: str
    rest: str


def _lines(text):
    numbered = enumerate(text.splitlines(), 1)
    return [_line(at, whole) for at, whole in numbered if whole.strip()]


def _line(at, whole):
    raw = whole.strip()
    plain = _plain(raw)
    bullet = BULLET.match(plain)
    rest = plain[bullet.end() :] if bullet else plain
    rank, number = _number(rest)
    if bullet and rank < ARTICLE_RANK:
        number = ""
    rest = rest[len(number) :].lstrip(" \t\u3000,，、:：.") if number else rest
    indent = len(whole) - len(whole.lstrip(" \t"))
    return Line(at, raw, indent, BULLET_RANK if bullet else rank, number, rest)


def _plain(text):
    """The words without Markdown emphasis and unseen characters; full-width punctuation stays."""
    text = text.translate(UNSEEN)
    for mark in EMPHASIS if MAY_BE_EMPHASIS.search(text) else ():
        text = mark.sub(r"\1", text)
    return text.strip()


def _number(text):
    for rank, pattern in NUMBERS if MAY_BE_NUMBER.match(text) else ():
        if found := pattern.match(text):
            return rank, found[0]
    return 0, ""


# Lines to clauses

SENTENCE_END = "。；;！!？?，,、.…"
COLON = ("：", ":")
CHAPTER_WIDTH, INTRODUCTION_WIDTH = 40, 80
HEADING = 120


def parse(text, left=None):
    """Parsed of any text; never refuses (see refuse_without_clauses). The title is in no clause's heading path.
    left: {line: reason} of lines known to be no clauses."""
    reader = _Reader(_lines(text), left or {})
    while reader.here < len(reader.source):
        reader.step()
    return Parsed(reader.title, len(reader.source), reader.headings, reader.clauses, reader.skipped)


class _Reader:
    """Walks the lines once; `path` is the stack of open headings as (rank, level, text, introduces)."""

    def __init__(self, source, left):
        self.source = source
        self.left = left
        self.here = 0
        self.path = []
        self.fence = ""
        self.table_at = -1
        self.title = {}
        self.title_at = _title_at(source)
        self.headings, self.clauses, self.skipped = [], [], []

    def step(self):
        line = self.source[self.here]
        self.here += 1
        if reason := self.reason_to_skip(line):
            return self.skip(line, reason)
        if line.raw.startswith("#"):
            return self.markdown_heading(line)
        if self.in_table(line):
            return self.table_row(line)
        if line.at == self.title_at:
            return self.heading(line, rank=1, level=1, text=_plain(line.raw))
        if self.is_heading(line):
            return self.plain_heading(line)
        self.clause(line)

    def before(self):
        return self.source[self.here - 2] if self.here > 1 else None

    def after(self):
        return self.source[self.here] if self.here < len(self.source) else None

    # skipping

    def reason_to_skip(self, line):
        if reason := self.left.get(line.at) or self.fenced(line):
            return reason
        if line.raw.startswith(">"):
            return "quote"
        if _is_rule(line.raw):
            return "horizontal rule"
        return self.table_furniture(line) or ("" if _has_words(line.raw) else "no words")

    def fenced(self, line):
        found = FENCE.match(line.raw)
        mark = (found[1] or found[2]) if found else ""
        if not self.fence:
            self.fence = mark
            return "fence" if mark else ""
        if mark.startswith(self.fence) and mark == line.raw:
            self.fence = ""
            return "fence"
        return "fenced code"

    def table_furniture(self, line):
        if _is_table_rule(line.raw):
            self.table_at = line.at
            return "table rule"
        after = self.after()
        heads = after and after.at == line.at + 1 and "|" in line.raw and _is_table_rule(after.raw)
        return "table header" if heads else ""

    def skip(self, line, reason):
        self.skipped.append({"line": line.at, "text": line.raw, "reason": reason})

    # headings

    def markdown_heading(self, line):
        words = line.raw.lstrip("#")
        level = min(6, len(line.raw) - len(words))
        if level == 1 and not self.title:
            self.title_at = line.at
        self.heading(line, rank=level, level=level, text=_plain(CLOSING_HASHES.sub("", words)))

    def is_heading(self, line):
        if line.rank == BULLET_RANK or re.match(KEY, line.rest):
            return False
        if 0 < line.rank < ARTICLE_RANK:
            return _is_short(line.rest, CHAPTER_WIDTH)
        if not _introduces_others(line.rest):
            return False
        return self.holds_the_next(line)

    def holds_the_next(self, line):
        """Does the next line stand under this one: a deeper list, or a text under 一、 or （一）?"""
        before, after = self.before(), self.after()
        if after is None or after.raw.startswith(("#", ">", "```")):
            return False
        if not line.rank:
            return bool(after.rank) and line.rest.endswith(COLON)
        if after.rank:
            return after.rank > line.rank
        in_a_list = before is not None and before.rank == line.rank and before.at == line.at - 1
        return line.rank in (9, 10) and not in_a_list

    def plain_heading(self, line):
        rank = line.rank or self.after().rank - 0.01
        text = _plain(line.raw).rstrip("：:—- ")
        level = min(6, 1 + max((level for above, level, _, _ in self.path if above < rank), default=0))
        self.heading(line, rank=rank, level=level, text=text)

    def heading(self, line, *, rank, level, text):
        self.close(rank)
        shown = "" if line.at == self.title_at else shortened(text)
        self.path.append((rank, level, shown, not line.rank and rank > 6))
        self.headings.append({"line": line.at, "level": level, "text": text})
        if line.at == self.title_at:
            self.title = bilingual(text)

    def close(self, rank):
        """Leave the headings that a line of this rank cannot stand under."""
        while self.path and self.path[-1][0] >= rank:
            self.path.pop()

    def leave_introductions(self):
        """A plain line after a list no longer belongs to the "…：" line that introduced the list."""
        while self.path and self.path[-1][3]:
            self.path.pop()

    # clauses

    def in_table(self, line):
        goes_on = line.at == self.table_at + 1 and "|" in line.raw and line.rank != BULLET_RANK
        return line.raw.startswith("|") or goes_on

    def table_row(self, line):
        self.table_at = line.at
        cells = [_plain(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", line.raw)]
        number, cells = row_number([cell for cell in cells if cell])
        key, first = take_key(cells[0])
        weight, cells = row_weight([first, *cells[1:]], keyed=bool(key))
        self.add([line], number=number, key=key, weight=weight, words=row_words(cells, keyed=bool(key)))

    def clause(self, line):
        lines = [line, *self.continuations(line)]
        if 0 < line.rank < ARTICLE_RANK:
            line.number, line.rest, line.rank = "", _plain(line.raw), 0
        if line.rank:
            self.close(line.rank)
        else:
            self.leave_introductions()
        key, text = take_key(joined_lines([each.rest for each in lines]))
        weight, text = take_weight(text, keyed=bool(key))
        words = bilingual(text) if key else one_language(text)
        self.add(lines, number=line.number, key=key, weight=weight, words=words)

    def continuations(self, item):
        """The indented plain lines right below a list item."""
        found = []
        while item.rank and (after := self.after()) and self.continues(after, item, item.at + len(found)):
            found.append(after)
            self.here += 1
        return found

    def continues(self, line, item, above):
        if line.rank or line.at != above + 1 or line.indent < max(2, item.indent + 1):
            return False
        if line.raw.startswith(("#", ">", "|")) or FENCE.match(line.raw) or _is_rule(line.raw):
            return False
        return _has_words(line.raw)

    def add(self, lines, *, number, key, weight, words):
        if not any(map(_has_words, words.values())):
            return [self.skip(line, "no words") for line in lines]
        self.clauses.append(
            {
                "line": lines[0].at,
                "lines": [lines[0].at, lines[-1].at],
                "number": number.rstrip("、.． "),
                "key": key,
                "heading": [text for _, _, text, _ in self.path if text],
                "weight": weight,
                "text": words,
            }
        )


def _title_at(source):
    """The line of a title in plain text: the first one, when a chapter or a list heading stands right below it."""
    if len(source) < 2 or any(line.raw.startswith("#") for line in source):
        return 0
    first, second = source[:2]
    is_title = not first.rank and _is_short(first.rest, CHAPTER_WIDTH) and not first.raw.startswith((">", "|", "["))
    return first.at if is_title and second.rank in (7, 7.5, 8, 9) and _has_words(first.rest) else 0


def shortened(text):
    """A heading as the path of its clauses carries it: every clause repeats it."""
    return text if len(text) <= HEADING else f"{text[: HEADING - 1]}…"


def _is_short(text, width):
    if len(text) > width or text.endswith(tuple(SENTENCE_END)):
        return False
    return sum(2 if character > "\u2e80" else 1 for character in text) <= width


def _introduces_others(text):
    if not _has_words(text):
        return False
    if text.endswith(COLON):
        return _is_short(text, INTRODUCTION_WIDTH)
    return _is_short(text, CHAPTER_WIDTH) and not re.search("[。；;！？]", text)


def _is_rule(raw):
    marks = "".join(raw.split())
    return len(marks) >= 3 and marks[0] in "-*_=" and not marks.strip(marks[0])


def _is_table_rule(raw):
    return "|" in raw and "-" in raw and not raw.strip("|:-+ \t")


def _has_words(text):
    return any(map(str.isalpha, text))
