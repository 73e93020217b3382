"""HTML to lines of plain text with Markdown's marks, as standards.formats.text reads them."""

from html.parser import HTMLParser

HEADINGS = {f"h{level}": level for level in range(1, 7)}
UNREAD = {"script", "style", "head", "template", "noscript", "svg", "nav"}
LISTS = {"ul", "ol"}
BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "dl",
    "dt",
    "dd",
    "table",
    "br",
    "hr",
    "address",
}
DEEPEST = 40


def lines_of(html):
    """The text of an HTML document, a block a line: `# heading`, `- item`, `1. item`, `| cell | cell |`, `> quote`.
    Markup that is not closed is closed where the block around it ends."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return "\n".join(reader.lines)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines, self.words = [], []
        self.mark = ""
        self.unread = 0
        self.lists = []  # [tag, number of the last item]
        self.quotes = 0
        self.row = None  # [(is a header cell, words)]

    def handle_starttag(self, tag, attributes):
        if tag in UNREAD:
            self.unread += 1
        elif tag in HEADINGS:
            self.end_line()
            self.mark = "#" * HEADINGS[tag] + " "
        elif tag in LISTS:
            self.end_line()
            start = dict(attributes).get("start") or "1"
            self.lists.append([tag, int(start) - 1 if start.isascii() and start.isdigit() and len(start) < 6 else 0])
        elif tag == "li":
            self.end_line()
            self.mark = self.item_mark()
        elif tag == "tr":
            self.end_line()
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self.end_cell()
            self.row.append([tag == "th", ""])
        elif tag == "blockquote":
            self.end_line()
            self.quotes += 1
        elif tag in BLOCKS and self.row is None:
            self.end_line()
        elif tag in BLOCKS:
            self.words.append(" ")

    def handle_endtag(self, tag):
        if tag in UNREAD:
            self.unread = max(0, self.unread - 1)
        elif tag in LISTS:
            self.end_line()
            if self.lists:
                self.lists.pop()
        elif tag == "tr":
            self.end_row()
        elif tag in ("td", "th"):
            self.end_cell()
        elif tag == "blockquote":
            self.end_line()
            self.quotes = max(0, self.quotes - 1)
        elif tag in HEADINGS or tag == "li" or (tag in BLOCKS and self.row is None):
            self.end_line()

    def handle_data(self, data):
        if not self.unread:
            self.words.append(data)

    def item_mark(self):
        if not self.lists:
            return "- "
        kind = self.lists[-1]
        kind[1] += 1
        indent = "  " * min(len(self.lists) - 1, DEEPEST)
        return f"{indent}{kind[1]}. " if kind[0] == "ol" else f"{indent}- "

    def taken(self):
        words, self.words = " ".join("".join(self.words).split()), []
        return words

    def end_line(self):
        if self.row is not None:
            return self.end_cell()
        words, mark = self.taken(), self.mark
        if words:
            self.lines.append(("> " * min(self.quotes, 1)) + mark + words)
            # What follows in the same item stands under it.
            self.mark = " " * len(mark) if mark and not mark.startswith("#") else ""
        return None

    def end_cell(self):
        words = self.taken()
        if self.row and words:
            self.row[-1][1] = f"{self.row[-1][1]} {words}".strip()

    def end_row(self):
        self.end_cell()
        row, self.row, self.mark = self.row or [], None, ""
        cells = [words.replace("|", "\\|") for _, words in row]
        if not any(cells):
            return
        self.lines.append("| " + " | ".join(cells) + " |")
        if all(head for head, _ in row):
            self.lines.append("|" + "---|" * len(cells))
