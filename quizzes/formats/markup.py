"""HTML of a question to plain text with Markdown's marks; its pictures are told by name. Pure."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

LINES = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote", "hr"}
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
UNREAD = {"script", "style", "head", "template", "noscript", "svg", "object", "iframe"}
TAG = re.compile(r"<[a-zA-Z/!][^>]*>")


def plain(words):
    """(text, [(file name, alt)] of its pictures)."""
    if not TAG.search(words):
        return unescape(words).strip(), []
    reader = _Reader()
    reader.feed(words)
    reader.close()
    return reader.text(), reader.pictures


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.words, self.pictures, self.unread, self.kept = [], [], 0, 0

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag in UNREAD:
            self.unread += 1
        elif tag == "img":
            self._picture(told)
        elif tag in LINES:
            self.words.append("\n- " if tag == "li" else "\n")
            self.kept += tag == "pre"
        elif tag in MARKS:
            self.words.append(MARKS[tag])
        elif tag in ("td", "th"):
            self.words.append(" ")

    def _picture(self, told):
        name = unquote((told.get("src") or "").rpartition("/")[2])
        alt = (told.get("alt") or "").strip()
        self.pictures.append((name, alt))
        self.words.append(f" {alt} " if alt else "")

    def handle_endtag(self, tag):
        if tag in UNREAD:
            self.unread = max(0, self.unread - 1)
        elif tag in LINES:
            self.words.append("\n")
            self.kept -= tag == "pre"
        elif tag in MARKS:
            self.words.append(MARKS[tag])

    def handle_data(self, data):
        if not self.unread:
            self.words.append(data if self.kept else re.sub(r"\s+", " ", data))

    def text(self):
        said = "".join(self.words).replace("****", "").replace("\xa0", " ")
        rows = [row.rstrip() if row.startswith("  ") else " ".join(row.split()) for row in said.split("\n")]
        return re.sub(r"\n{2,}", "\n", "\n".join(row for row in rows)).strip()
