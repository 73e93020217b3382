"""A document in any form an office has, to the clauses in it."""

from standards.formats.decoding import MAX_BYTES, Refused, decode
from standards.formats.docx import lines_of_docx
from standards.formats.html import lines_of
from standards.formats.sheet import read_sheets
from standards.formats.text import parse, refuse_without_clauses
from standards.formats.zipped import unzipped

ZIP = b"PK\x03\x04"
SUFFIXES = (".md", ".txt", ".docx", ".xlsx", ".html", ".htm")
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "htm": "text/html",
}


def read(name, data):
    """(Parsed, how it was read) of a file: "docx", "xlsx" or the encoding of its text. What it is, its bytes say;
    the name decides only whether a text is HTML. Raises Refused, also when no clause is in it."""
    if len(data) > MAX_BYTES:
        raise Refused("too_large", size=len(data), limit=MAX_BYTES)
    parsed, how = _office(data) if data.startswith(ZIP) else _text(name, data)
    return refuse_without_clauses(parsed), how


def media_type(name, how):
    suffix = name.lower().rpartition(".")[2]
    return MEDIA_TYPES.get(how) or MEDIA_TYPES.get(suffix) or ("text/markdown" if suffix == "md" else "text/plain")


def _office(data):
    names = set(unzipped(data).namelist())
    if "word/document.xml" in names:
        return parse(lines_of_docx(data)), "docx"
    if "xl/workbook.xml" in names:
        return read_sheets(data), "xlsx"
    raise Refused("binary", found="a zip file")


def _text(name, data):
    text, encoding = decode(data)
    named = name.lower().endswith((".html", ".htm"))
    html = named or text.lstrip()[:20].lower().startswith(("<!doctype html", "<html"))
    return parse(lines_of(text) if html else text), encoding
