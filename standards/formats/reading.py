"""A document in any form an office has, to the clauses in it."""

from standards.formats.decoding import MAX_BYTES, Refused, decode
from standards.formats.docx import lines_of_docx
from standards.formats.html import lines_of
from standards.formats.pdf import text_of_pdf
from standards.formats.sheet import lines_of_sheets, read_sheets
from standards.formats.text import parse, refuse_without_clauses
from standards.formats.zipped import unzipped

ZIP, PDF = b"PK\x03\x04", b"%PDF"
SUFFIXES = (".md", ".txt", ".docx", ".xlsx", ".html", ".htm", ".pdf")
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html",
    "htm": "text/html",
}


def read(name, data):
    """(Parsed, how it was read) of a file: "docx", "xlsx", "pdf" or the encoding of its text. What it is, its bytes
    say; the name decides only whether a text is HTML. Raises Refused, also when no clause is in it."""
    if len(data) > MAX_BYTES:
        raise Refused("too_large", size=len(data), limit=MAX_BYTES)
    if _is_sheet(data):
        parsed, how = read_sheets(data), "xlsx"
    else:
        text, left, how = _text(name, data)
        parsed = parse(text, left)
    return refuse_without_clauses(parsed), how


def lines(name, data):
    """The lines of a file as read() counts them, the first is line 1. Raises Refused."""
    return lines_of_sheets(data) if _is_sheet(data) else _text(name, data)[0].splitlines()


def media_type(name, how):
    suffix = name.lower().rpartition(".")[2]
    return MEDIA_TYPES.get(how) or MEDIA_TYPES.get(suffix) or ("text/markdown" if suffix == "md" else "text/plain")


def _is_sheet(data):
    return data.startswith(ZIP) and "xl/workbook.xml" in unzipped(data).namelist()


def _text(name, data):
    """(text, {line: reason} of lines that are no clauses, how it was read)"""
    if data.startswith(PDF):
        return *text_of_pdf(data), "pdf"
    if data.startswith(ZIP):
        if "word/document.xml" not in unzipped(data).namelist():
            raise Refused("binary", found="a zip file")
        return lines_of_docx(data), {}, "docx"
    text, encoding = decode(data)
    named = name.lower().endswith((".html", ".htm"))
    html = named or text.lstrip()[:20].lower().startswith(("<!doctype html", "<html"))
    return lines_of(text) if html else text, {}, encoding
