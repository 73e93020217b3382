"""PDF files: paragraphs are put together, heads and feet of pages left out and told, pictures and locks refused."""

import io

import pytest
from pypdf import PdfWriter

from standards.formats.decoding import Refused
from standards.formats.reading import lines, read
from tests.standards.office import pdf

FULL = "接待病人要起身迎接主动问好说明去处必要时陪同前往不得让病人等候时无人"  # a line that reaches the right edge


def clauses(*pages):
    return [row["text"]["zh"] for row in read("a.pdf", pdf(*pages))[0].clauses]


def test_a_line_that_breaks_in_a_sentence_goes_on_below():
    page = [(72, 700, FULL), (72, 684, "应答。"), (72, 668, "2. 三步之内问好。"), (72, 652, "3. 双手递交物品。")]
    assert clauses(page) == [f"{FULL}应答。", "三步之内问好。", "双手递交物品。"]


def test_an_indented_line_begins_a_paragraph_even_under_a_full_one():
    assert clauses([(72, 700, FULL), (94, 684, "见面先问好。")]) == [FULL, "见面先问好。"]


def test_a_sentence_that_ends_short_of_the_edge_ends_its_paragraph():
    assert clauses([(72, 700, FULL), (72, 684, "应答。"), (72, 668, "见面先问好。")]) == [
        f"{FULL}应答。",
        "见面先问好。",
    ]


def test_a_sentence_that_ends_where_the_next_word_had_room_ends_its_paragraph():
    page = [(72, 700, FULL), (72, 684, f"{FULL[:30]}。"), (72, 668, "见面先问好。")]
    assert clauses(page) == [f"{FULL}{FULL[:30]}。", "见面先问好。"]


def test_a_paragraph_goes_on_over_the_foot_of_a_page():
    pages = [
        [(250, 800, "服务标准汇编", 9), (72, 700 - number, FULL), (280, 40, f"第 {number} 页", 9)]
        for number in (1, 20, 30)
    ]
    pages[2].insert(2, (72, 684, "应答。"))
    parsed, how = read("a.pdf", pdf(*pages))
    assert how == "pdf"
    assert [row["text"]["zh"] for row in parsed.clauses] == [f"{FULL * 3}应答。"]
    assert [(row["text"], row["reason"]) for row in parsed.skipped] == [
        (text, "head or foot of a page") for number in (1, 20, 30) for text in ("服务标准汇编", f"第 {number} 页")
    ]


def test_what_stands_once_at_the_head_of_a_page_is_not_left_out():
    assert clauses([(72, 800, "见面先问好。"), (72, 700, "双手递交物品。")]) == ["见面先问好。", "双手递交物品。"]


def test_larger_lines_are_headings():
    page = [
        (72, 760, "门诊服务标准", 22),
        (72, 700, "见面用语", 15),
        (72, 670, "先问好，再问事。"),
        (72, 654, "不说不知道。"),
    ]
    parsed, _how = read("a.pdf", pdf(page))
    assert parsed.title == {"zh": "门诊服务标准"}
    assert [(row["heading"], row["text"]["zh"]) for row in parsed.clauses] == [
        (["见面用语"], "先问好，再问事。"),
        (["见面用语"], "不说不知道。"),
    ]


def test_radicals_that_fonts_put_for_their_hanzi_are_read_as_hanzi():
    assert clauses([(72, 700, "⼊⻔先问好，⽤⼾不等候。")]) == ["入门先问好，用户不等候。"]


def test_the_lines_of_the_page_are_those_the_clauses_name():
    data = pdf([(72, 700, FULL), (72, 684, "应答。"), (72, 668, "2. 三步之内问好。")])
    found, _how = read("a.pdf", data)
    assert [lines("a.pdf", data)[row["line"] - 1] for row in found.clauses] == [f"{FULL}应答。", "2. 三步之内问好。"]


def test_a_page_of_pictures_among_pages_of_text_is_told():
    parsed, _how = read("a.pdf", pdf([(72, 700, "见面先问好，双手递交物品。")], [], [(72, 700, "不说不知道。")]))
    assert [(row["text"], row["reason"]) for row in parsed.skipped] == [("[2]", "page of pictures")]


def locked():
    writer = PdfWriter(clone_from=io.BytesIO(pdf([(72, 700, "见面先问好，双手递交物品。")])))
    writer.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf([], []), "pdf_pictures"),
        (locked(), "locked_pdf"),
        (b"%PDF-1.7 and then nothing", "broken_pdf"),
        (pdf([(72, 700, "见面先问好，双手递交物品。")])[:700], "broken_pdf"),
        (pdf(*[[(72, 700, "问好。")]] * 301), "pdf_too_long"),
        (pdf([(72, 700, "\ue001\ue002\ue003" * 20)]), "pdf_letters"),
    ],
    ids=["pictures", "locked", "nothing", "cut", "long", "letters"],
)
def test_a_pdf_that_cannot_be_read_is_refused(data, code):
    with pytest.raises(Refused) as refusal:
        read("a.pdf", data)
    assert refusal.value.code == code


def test_a_pdf_that_only_its_owner_may_change_is_read():
    writer = PdfWriter(clone_from=io.BytesIO(pdf([(72, 700, "见面先问好，双手递交物品。")])))
    writer.encrypt("", owner_password="owner", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    assert [row["text"]["zh"] for row in read("a", stream.getvalue())[0].clauses] == ["见面先问好，双手递交物品。"]
