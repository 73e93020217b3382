"""Bytes of a document to text, or a refusal with a sentence."""

import re
from collections import Counter

MAX_BYTES = 10_000_000

SENTENCES = {
    "empty": "The file is empty: choose a file with text in it.",
    "binary": (
        "This is not a text file but {found}: save the document as plain text or Markdown and choose that file."
    ),
    "encoding": (
        "The text is in none of UTF-8, UTF-16, GB18030 and Big5: save it as UTF-8 in an editor and choose it again."
    ),
    "too_large": "The file has {size} bytes, and {limit} is the limit: split the document and import its parts.",
    "no_clauses": (
        "No clause was found, all {lines} lines are headings or were skipped: put each rule on a line of its own."
    ),
    "broken_office": "This cannot be opened as a Word or Excel file: open it in its program, save it again, choose it.",
    "no_columns": (
        "No column holds the clauses; the headers are {headers}. Call the column 条款 or Clause, "
        "and the one beside it 编号 or Number."
    ),
    "locked_office": "The file is protected by a password: save it without one and choose it again.",
    "office_too_large": "Unpacked, the file is more than 50 MB: take out pictures, or split the document.",
    "broken_pdf": "This cannot be opened as a PDF: open it in its program, save it as PDF again, choose it.",
    "locked_pdf": "The PDF is protected by a password: save it without one and choose it again.",
    "pdf_pictures": (
        "This PDF holds pictures of pages ({pages}) and no text: import the file it was made from, or have its text "
        "recognised first."
    ),
    "pdf_letters": (
        "The letters of this PDF cannot be told from their shapes: import the Word file it was made from, or save it "
        "as PDF again with its fonts."
    ),
    "pdf_too_long": "The PDF has {pages} pages, and {limit} is the limit: split it and import its parts.",
    "pdf_too_slow": (
        "Reading the PDF took more than {seconds} seconds, {pages} pages were read: split it, or import the Word file."
    ),
    "bad_slug": "{slug} is no short name: use Latin letters, digits and hyphens only, such as hospital-front-desk.",
    "too_many_of_a_kind": (
        "More than 9,999 clauses of one kind in one standard: split the document into standards of their own."
    ),
    "would_lose": (
        "The draft of {slug} has {lost} reviewed clauses that this document does not have as they were ({keys}): "
        "replace the draft, or keep it."
    ),
    "key_twice": "Line {line}: key [{key}] stands on line {first} already: give each clause a key of its own.",
    "key_of_another": (
        "Line {line}: key [{key}] belongs to the standard {slug}: import into that standard, or print another key."
    ),
}


HANZI = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
KANA = re.compile("[\u3040-\u30ff]")
STRAY_HANZI = re.compile("(?<=[a-z])[\u3400-\u9fff](?![^\x00-\x7f])")


class Refused(Exception):
    """A file that cannot be imported: str() an English sentence, `code` one of SENTENCES, `params` its values."""

    def __init__(self, code, **params):
        super().__init__(SENTENCES[code].format(**params))
        self.code = code
        self.params = params


MAGIC = {
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"%PDF": "a PDF",
    b"{\\rtf": "a rich text file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"Rar!": "a compressed file",
    b"7z\xbc\xaf": "a compressed file",
}
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r")) + b"\x7f"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
DOUBLE_BYTE = (("gb18030", "gb18030"), ("big5", "big5hkscs"))
ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5")
ISO_2022 = b"\x1b$"


def decode(data):
    """(text, one of ENCODINGS) of a file's bytes. Raises Refused: too_large, empty, binary, encoding."""
    if len(data) > MAX_BYTES:
        raise Refused("too_large", size=len(data), limit=MAX_BYTES)
    if not data.strip():
        raise Refused("empty")
    _refuse_files(data)
    if ISO_2022 in data:
        raise Refused("encoding")
    found = _utf16(data)
    if not found:
        _refuse_binary(data)
        found = _utf8(data) or _double_byte(data)
    if not found[0].strip():
        raise Refused("empty")
    return found


def _refuse_files(data):
    found = next((name for magic, name in MAGIC.items() if data.startswith(magic)), "")
    if found:
        raise Refused("binary", found=found)


def _refuse_binary(data):
    controls = len(data) - len(data.translate(None, CONTROLS))
    if b"\0" in data or controls * 20 > len(data):
        raise Refused("binary", found="binary data")


def _utf8(data):
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return None


def _utf16(data):
    """With a byte order mark, or where the bytes read as nothing but text: Notepad's "Unicode"."""
    if not data.startswith(UTF16) and (b"\0" not in data or len(data) % 2):
        return None
    for codec in ("utf-16",) if data.startswith(UTF16) else ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if share_of_text(text) > 0.95:
            return text, "utf-16"
    if data.startswith(UTF16):
        raise Refused("encoding")
    return None


def share_of_text(text):
    """How much of a text is what Chinese and English texts are made of, 0 to 1."""
    usual = sum(character in "\t\n\r" or " " <= character < "\x7f" or _usual(character) for character in text)
    return usual / len(text) if text else 0


def _double_byte(data):
    """GB18030 or Big5: whichever of them reads as Chinese, the likelier of both."""
    found = [(text, name) for name, codec in DOUBLE_BYTE for text in _decoded(data, codec)]
    read = [(text, name) for text, name in found if not _garbled(text)]
    if not read or any(name == "gb18030" and len(KANA.findall(text)) * 5 > len(text) for text, name in found):  # EUC-JP
        raise Refused("encoding")
    return max(read, key=lambda pair: share_of_text(pair[0]))


def _decoded(data, codec):
    try:
        yield data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return


def _garbled(text):
    """Almost any bytes decode as GB18030 or Big5, so the result must also look like Chinese.

    Shift-JIS and random bytes land on rare characters and private use; a Latin-1 accent swallows
    the letter after it and leaves one Hanzi inside a Latin word.
    """
    foreign = Counter(character for character in text if character > "\x7f")
    usual = sum(count for character, count in foreign.items() if _usual(character))
    if usual < 0.7 * foreign.total():
        return True
    hanzi = sum(count for character, count in foreign.items() if HANZI.match(character))
    return len(STRAY_HANZI.findall(text)) * 2 > hanzi


def _usual(character):
    """Is it punctuation or one of the 3755 first-level Hanzi of GB 2312, or a first-level Hanzi of Big5?"""
    lead = character.encode("gb2312", "ignore")[:1]
    if b"\xa1" <= lead <= b"\xa3" or b"\xb0" <= lead <= b"\xd7":
        return True
    return bool(HANZI.match(character)) and b"\xa4" <= character.encode("big5", "ignore")[:1] <= b"\xc6"
