"""A file of questions in any form trainers have, taken apart. What it is, its bytes say. Pure but for the reader of
Excel."""

import re

from quizzes.formats.aiken import read_aiken
from quizzes.formats.gift import questions, read_gift
from quizzes.formats.moodlexml import read_moodlexml
from quizzes.formats.raw import Read, Unreadable, _
from quizzes.formats.table import read_rows, rows_of_csv
from quizzes.formats.text import read_text
from quizzes.formats.vocabulary import field_of
from standards.formats.decoding import MAX_BYTES, Refused, decode
from standards.formats.docx import lines_of_docx
from standards.formats.sheet import sheets_of
from standards.formats.zipped import unzipped

FORMATS = ("auto", "xlsx", "csv", "text", "gift", "aiken", "moodlexml")
SUFFIXES = (".xlsx", ".csv", ".tsv", ".docx", ".txt", ".gift", ".xml")
ZIP = b"PK\x03\x04"
AIKEN = re.compile(r"^ANSWER:\s*[A-Z]\s*$", re.MULTILINE)
GIFT = re.compile(
    r"(?<!\\)\{[^{}]*(?:[=~#]|\bT(?:RUE)?\b|\bF(?:ALSE)?\b)[^{}]*\}|^\$CATEGORY:|^::.+::|\{\s*\}", re.MULTILINE
)
WRONG_FORMAT = _("This is no file of the format {format}. Choose “auto”, or the format it has.")
BIG = _("The file has {size} bytes, and {limit} is the limit: split it.")
EMPTY = _("The file is empty: choose a file with questions in it.")
NOT_OFFICE = _("This is a zip file, but neither Word nor Excel.")
HEADERLESS = _("No row of the table holds headers. Call the columns 题干 and 答案, or Question and Answer.")


def read(name, data, format="auto", mapping=None):
    """Read of a file. Raises Unreadable or standards' Refused, both with a sentence."""
    if len(data) > MAX_BYTES:
        raise Unreadable(BIG, size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise Unreadable(EMPTY)
    if data.startswith(ZIP):
        return _office(data, format, mapping)
    if format == "moodlexml" or (format == "auto" and _is_xml(data)):
        return read_moodlexml(data)
    if format == "xlsx":
        raise Unreadable(WRONG_FORMAT, format=format)
    return _text(name, decode(data)[0], format, mapping)


def _is_xml(data):
    start = data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return start.startswith((b"<?xml", b"<quiz"))


def _office(data, format, mapping):
    names = unzipped(data).namelist()
    if "xl/workbook.xml" in names and format in ("auto", "xlsx"):
        sheets = [(name, [[_cell(cell) for cell in row] for row in rows]) for name, rows in sheets_of(data)]
        return _table(sheets, "xlsx", mapping)
    if "word/document.xml" in names and format in ("auto", "text", "gift", "aiken"):
        return _word(lines_of_docx(data), format, mapping)
    if not {"xl/workbook.xml", "word/document.xml"} & set(names):
        raise Unreadable(NOT_OFFICE)
    raise Unreadable(WRONG_FORMAT, format=format)


def _word(text, format, mapping):
    """A Word file holds questions as text, or a table of them."""
    rows = [line for line in text.splitlines() if line.startswith("|") and line.strip("|-")]
    table = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    if format == "auto" and any(_heads(row) for row in table):
        return _table([("", table)], "text", mapping)
    return _text("", text, "text" if format == "auto" else format, mapping)


def _heads(row):
    fields = {field_of(cell)[0] for cell in row if len(cell) < 40}
    return "stem" in fields and len(fields - {""}) > 1


def _text(name, text, format, mapping):
    if format == "auto":
        format = _format_of(name, text)
    if format == "csv":
        rows = [[cell.strip() for cell in row] for row in rows_of_csv(text)]
        return _table([("", rows)], "csv", mapping)
    return {"gift": read_gift, "aiken": read_aiken, "text": read_text}[format](text)


def _format_of(name, text):
    suffix = name.lower().rpartition(".")[2]
    if suffix in ("csv", "tsv"):
        return "csv"
    if suffix == "gift":
        return "gift"
    if any(_heads([cell.strip() for cell in row]) for row in rows_of_csv("\n".join(text.splitlines()[:5]))):
        return "csv"
    if AIKEN.search(text):
        return "aiken"
    if GIFT.search(text) and any(each["type"] not in ("Description", "Category", "Broken") for each in questions(text)):
        return "gift"
    return "text"


def _table(sheets, format, mapping):
    read = read_rows(sheets, format=format, mapping=mapping)
    if not read.headers:
        raise Unreadable(HEADERLESS)
    return read


def _cell(cell):
    """A cell as it reads; a line break stays, as lists of blanks and criteria have them."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(cell).replace("\r\n", "\n").replace("_x000D_", "").strip()


__all__ = ["FORMATS", "Read", "Refused", "Unreadable", "read"]
