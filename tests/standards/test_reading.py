"""The same rules in every form an office has are the same clauses."""

import pytest

from standards.formats.characters import is_traditional, simplified
from standards.formats.decoding import Refused
from standards.formats.reading import media_type, read
from standards.formats.text import parse
from tests.standards.office import excel, numbering, paragraph, word, zipped

MARKDOWN = "# 药房\n## 见面\n1. 先问好。\n2. 双手接过处方。\n"
HTML = "<h1>药房</h1><h2>见面</h2><ol><li>先问好。</li><li>双手接过处方。</li></ol>"
DOCX = word(
    paragraph("药房", style="1"), paragraph("见面", style="2"),
    paragraph("先问好。", number=1), paragraph("双手接过处方。", number=1),
    numbers=numbering(("decimal", "%1.")),
)  # fmt: skip
XLSX = excel(Sheet1=[["章节", "编号", "条款"], ["见面", 1, "先问好。"], [None, 2, "双手接过处方。"]])


@pytest.mark.parametrize(
    ("name", "data", "how"),
    [
        ("a.md", MARKDOWN.encode(), "utf-8"), ("a.txt", MARKDOWN.encode("gb18030"), "gb18030"),
        ("a.txt", MARKDOWN.encode("utf-16"), "utf-16"), ("a.html", HTML.encode(), "utf-8"),
        ("page", f"<!DOCTYPE html><html>{HTML}</html>".encode(), "utf-8"), ("a.docx", DOCX, "docx"),
        ("wrongly-named.txt", DOCX, "docx"), ("a.xlsx", XLSX, "xlsx"),
    ],
)  # fmt: skip
def test_each_form_gives_the_same_clauses(name, data, how):
    parsed, found = read(name, data)
    assert found == how
    assert [(row["heading"], row["number"], row["text"]) for row in parsed.clauses] == [
        (["见面"], "1", {"zh": "先问好。"}),
        (["见面"], "2", {"zh": "双手接过处方。"}),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped({"a.txt": "a"}), "binary"),
        (b"%PDF-1.7", "broken_pdf"),
        (b"", "empty"),
        (b"# only a heading", "no_clauses"),
    ],
)
def test_what_holds_no_clause_is_refused(data, code):
    with pytest.raises(Refused) as refusal:
        read("a", data)
    assert refusal.value.code == code


def test_traditional_characters_are_seen_and_can_be_simplified():
    old = parse("# 服務規範 | Rules\n## 禮儀\n- [FD-LANG-001] 請微笑服務，為顧客開門。 | Smile; 開 stays.\n")
    new = simplified(old)
    assert (is_traditional(old), is_traditional(new), is_traditional(parse(MARKDOWN))) == (True, False, False)
    assert (new.title["zh"], new.clauses[0]["heading"], new.headings[1]["text"]) == ("服务规范", ["礼仪"], "礼仪")
    assert new.clauses[0]["text"] == {"zh": "请微笑服务，为顾客开门。", "en": "Smile; 開 stays."}


def test_a_file_is_kept_under_its_kind():
    assert media_type("a.docx", "docx").endswith("wordprocessingml.document")
    assert [media_type("a.md", "utf-8"), media_type("a.txt", "big5"), media_type("a.htm", "utf-8")] == [
        "text/markdown", "text/plain", "text/html",
    ]  # fmt: skip
