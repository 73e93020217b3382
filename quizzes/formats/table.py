"""Rows of a table, one question each, under headers in any order and spelling. Pure."""

import csv
import io
import re

from quizzes.formats.raw import Raw, Read, Trouble, Unreadable, _
from quizzes.formats.row import said_of
from quizzes.formats.vocabulary import codes_of, field_of, folded, type_of

MOST_ROWS = 20_000
COMMENT = re.compile(
    r"(?:#|//|(?:填写|使用|示例|格式)?(?:说明|注意|备注|注|提示|要求)[:：]|note[:：]|示例[:：])", re.IGNORECASE
)
EXAMPLES = re.compile(r"示例|样例|例题|examples?\b", re.IGNORECASE)
TYPE_HEAD = re.compile(r"^[一二三四五六七八九十]+、")
LETTER = re.compile(r"(?:选项)?[A-Za-z]")


def rows_of_csv(text):
    """[[cell]] of a text parted by commas, tabs or semicolons: what the first lines have most of."""
    first = "\n".join(text.splitlines()[:5])
    mark = max("\t,;", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error:
        raise Unreadable(_("A quotation mark in the table is not closed, or a cell is far too long.")) from None


def read_rows(sheets, *, format, mapping=None):
    """Read of [(sheet, rows of words)]. mapping: {header: field, or "" to leave it out} beats what a header means.
    Sheets without such headers are left alone where another has them. Rows count from 1 in each sheet."""
    tables = [_Table(name, rows, mapping or {}, many=len(sheets) > 1) for name, rows in sheets]
    tables = [table for table in tables if not EXAMPLES.match(table.title) or not any(map(_filled, tables))]
    found = [table for table in tables if table.reads("stem")] or [table for table in tables if table.columns][:1]
    if sum(len(table.rows) for table in found) > MOST_ROWS:
        raise Unreadable(_("The table has more than {most} rows: split it."), most=MOST_ROWS)
    raws = [raw for table in found if table.reads("stem") for raw in table.raws()]
    headers = list(dict.fromkeys(pair for table in found for pair in table.headers()))
    at = {key: header for table in reversed(found) for key, header in table.printed().items()}
    return Read(format, raws, headers, at)


def _filled(table):
    """Does a sheet hold questions, and is it not that of the examples?"""
    return table.reads("stem") and not EXAMPLES.match(table.title) and next(table.raws(), None) is not None


class _Table:
    def __init__(self, name, rows, mapping, *, many):
        self.title, self.name, self.rows, self.mapping, self.many = name, name if many else "", rows, mapping, many
        self.first = next((at for at, row in enumerate(rows) if self._is_header(row)), None)
        if self.first is None:
            self.first = next((at for at, row in enumerate(rows) if sum(map(bool, row)) > 1), None)
        self.columns = [] if self.first is None else self._columns()
        self.by_field = {}
        for place, (_header, field, language) in enumerate(self.columns):
            self.by_field.setdefault((field, language), place)
        self.codes = {} if ("type", "") not in self.by_field else codes_of(self._header("type"))

    def _field(self, header):
        if header in self.mapping:
            return self.mapping[header].partition(".")[::2]
        return field_of(header)

    def _is_header(self, row):
        fields = [self._field(cell)[0] for cell in row if cell and len(cell) < 60]
        known = {field for field in fields if field}
        return "stem" in known and (len(known) > 1 or sum(map(bool, row)) == 1)

    def _columns(self):
        """[(header, field, language)]. A second header row under merged cells, as A B C D under 选项, is read with the
        first."""
        row, self.body = list(self.rows[self.first]), self.first + 1
        under = self.rows[self.body] if self.body < len(self.rows) else []
        if self._goes_on(row, under):
            self.body += 1
            row = [
                _joined(above, below) for above, below in zip(_spread(row, under), _as_long(under, row), strict=True)
            ]
        twice = next((cell for cell in row if cell and row.count(cell) > 1), None)
        if twice:
            places = [str(at) for at, cell in enumerate(row, start=1) if cell == twice]
            raise Unreadable(
                _("The header {header} stands twice, in columns {places}: take one out or rename it."),
                header=twice[:60],
                places=", ".join(places),
            )
        return [(cell, *(self._field(cell) if cell else ("", ""))) for cell in row]

    def _goes_on(self, row, under):
        stem = next((at for at, cell in enumerate(row) if self._field(cell)[0] == "stem"), None)
        told = [(at, cell) for at, cell in enumerate(under) if cell]
        if stem is None or not told or (stem < len(under) and under[stem] and under[stem] != row[stem]):
            return False
        return sum(bool(LETTER.fullmatch(cell)) for _at, cell in told) > 1 or all(
            at < len(row) and not row[at] and self._field(cell)[0] for at, cell in told
        )

    def reads(self, field):
        return any(found == field for _header, found, _language in self.columns)

    def _header(self, field):
        return next((header for header, found, _language in self.columns if found == field), "")

    def headers(self):
        return [(header, field) for header, field, _language in self.columns if header]

    def printed(self):
        """{field, or field.language: header}"""
        return {
            f"{field}.{language}" if language else field: header
            for header, field, language in reversed(self.columns)
            if field
        }

    def raws(self):
        kind = ""
        for at, row in enumerate(self.rows[self.body :], start=self.body + 1):
            if not any(row) or self._is_comment(row) or self._is_header(row):
                continue
            told = [cell for cell in row if cell]
            if len(told) == 1 and (found := type_of(TYPE_HEAD.sub("", told[0]).split("（")[0])):
                kind = found
            else:
                yield self._raw(at, row, kind)

    def _is_comment(self, row):
        first = next(cell for cell in row if cell)
        return bool(COMMENT.match(first)) and (first.startswith(("#", "//")) or sum(map(bool, row)) == 1)

    def _raw(self, at, row, kind):
        told = {key: row[place] for key, place in self.by_field.items() if key[0] and place < len(row) and row[place]}
        if kind and ("type", "") not in told:
            told["type", ""] = kind
        said, problems, notes = said_of(told, codes=self.codes, numbered=self._numbered())
        name = f"{self.name} {at}".strip() if self.many else ""
        return Raw(at, name, said, tuple(self._at(problems)), tuple(self._at(notes)))

    def _numbered(self):
        """Do the headers of the options have numbers?"""
        return any(field.startswith("option") and re.search(r"\d", header) for header, field, _language in self.columns)

    def _at(self, troubles):
        printed = self.printed()
        return [Trouble(printed.get(each.field, each.field), each.sentence, each.values) for each in troubles]


def _spread(row, under):
    """The first header row with what stands in a merged cell repeated over the cells below it."""
    row, last = _as_long(row, under), ""
    found = []
    for above, below in zip(row, _as_long(under, row), strict=True):
        last = above or (last if below else "")
        found.append(last)
    return found


def _joined(above, below):
    if not below or folded(above) == folded(below):
        return above
    return below if field_of(below)[0] and not LETTER.fullmatch(below) else f"{above}{below}"


def _as_long(row, other):
    return [*row, *[""] * (len(other) - len(row))]
