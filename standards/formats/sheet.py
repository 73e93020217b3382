"""Excel sheets, one clause a row, under headers as offices write them."""

import io
import re
from itertools import chain

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from standards.formats.decoding import HANZI, Refused
from standards.formats.text import Parsed, shortened
from standards.formats.wording import KEY
from standards.formats.zipped import unzipped

MAX_ROWS = 50_000
# What a column holds, by the words its header may have; the first that fits wins.
HEADERS = {
    "key": r"条款编码|条款标识|编码|标识|clause ?(?:id|key|code)|key|code|id",
    "number": r"条款号|条款编号|条号|编号|序号|项号|no\.?|number|clause ?(?:no\.?|number)|#",
    "en": r"(?:条款|条文|内容|标准)?[(（]?(?:英文|英语|english|en)[)）]?|english ?(?:text|wording)?|text[ _]en",
    "text": (
        r"条款|条款内容|条文|条文内容|内容|规范|规范内容|服务规范|服务标准|标准|标准内容|要求|服务要求|具体要求|细则"
        r"|(?:条款|条文|内容)?[(（]?中文[)）]?|clause|text|wording|requirement|standard|rule|content|chinese|text[ _]zh"
    ),
    "kind": r"类别|类型|种类|条款类别|条款类型|kind|type|category",
    "weight": r"级别|等级|重要性|重要程度|权重|红线|weight|level|severity|importance",
    "roles": r"岗位|适用岗位|适用对象|角色|职位|job ?roles?|roles?|post|position",
    "heading": r"章|章节|章节名称|模块|分类|部分|标题|大类|一级标题|section|chapter|heading|module|part",
    "heading2": r"节|小节|子类|小类|二级标题|项目|subsection|sub-?heading",
}
HEADERS = {name: re.compile(rf"(?:{pattern})$", re.IGNORECASE) for name, pattern in HEADERS.items()}
KINDS = {
    "appearance": ("仪容仪表", "仪表", "形象", "着装", "appearance"),
    "manner": ("举止", "行为", "礼仪", "manner", "manners"),
    "language": ("用语", "语言", "话术", "language"),
    "attitude": ("态度", "attitude"),
    "procedure": ("流程", "程序", "步骤", "procedure", "process"),
    "time_limit": ("时限", "时效", "期限", "time limit", "time_limit"),
    "duty": ("职责", "责任", "duty"),
    "prohibition": ("禁止", "禁止事项", "禁忌", "禁语", "prohibition", "forbidden"),
    "metric": ("指标", "metric", "indicator"),
    "rule": ("规则", "制度", "rule"),
}
KINDS = {word: kind for kind, words in KINDS.items() for word in (kind, *words)}
WEIGHTS = {
    "general": ("一般", "普通", "低", "general", "normal", "low"),
    "important": ("重要", "中", "important", "medium"),
    "red_line": ("红线", "严重", "高", "是", "red line", "red_line", "high"),
}
WEIGHTS = {word: weight for weight, words in WEIGHTS.items() for word in words}
SEPARATORS = re.compile(r"[、,，;；/|\n]+")
KEY = re.compile(KEY.replace(r"\[", r"\[?").replace(r"\]", r"\]?") + "$")


def read_sheets(data):
    """Parsed of an Excel file. Lines count the rows of all sheets one after the other, from 1; rows above the headers
    and rows without a text are left out with the reason. Raises Refused: broken_office, locked_office, no_columns."""
    sheets = sheets_of(data)
    reader = _Reader(many=len(sheets) > 1)
    for name, rows in sheets:
        reader.sheet(name, rows)
    if not reader.columns_found:
        raise Refused("no_columns", headers=", ".join(reader.seen[:8]) or "–")
    return Parsed({}, reader.lines, reader.headings, reader.clauses, reader.skipped)


def lines_of_sheets(data):
    """The rows of all sheets as lines; an empty row is an empty line. Raises Refused."""
    rows = chain.from_iterable(rows for _, rows in sheets_of(data))
    return [" | ".join(filter(None, map(_word, row))) for row in rows]


def sheets_of(data):
    """[(name, rows)] of the sheets that are not hidden."""
    unzipped(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [each for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        return [(each.name, book.get_sheet_by_name(each.name).to_python(skip_empty_area=False)) for each in shown]
    except (CalamineError, OSError, ValueError):
        raise Refused("broken_office") from None


class _Reader:
    def __init__(self, *, many):
        self.many = many
        self.at = self.lines = 0
        self.columns_found = False
        self.seen = []
        self.headings, self.clauses, self.skipped = [], [], []

    def sheet(self, name, rows):
        self.columns, self.path = None, []
        for row in rows:
            self.at += 1
            cells = [_word(cell) for cell in row]
            if any(cells):
                self.lines += 1
                self.row(name, cells)

    def row(self, name, cells):
        if self.columns is None:
            self.columns = _columns(cells)
            self.seen += [cell for cell in cells if cell]
            self.columns_found = self.columns_found or self.columns is not None
            return self.skip(cells, "table header" if self.columns else "above the headers")
        found = {name: cells[at] for name, at in self.columns.items() if at < len(cells)}
        self.follow(found)
        words = self.words(found)
        if not words:
            return self.heading_or_skip(cells, found)
        key = KEY.match(found.get("key", ""))
        self.clauses.append(
            {
                "line": self.at,
                "lines": [self.at, self.at],
                "number": found.get("number", "") or ("" if key else found.get("key", "")),
                "key": key[1] if key else "",
                "heading": [shortened(text) for text in ([name] if self.many else []) + self.path],
                "weight": WEIGHTS.get(found.get("weight", "").casefold(), ""),
                "kind": KINDS.get(found.get("kind", "").casefold(), ""),
                "roles": [role for role in SEPARATORS.split(found.get("roles", "")) if role.strip()],
                "text": words,
            }
        )
        return None

    def follow(self, found):
        """A merged heading cell stands in its first row only: the rows below are under it too."""
        if found.get("heading"):
            self.path = [found["heading"]]
        if found.get("heading2"):
            self.path = [*self.path[:1], found["heading2"]]

    def words(self, found):
        text, english = found.get("text", ""), found.get("en", "")
        if text and not english:
            return {"zh" if HANZI.search(text) else "en": text}
        return {name: words for name, words in (("zh", text), ("en", english)) if words}

    def heading_or_skip(self, cells, found):
        alone = [cell for cell in cells if cell]
        if len(alone) == 1 and (found.get("heading") or found.get("heading2") or cells[0]):
            self.path = [alone[0]]
            return self.headings.append({"line": self.at, "level": 2, "text": alone[0]})
        return self.skip(cells, "no words")

    def skip(self, cells, reason):
        self.skipped.append({"line": self.at, "text": " | ".join(cell for cell in cells if cell), "reason": reason})


def _word(cell):
    """A cell as it reads: whole numbers without ".0", one space for white space."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split()) if cell is not None else ""


def _columns(cells):
    """{what: place} when a row is a header row: a column for the words, and one more that is known."""
    found = {}
    for place, cell in enumerate(cells):
        name = next((name for name, pattern in HEADERS.items() if pattern.match(cell.strip(" *：:"))), None)
        if name and name not in found:
            found[name] = place
    has_words = "text" in found or "en" in found
    return found if has_words and (len(found) > 1 or sum(map(bool, cells)) == 1) else None
