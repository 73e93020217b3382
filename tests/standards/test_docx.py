"""A Word document is read with its headings, tables and the numbers that Word counts by itself."""

import pytest

from standards.formats.decoding import Refused
from standards.formats.docx import counted, lines_of_docx
from standards.formats.text import parse
from tests.standards.office import W, numbering, paragraph, table, word, zipped

ARTICLES = numbering(("chineseCountingThousand", "第%1条"), ("decimal", "%1.%2"), ("bullet", "•"))


def lines(*blocks, numbers=""):
    return lines_of_docx(word(*blocks, numbers=numbers)).splitlines()


def test_headings_and_paragraphs_are_lines():
    blocks = [paragraph("药房", style="1"), paragraph("见面", style="2"), paragraph("先问好。"), paragraph(" ")]
    assert lines(*blocks) == ["# 药房", "## 见面", "先问好。"]


def test_word_counts_the_articles():
    blocks = [paragraph("问好。", number=1), paragraph("让座。", number=1), paragraph("倒水。", number=1, level=1)]
    blocks += [
        paragraph("道别。", number=1),
        paragraph("送客。", number=1, level=1),
        paragraph("点。", number=1, level=2),
    ]
    assert lines(*blocks, numbers=ARTICLES) == [
        "第一条问好。", "第二条让座。", "2.1 倒水。", "第三条道别。", "3.1 送客。", "    - 点。",
    ]  # fmt: skip


def test_the_counted_number_is_the_clauses_number():
    text = lines_of_docx(word(paragraph("先问好。", number=1), paragraph("再让座。", number=1), numbers=ARTICLES))
    assert [(row["number"], row["text"]["zh"]) for row in parse(text).clauses] == [
        ("第一条", "先问好。"),
        ("第二条", "再让座。"),
    ]


def test_a_table_is_read_row_by_row():
    assert lines(table(["编号", "条款"], ["1", "先问|好。"])) == ["| 编号 | 条款 |", "|---|---|", "| 1 | 先问\\|好。 |"]
    assert lines(table(["1", "先问好。"], header=False)) == ["| 1 | 先问好。 |"]


def test_tracked_changes_are_read_as_accepted():
    inserted = "<w:ins><w:r><w:t>先</w:t></w:r></w:ins>"
    deleted = "<w:del><w:r><w:delText>后</w:delText></w:r></w:del>"
    assert lines(f"<w:p>{inserted}{deleted}<w:r><w:t>问好。</w:t></w:r></w:p>") == ["先问好。"]


@pytest.mark.parametrize(
    ("number", "form", "printed"),
    [
        (3, "decimal", "3"), (3, "decimalZero", "03"), (10, "chineseCounting", "十"), (21, "chineseCounting", "二十一"),
        (105, "chineseCountingThousand", "一百零五"), (110, "chineseCountingThousand", "一百一十"),
        (3, "lowerLetter", "c"), (28, "upperLetter", "BB"),
        (14, "upperRoman", "XIV"), (3, "decimalEnclosedCircle", "③"),
    ],
)  # fmt: skip
def test_numbers_are_printed_as_word_prints_them(number, form, printed):
    assert counted(number, form) == printed


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 no archive", "broken_office"),
        (zipped({"a.txt": "no document"}), "broken_office"),
        (zipped({"word/document.xml": "<not closed"}), "broken_office"),
        (zipped({"word/document.xml": " " * 60_000_000}), "office_too_large"),
        (zipped({f"{number}.xml": "" for number in range(2_001)}), "office_too_large"),
    ],
)
def test_what_is_no_document_is_refused(data, code):
    with pytest.raises(Refused) as refusal:
        lines_of_docx(data)
    assert refusal.value.code == code


def document(entities, reference):
    body = f"<w:body><w:p><w:r><w:t>{reference}a</w:t></w:r></w:p></w:body>"
    return zipped({"word/document.xml": f"<!DOCTYPE w:document [{entities}]><w:document {W}>{body}</w:document>"})


def test_nothing_outside_the_file_is_read():
    with pytest.raises(Refused):
        lines_of_docx(document('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"))


def test_what_amplifies_is_refused():
    layers = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "lol" * 100}">' for at in range(9))
    with pytest.raises(Refused):
        lines_of_docx(document(layers, "&e8;"))
