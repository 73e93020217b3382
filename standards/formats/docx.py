"""Word documents (.docx) to lines of plain text with Markdown's marks, the automatic numbers written out.

Read here and not by a library, because the numbers that Word counts by itself (第三条, 3.2, （一）) are the
clause's numbers, and none we tried keeps them (docs/decisions/0029).
"""

import re
from collections import defaultdict
from xml.etree import ElementTree

from standards.formats.decoding import Refused
from standards.formats.zipped import member, unzipped

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADING = re.compile(r"(?:heading|标题)\s*([1-6])$", re.IGNORECASE)
TITLE = re.compile(r"(?:title|标题)$", re.IGNORECASE)
BREAKS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}
# Text that is not read: deleted in a tracked change, a field's code, the note of a picture.
UNREAD = {f"{W}del", f"{W}instrText", f"{W}drawing", f"{W}pict", f"{W}object", f"{W}footnoteReference"}
DEEPEST = 9
PLAIN = ("decimal", "", 1, False)


def lines_of_docx(data):
    """The text of a Word document, a paragraph or a table row a line. Raises Refused."""
    archive = unzipped(data)
    body = _tree(member(archive, "word/document.xml"))
    if body is None:
        raise Refused("broken_office")
    styles = _Styles(_tree(member(archive, "word/styles.xml")))
    numbers = _Numbering(_tree(member(archive, "word/numbering.xml")))
    lines = []
    for block in _blocks(body.find(f"{W}body")):
        lines += _table(block) if block.tag == f"{W}tbl" else _paragraph(block, styles, numbers)
    return "\n".join(lines)


def _tree(xml):
    try:
        return ElementTree.fromstring(xml) if xml else None  # noqa: S314  expat refuses what amplifies
    except (ElementTree.ParseError, ValueError, RecursionError):
        raise Refused("broken_office") from None


def _blocks(parent):
    """Paragraphs and tables in order, content controls and tracked insertions opened."""
    for child in parent if parent is not None else ():
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag"):
            yield from _blocks(child)


def _words(node):
    """The text below a node, in order."""
    found = []
    todo = [node]
    while todo:
        each = todo.pop()
        if each.tag in UNREAD:
            continue
        if each.tag == f"{W}t":
            found.append(each.text or "")
        elif each.tag in BREAKS:
            found.append(BREAKS[each.tag])
        else:
            todo += reversed(each)
    return " ".join("".join(found).split())


def _paragraph(node, styles, numbers):
    words = _words(node)
    properties = node.find(f"{W}pPr")
    style = styles.of(properties)
    number, level, bullet = numbers.of(properties, style)
    if not words:
        return []
    if style.level:
        return [f"{'#' * style.level} {number}{' ' if number else ''}{words}"]
    if bullet:
        return [f"{'  ' * level}- {words}"]
    return [f"{number}{'' if not number or number[-1] > '⺀' else ' '}{words}"]


def _table(node):
    """Rows as `| a | b |`; merged cells are read once. The first row is a header when Word repeats it as one."""
    lines = []
    for at, row in enumerate(node.findall(f"{W}tr")):
        cells = [_words(cell).replace("|", "\\|") for cell in row.findall(f"{W}tc")]
        if not any(cells):
            continue
        lines.append("| " + " | ".join(cells) + " |")
        if at == 0 and row.find(f"{W}trPr/{W}tblHeader") is not None:
            lines.append("|" + "---|" * len(cells))
    return lines


class _Style:
    def __init__(self, level=0, numbered=None):
        self.level, self.numbered = level, numbered  # heading level or 0; (numId, ilvl) or None


class _Styles:
    """Which styles are headings, and which carry a number."""

    def __init__(self, tree):
        self.rows = {row.get(f"{W}styleId"): row for row in (tree.findall(f"{W}style") if tree is not None else ())}
        self.known = {}

    def of(self, properties):
        found = properties.find(f"{W}pStyle") if properties is not None else None
        style = self.resolve(found.get(f"{W}val")) if found is not None else _Style()
        outline = properties.find(f"{W}outlineLvl") if properties is not None else None
        level = _int(outline, 9) if outline is not None else 9
        return _Style(level + 1, style.numbered) if not style.level and level < 6 else style

    def resolve(self, name, depth=0):
        """A style and what it inherits."""
        if name not in self.known:
            row = self.rows.get(name)
            base = row.find(f"{W}basedOn") if row is not None else None
            parent = self.resolve(base.get(f"{W}val"), depth + 1) if base is not None and depth < 20 else _Style()
            self.known[name] = self._own(name, row, parent)
        return self.known[name]

    def _own(self, name, row, parent):
        title = (
            row.find(f"{W}name").get(f"{W}val", "") if row is not None and row.find(f"{W}name") is not None else name
        )
        heading = HEADING.match(title or "")
        level = int(heading[1]) if heading else 1 if TITLE.match(title or "") else parent.level
        outline = row.find(f"{W}pPr/{W}outlineLvl") if row is not None else None
        if not level and outline is not None and _int(outline, 9) < 6:
            level = _int(outline, 9) + 1
        numbered = _number_of(row.find(f"{W}pPr")) if row is not None else None
        return _Style(level, numbered or parent.numbered)


def _int(node, default=0):
    value = node.get(f"{W}val", "") if node is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else default


def _number_of(properties):
    """(numId, level) of a paragraph's or a style's numbering, or None."""
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None
    number = found.find(f"{W}numId")
    return (_int(number), min(_int(found.find(f"{W}ilvl")), DEEPEST - 1)) if number is not None else None


class _Numbering:
    """The numbers Word counts by itself."""

    def __init__(self, tree):
        found = tree if tree is not None else ()
        shapes = {row.get(f"{W}abstractNumId"): _levels(row) for row in found if row.tag == f"{W}abstractNum"}
        self.shapes = {}
        for row in found:
            shape = row.find(f"{W}abstractNumId") if row.tag == f"{W}num" else None
            if shape is not None:
                self.shapes[row.get(f"{W}numId")] = (shape.get(f"{W}val"), shapes.get(shape.get(f"{W}val"), {}))
        self.counts = defaultdict(dict)

    def of(self, properties, style):
        """(number as printed or "", level, is a bullet) of the next paragraph."""
        own = _number_of(properties) or style.numbered
        if own is None or not own[0] or str(own[0]) not in self.shapes:
            return "", 0, False
        shape, levels = self.shapes[str(own[0])]
        level = own[1]
        counts = self.counts[shape]
        start = levels.get(level, PLAIN)[2]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        form, text, _start, legal = levels.get(level, (*PLAIN[:1], f"%{level + 1}.", *PLAIN[2:]))
        if form in ("bullet", "none"):
            return "", level, form == "bullet"
        return _printed(text, counts, levels, legal), level, False


def _levels(row):
    """{level: (number format, text such as "第%1条", first number, all its numbers in plain digits)}"""
    found = {}
    for level in row.findall(f"{W}lvl"):
        place = level.get(f"{W}ilvl", "")
        if place.isascii() and place.isdigit() and int(place) < DEEPEST:
            form, text, start = (level.find(f"{W}{name}") for name in ("numFmt", "lvlText", "start"))
            form = form.get(f"{W}val", "decimal") if form is not None else "decimal"
            text = text.get(f"{W}val", "") if text is not None else ""
            found[int(place)] = (form, text, _int(start, 1), level.find(f"{W}isLgl") is not None)
    return found


def _printed(text, counts, levels, legal):
    def one(match):
        level = int(match[1]) - 1
        form, _text, start, _legal = levels.get(level, PLAIN)
        return counted(counts.get(level, start), "decimal" if legal else form)

    return re.sub(r"%([1-9])", one, text)


DIGITS = "〇一二三四五六七八九"
CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting"}


def counted(number, form):
    """A number in a Word number format: 3, 三, c, III, ③."""
    if form in CHINESE:
        return _chinese(number)
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        return _roman(number).lower() if form == "lowerRoman" else _roman(number)
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    return f"{number:02}" if form == "decimalZero" else str(number)


def _chinese(number):
    if number >= 100:
        rest = number % 100
        tail = "" if not rest else ("零" if rest < 10 else "") + ("一" if 10 <= rest < 20 else "") + _chinese(rest)
        return f"{DIGITS[number // 100 % 10]}百{tail}" if number < 1000 else str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones or not tens else "")


def _roman(number):
    marks = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
             (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]  # fmt: skip
    found = ""
    for value, mark in marks:
        found += mark * (number // value)
        number %= value
    return found
