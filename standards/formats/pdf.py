"""PDF files that hold text to lines of plain text: printed lines put together, heads and feet of pages told apart.

What was weighed, with figures: docs/decisions/0031.
"""

import io
import logging
import re
import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import normalize

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

from standards.formats.decoding import Refused, share_of_text
from standards.formats.wording import joined_lines

MAX_PAGES = 300
MAX_STREAM = 4_000_000  # of one page, unpacked
MAX_SECONDS = 60
LEAST = 10  # characters, below which a file is taken for pictures
READABLE = 0.7
LARGER = 1.12  # than the body: a heading
HEADING = 60
LEAST_EDGE = 0.65  # of a page's width: no full line ends before
EDGE = 2  # lines at the top and at the foot of a page that may be its head and foot
SENTENCE_END = "。；;！!？?."
HEAVY = re.compile(r"bold|black|heavy|hei\b|simhei|黑", re.IGNORECASE)
ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇两\d]{1,5}[条款]")
# What a line cannot end or begin with, so that it stops short of the edge.
TOGETHER = re.compile(r"[（(“‘《【〔「]*(?:[A-Za-z0-9@._/%+-]+|.)[，。、；：！？）)”’》】〕」,.;:!?%]*")
MARKER = re.compile(
    r"[-*•·●○◦▪■□◆◇➢]\s*|\[[A-Z]|[(（]?(?:[一二三四五六七八九十百]{1,5}|\d{1,3})[)）、.．](?!\d)|\d{1,3}(?:\.\d{1,3}){1,4}\s"
    r"|第[一二三四五六七八九十百零〇两\d]{1,5}[编篇章节条款部]|[①-⑳]|§"
)
PAGE_NUMBER = re.compile(r"\W*(?:第|page)?\W*\d{1,4}\W*页?(?:\W*(?:共|of|/)?\W*\d{1,4}\W*页?)?\W*$", re.IGNORECASE)
# Fonts made by browsers name many Hanzi by their radical; those without a decomposition in Unicode stand here.
RADICALS = "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⼾"
MEANT = "民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙户"
MEANT_BY = str.maketrans(RADICALS, MEANT)
RADICAL = re.compile("[\u2e80-\u2fdf]")
PRIVATE = re.compile("^[\ue000-\uf8ff]\\s*")
WIDE = re.compile("[\u1100-\u115f\u2e80-\uffdc]")

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # a damaged file is refused with a sentence


@dataclass(slots=True)
class Printed:
    """One printed line. `edge` is how far it reaches, `at` how high it stands, `width` that of its page, in points."""

    page: int
    width: float
    x: float
    at: float
    edge: float
    size: float
    heavy: bool
    text: str


def text_of_pdf(data):
    """(text, {line: reason}) of a PDF; the lines with a reason are no clauses. Raises Refused."""
    pages = _pages(data)
    lines = [line for page in pages for line in page]
    words = "".join(line.text for line in lines)
    if len(words) < LEAST:
        raise Refused("pdf_pictures", pages=len(pages))
    if share_of_text(words) < READABLE:
        raise Refused("pdf_letters")
    furniture = _furniture(pages)
    found, left = [], {}
    for number, page in enumerate(pages, start=1):
        if not page:
            found.append(f"[{number}]")
            left[len(found)] = "page of pictures"
    body = [line for line in lines if id(line) not in furniture]
    found += _paragraphs(body)
    for line in lines:
        if id(line) in furniture:
            found.append(line.text)
            left[len(found)] = "head or foot of a page"
    return "\n".join(found), left


def _pages(data):
    """The printed lines of each page."""
    began = time.monotonic()
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("locked_pdf")
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise Refused("pdf_too_long", pages=count, limit=MAX_PAGES)
        return [_page(reader, number, began) for number in range(count)]
    except (DependencyError, FileNotDecryptedError, WrongPasswordError):
        raise Refused("locked_pdf") from None
    except (Refused, MemoryError):
        raise
    except Exception as fault:  # whatever a damaged file makes the library trip over
        raise Refused("broken_pdf") from fault


def _page(reader, number, began):
    if time.monotonic() - began > MAX_SECONDS:
        raise Refused("pdf_too_slow", seconds=MAX_SECONDS, pages=number)
    page = reader.pages[number]
    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) > MAX_STREAM:
        raise Refused("pdf_too_slow", seconds=MAX_SECONDS, pages=number)
    collector = _Collector(number, float(page.mediabox.width))
    page.extract_text(visitor_text=collector.take)
    return collector.lines()


class _Collector:
    """Takes the pieces of text of a page, with where they stand and how large they are."""

    def __init__(self, page, width):
        self.page, self.width = page, width
        self.rows = [[]]

    def take(self, text, user, own, font, size):
        x = own[4] * user[0] + own[5] * user[2] + user[4]
        y = own[4] * user[1] + own[5] * user[3] + user[5]
        scale = abs((own[3] or own[1] or 1) * (user[3] or user[1] or 1))
        heavy = _is_heavy(font or {})
        for place, part in enumerate(text.split("\n")):
            if place:
                self.rows.append([])
            if part:
                self.rows[-1].append((x, y, abs(size * scale), heavy, part))

    def lines(self):
        return [line for row in self.rows if (line := self.line(row))]

    def line(self, row):
        words = " ".join(_written("".join(piece[-1] for piece in row)).split())
        seen = [piece for piece in row if piece[-1].strip()]
        if not words or not seen:
            return None
        sizes, heavy = Counter(), 0
        for _, _, size, is_heavy, part in seen:
            sizes[round(size, 1)] += len(part)
            heavy += len(part) * is_heavy
        size = sizes.most_common(1)[0][0] or 1
        x, y, last = seen[0][0], seen[0][1], seen[-1]
        edge = last[0] + _width(last[-1], size)
        return Printed(self.page, self.width, x, y, edge, size, heavy * 2 > sizes.total(), words)


def _is_heavy(font):
    described = font.get("/FontDescriptor")
    name = font.get("/BaseFont") or (described.get_object().get("/FontName", "") if described is not None else "")
    return bool(HEAVY.search(str(name)))


def _written(text):
    """The letters meant: radicals that stand for their Hanzi, a bullet of a symbol font as a bullet."""
    text = RADICAL.sub(lambda found: normalize("NFKC", found[0]), text.translate(MEANT_BY))
    return PRIVATE.sub("• ", text.replace("\0", ""))


def _width(text, size):
    return size * sum(1 if WIDE.match(character) else 0.5 for character in text.rstrip())


def _furniture(pages):
    """The ids of the lines that are a page's number, or its head or foot: the same on half the pages, figures apart."""
    edges = [line for page in pages for line in _edge(page)]
    counted = Counter(_shape(line) for line in edges)
    enough = max(2, len(pages) / 2)
    repeated = {id(line) for line in edges if counted[_shape(line)] >= enough and len(line.text) <= HEADING}
    return repeated | {id(line) for line in edges if PAGE_NUMBER.fullmatch(line.text)}


def _edge(page):
    heights = sorted({line.at for line in page}, reverse=True)
    ends = {*heights[:EDGE], *heights[-EDGE:]}
    return [line for line in page if line.at in ends]


def _shape(line):
    return re.sub(r"\d+", "0", line.text), round(line.at / 4), round(line.size)


def _paragraphs(lines):
    """Texts of whole paragraphs; headings, by their size or their weight, carry Markdown's marks."""
    if not lines:
        return []
    type_ = _Type(lines)
    groups = []
    for line in lines:
        if groups and type_.goes_on(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [type_.paragraph(group) for group in groups]


class _Type:
    """How a document is set: its body's size and weight, its right edge, the height of a line."""

    def __init__(self, lines):
        sizes, heavy = Counter(), 0
        for line in lines:
            sizes[line.size] += len(line.text)
            heavy += len(line.text) * line.heavy
        self.body = sizes.most_common(1)[0][0]
        self.heavy = heavy * 2 > sizes.total()
        self.levels = sorted((size for size in sizes if size > self.body * LARGER), reverse=True)
        reached = sorted(line.edge for line in lines if abs(line.size - self.body) < 0.5)
        self.edge = max(reached[int(len(reached) * 0.98)], LEAST_EDGE * max(line.width for line in lines))
        pairs = [(above, below) for above, below in pairwise(lines) if above.page == below.page]
        gaps = Counter(round(above.at - below.at) for above, below in pairs)
        self.gap = min((gap for gap, _ in gaps.most_common(3) if gap > 0), default=0)

    def goes_on(self, group, line):
        """Does this printed line belong to the paragraph above?"""
        above = group[-1]
        if abs(line.size - above.size) > 0.6 or line.heavy != above.heavy or MARKER.match(line.text):
            return False
        next_piece = TOGETHER.match(line.text)[0]
        spare = 0.5 if above.text.endswith(tuple(SENTENCE_END)) else 2.5
        if above.edge + _width(next_piece, line.size) < self.edge - spare * line.size:
            return False  # there was room: the line ended of itself
        if line.page == above.page and self.gap and above.at - line.at > 1.6 * self.gap:
            return False
        deeper = line.x > above.x + 0.8 * line.size
        return not deeper or bool(MARKER.match(group[0].text))

    def paragraph(self, group):
        words = joined_lines([line.text for line in group])
        level = self.level(group[0])
        ends = words.endswith(tuple(SENTENCE_END)) or ARTICLE.match(words)
        return words if not level or len(words) > HEADING or ends else f"{'#' * level} {words}"

    def level(self, line):
        """1 to 6 of a line that is set as a heading, else 0."""
        if line.size in self.levels:
            return min(6, self.levels.index(line.size) + 1)
        return min(6, len(self.levels) + 1) if line.heavy and not self.heavy else 0
