"""HTML of a question to plain text with Markdown's marks; its pictures are told by name. Pure."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

LINES = {"p", "div", "br", "tr", "li", "ul", "ol", "table", "pre", "blockquote", "hr", *(f"h{n}" for n in range(1, 7))}
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
UNREAD = {"script", "style", "head", "template", "noscript", "svg", "object", "iframe"}
TAG = re.compile(r"<[a-zA-Z/!][^>]*>")


def plain(words, *, placed=False):
    """(text, [(file name, alt)] of its pictures). A picture leaves its words; `placed` it is ![words](image:name)."""
    if not TAG.search(words):
        return unescape(words).strip(), []
    reader = _Reader(placed)
    reader.feed(words)
    reader.close()
    return reader.text(), reader.pictures


class _Reader(HTMLParser):
    def __init__(self, placed):
        super().__init__(convert_charrefs=True)
        self.placed = placed
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
        shown = f"![{alt}](image:{name})" if self.placed else alt
        self.words.append(f" {shown} " if shown else "")

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
