"""Tables for spreadsheets: a cell is never taken for a formula."""

import csv
import io

import xlsxwriter

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def plain(words):
    """A cell that no spreadsheet takes for a formula."""
    return f"'{words}" if words.startswith(FORMULA) else words


class _Echo:
    def write(self, line):
        return line


def csv_lines(header, rows):
    """The lines of a CSV file that opens in Excel, one by one."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([plain(cell) if isinstance(cell, str) else cell for cell in row])


def write_xlsx(target, name, header, rows):
    """Writes one sheet to a path or a file, row by row: memory does not grow with the rows. Returns how many."""
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    )
    sheet, bold, count = book.add_worksheet(name[:31]), book.add_format({"bold": True}), 0
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, bold)
    for count, row in enumerate(rows, start=1):
        sheet.write_row(count, 0, row)
    sheet.autofilter(0, 0, count, max(0, len(header) - 1))
    book.close()
    return count


def xlsx_bytes(name, header, rows):
    """A small sheet in memory."""
    target = io.BytesIO()
    write_xlsx(target, name, header, rows)
    return target.getvalue()
