"""The document beside its clauses: every line once, the words of each clause marked, what was left out told."""

import re
from html import unescape

import pytest

from standards.importing import import_document
from standards.models import Standard
from standards.reviewing import sections
from standards.source import beside, lines_beside, source_lines
from tests.standards.office import excel, paragraph, table, word

DOCUMENT = """# Ward rules

> Who it is for.

## Greeting

- Greet first. Stand up.
- **Use** the name,
- not the number.

---

## Handing over

- [WD-RULE-007]【重要】交接时大声念。 | Read the list aloud.

> The end.
"""


@pytest.fixture
def draft(people):
    return import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward")[0]


def numbers(draft):
    found = sections(draft)
    return [lines_beside(draft.body, found, each["number"]) for each in found]


def marked(draft, section=1):
    """{line: [(the words marked, the clause's text)]}"""
    return {
        line["at"]: [(text, "".join(row["text"].values())) for text, row in line["parts"] if row]
        for line in beside(draft, sections(draft), section)
    }


def test_every_line_with_words_stands_beside_one_section(draft):
    assert numbers(draft) == [[1, 3, 5, 7, 8, 9, 11], [13, 15, 17]]


def test_the_words_of_each_clause_are_marked(draft):
    assert marked(draft) == {
        1: [], 3: [], 5: [], 11: [],
        7: [("Greet first. Stand up.",) * 2],
        8: [("Use** the name,", "Use the name,")],
        9: [("not the number.",) * 2],
    }  # fmt: skip
    assert marked(draft, 2)[15] == [("交接时大声念。 | Read the list aloud.", "交接时大声念。Read the list aloud.")]


def test_what_is_left_out_says_why(draft):
    told = {line["at"]: line["reason"] for line in beside(draft, sections(draft), 1)}
    assert told == {1: "", 3: "quote", 5: "", 7: "", 8: "", 9: "", 11: "horizontal rule"}


def test_a_clause_that_was_moved_takes_its_line_along(draft):
    rows = draft.body["clauses"]
    rows[0] |= {"heading": rows[-1]["heading"]}
    draft.body["clauses"] = [*rows[1:], rows[0]]
    assert numbers(draft) == [[8, 9, 11], [1, 3, 5, 7, 13, 15, 17]]


def test_two_clauses_of_one_line_are_marked_each_by_itself(draft):
    rows = draft.body["clauses"]
    text = {"en": "Greet first."}, {"en": "Stand up."}
    rows[0] |= {"text": text[0], "read": text[0]}
    rows.insert(1, rows[0] | {"key": "WD-RULE-008", "text": text[1], "read": text[1]})
    assert marked(draft)[7] == [("Greet first.",) * 2, ("Stand up.",) * 2]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", "一、见面\n先问好。\n再问事。\n".encode("gb18030")),
        ("a.html", "<ul><li>先问好。<li>再问事。</ul>".encode()),
        ("a.docx", word(paragraph("先问好。"), table(("条款", "级别"), ("再问事。", "重要")))),
        ("a.xlsx", excel(甲=[["条款", "级别"], ["先问好。", "重要"], [None], ["再问事。", ""]])),
    ],
    ids=["text", "html", "word", "excel"],
)
def test_whatever_the_format_a_clause_finds_its_line(people, name, data):
    draft = import_document(name, data, by=people.ana, slug="any")[0]
    source = source_lines(draft)
    assert len(draft.body["clauses"]) == 2
    for row in draft.body["clauses"]:
        assert row["text"]["zh"].split("；")[0] in source[row["lines"][0] - 1]


def test_the_same_bytes_under_another_name_keep_the_lines_of_the_import(people):
    data = "<p>甲。</p><p>先问好。</p>".encode()
    import_document("a.txt", data, by=people.ana, slug="one")
    draft = import_document("a.html", data, by=people.ana, slug="two")[0]
    assert source_lines(draft) == ("甲。", "先问好。")


def test_a_draft_without_its_document_shows_its_clauses(people, sign_in):
    draft = import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward")[0]
    Standard.objects.filter(pk=draft.pk).update(source=None)
    page = sign_in(people.ana).get("/standards/ward/review/").content.decode()
    assert "找不到这份草稿的原文件" in page and "Greet first." in page


def test_hostile_words_are_shown_as_words(people, sign_in):
    text = (
        '- <script>alert(1)</script> 先问好。\n> "><img src=x onerror=alert(2)>\n- =HYPERLINK(1) {{ 7*7 }} 再问事。\n'
    )
    import_document("a.md", text.encode(), by=people.ana, slug="ward")
    page = sign_in(people.ana).get("/standards/ward/review/").content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page
    assert "<script>alert(1)</script> 先问好。" in unescape(page) and "{{ 7*7 }}" in unescape(page)


def test_the_page_links_each_line_with_its_clause_and_back(draft, people, sign_in):
    page = sign_in(people.ana).get("/standards/ward/review/?section=1").content.decode()
    for row in draft.body["clauses"][:3]:
        assert re.search(rf'<p id="L{row["lines"][0]}".*?href="\?clause={row["key"]}#{row["key"]}"', page)
        assert re.search(rf'<li id="{row["key"]}".*?href="#L{row["lines"][0]}"', page, re.DOTALL)
