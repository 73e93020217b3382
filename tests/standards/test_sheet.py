"""An Excel sheet with one clause a row, under headers as offices write them."""

import pytest

from standards.formats.decoding import Refused
from standards.formats.sheet import read_sheets
from tests.standards.office import excel, zipped


def clauses(*rows, **sheets):
    return read_sheets(excel(**sheets) if sheets else excel(Sheet1=rows)).clauses


def test_each_row_is_a_clause():
    rows = clauses(
        ["编号", "章节", "服务标准", "英文", "类别", "级别", "适用岗位"],
        [1, "见面", "先问好。", "Greet first.", "用语", "重要", "导医、收费员"],
        [2, None, "双手接过处方。", None, "举止", "一般", None],
    )
    assert [(row["number"], row["heading"], row["text"], row["kind"], row["weight"], row["roles"]) for row in rows] == [
        ("1", ["见面"], {"zh": "先问好。", "en": "Greet first."}, "language", "important", ["导医", "收费员"]),
        ("2", ["见面"], {"zh": "双手接过处方。"}, "manner", "general", []),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        ["No.", "Clause"], ["Requirement", "Role"], ["序号", "条款内容"], ["条款编码", "条文"], ["Text", "Weight"],
        ["部分", "规范 "], ["标准：", "岗位"], ["内容"],
    ],
)  # fmt: skip
def test_headers_are_known_in_both_languages_and_any_order(headers):
    assert len(clauses(headers, ["Say hello."] * len(headers))) == 1


def test_rows_above_the_headers_are_left_out_with_the_reason():
    parsed = read_sheets(excel(Sheet1=[["某医院服务标准"], [None], ["编号", "条款"], ["1", "先问好。"]]))
    assert [(row["line"], row["text"], row["reason"]) for row in parsed.skipped] == [
        (1, "某医院服务标准", "above the headers"),
        (3, "编号 | 条款", "table header"),
    ]
    assert (parsed.lines, parsed.clauses[0]["line"]) == (3, 4)


def test_a_row_with_one_cell_alone_is_a_heading():
    parsed = read_sheets(excel(Sheet1=[["编号", "条款"], ["一、见面", None], [1, "先问好。"]]))
    assert (parsed.headings, parsed.clauses[0]["heading"]) == (
        [{"line": 2, "level": 2, "text": "一、见面"}],
        ["一、见面"],
    )


def test_sheets_are_headings_when_there_are_several():
    found = clauses(
        导医=[["条款", "编号"], ["先问好。", 1]], 收费=[["条款", "编号"], ["唱收唱付。", 1]], 说明=[["随便写写"]]
    )
    assert [(row["heading"], row["line"]) for row in found] == [(["导医"], 2), (["收费"], 4)]


def test_a_printed_key_is_kept():
    rows = clauses(
        ["条款编码", "条款"], ["FD-LANG-002", "先问好。"], ["[FD-LANG-003]", "再问好。"], ["第三条", "送客。"]
    )
    assert [(row["key"], row["number"]) for row in rows] == [("FD-LANG-002", ""), ("FD-LANG-003", ""), ("", "第三条")]


def test_a_sheet_without_clauses_says_which_headers_it_has():
    with pytest.raises(Refused, match="姓名, 工号"):
        clauses(["姓名", "工号"], ["王敏", "W001"])


@pytest.mark.parametrize("data", [b"PK\x03\x04", zipped({"a": "b"}), zipped({"xl/workbook.xml": "<x"})])
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(Refused, match="Word or Excel"):
        read_sheets(data)
