"""Excel files: the bank as a table, and the template that trainers fill in. Words are never read as formulas."""

import io

import xlsxwriter

from quizzes.formats.rowing import DIFFICULTIES, HEADERS, TYPES, row_of

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
WIDE = {"stem": 50, "stem.en": 50, "feedback": 40, "feedback.en": 40, "slug": 24, "clause": 18}
MOST = 32_000  # characters in a cell
ROWS = 500  # of the template that offer lists
NAMES = {"items": ("试题", "Items"), "examples": ("示例", "Examples"), "clauses": ("条款", "Clauses")}


def bank_workbook(entries, language):
    """(bytes, [slug of what is too long for a cell]) of [(slug, title, body)]."""
    stream, left = io.BytesIO(), []
    with xlsxwriter.Workbook(stream, SAFE) as book:
        sheet = _sheet(book, NAMES["items"], language)
        rows = [(slug, row_of(slug, title, body, language)) for slug, title, body in entries]
        left = [slug for slug, row in rows if any(len(str(words)) > MOST for words in row.values())]
        for at, row in enumerate((row for slug, row in rows if slug not in left), start=1):
            _write(sheet, at, row)
    return stream.getvalue(), left


def template_workbook(examples, clauses, notes, language):
    """bytes of the template. examples: [(slug, title, body)]; clauses: [(key, words)] in force; notes: {field: words}
    of the row of notes."""
    at, stream = 0 if language.startswith("zh") else 1, io.BytesIO()
    with xlsxwriter.Workbook(stream, SAFE) as book:
        sheet = _sheet(book, NAMES["items"], language)
        quiet = book.add_format({"italic": True, "font_color": "#6b6459", "text_wrap": True, "valign": "top"})
        _write(sheet, 1, notes, quiet)
        _offer(sheet, "type", [words[at] for words in TYPES.values()])
        _offer(sheet, "difficulty", [words[at] for words in DIFFICULTIES.values()])
        _offer(sheet, "credit", ["hits_minus_false", "all_or_nothing", "weights"])
        if clauses:
            column = list(HEADERS).index("clause")
            source = f"='{NAMES['clauses'][at]}'!$A$2:$A${len(clauses) + 1}"
            told = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(2, column, ROWS, column, told)
        shown = _sheet(book, NAMES["examples"], language)
        for place, (slug, title, body) in enumerate(examples, start=1):
            _write(shown, place, row_of(slug, title, body, language))
        _clauses(book, clauses, at)
    return stream.getvalue()


def _sheet(book, names, language):
    at = 0 if language.startswith("zh") else 1
    sheet = book.add_worksheet(names[at])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for column, (field, words) in enumerate(HEADERS.items()):
        sheet.write_string(0, column, words[at], bold)
        sheet.set_column(column, column, WIDE.get(field, 14))
    sheet.freeze_panes(1, 0)
    return sheet


def _write(sheet, at, row, format=None):
    for column, field in enumerate(HEADERS):
        value = row.get(field, "")
        if isinstance(value, int):
            sheet.write_number(at, column, value, format)
        elif value:
            sheet.write_string(at, column, value, format)


def _offer(sheet, field, words):
    column = list(HEADERS).index(field)
    sheet.data_validation(2, column, ROWS, column, {"validate": "list", "source": words, "error_type": "warning"})


def _clauses(book, clauses, at):
    sheet = book.add_worksheet(NAMES["clauses"][at])
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, words in enumerate((("条款编码", "条文"), ("Clause", "Words"))[at]):
        sheet.write_string(0, column, words, bold)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for place, (key, words) in enumerate(clauses, start=1):
        sheet.write_string(place, 0, key)
        sheet.write_string(place, 1, words[:MOST])
