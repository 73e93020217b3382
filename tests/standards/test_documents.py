"""The five real documents, from the folder named by DECORUM_SHARED. Run with `pytest -m corpus`."""

import os
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from standards.formats.reading import read as read_file
from standards.formats.text import parse, read
from standards.matching import match, normalise
from standards.proposing import KINDS, propose
from tests.standards.office import paragraph, word

pytestmark = pytest.mark.corpus

# document -> lines that are not blank, clauses, headings, skipped by reason
FIGURES = {
    "000_4fe34d4b6fc31d67.md": (82, 53, 28, {"quote": 1}),
    "001_c43629c2fe507ec9.md": (179, 96, 82, {"quote": 1}),
    "002_9bb94c9036a640e7.md": (131, 68, 62, {"quote": 1}),
    "003_844f6f124f004242.md": (743, 565, 177, {"quote": 1}),
    "004_eb76e7ef2c1eae3d.md": (310, 207, 94, {"quote": 1, "fence": 2, "fenced code": 6}),
}


@pytest.fixture(params=FIGURES)
def document(request):
    return Path(os.environ["DECORUM_SHARED"], "standards", "documents", request.param)


def matchable(clauses, *, keyed):
    texts = [(clause["number"], "".join(clause["text"].values())) for clause in clauses]
    return [{"key": f"K-{place}" if keyed else "", "number": n, "text": t} for place, (n, t) in enumerate(texts)]


def test_a_document_is_read_whole(document):
    parsed, encoding = read(document.read_bytes())
    reasons = Counter(each["reason"] for each in parsed.skipped)
    assert encoding == "utf-8"
    assert (parsed.lines, len(parsed.clauses), len(parsed.headings), reasons) == FIGURES[document.name]


def test_every_line_of_a_document_is_in_one_list(document):
    source = document.read_text(encoding="utf-8")
    parsed = parse(source)
    clauses = [at for clause in parsed.clauses for at in range(clause["lines"][0], clause["lines"][1] + 1)]
    accounted = sorted(clauses + [each["line"] for each in [*parsed.headings, *parsed.skipped]])
    assert accounted == [at for at, line in enumerate(source.splitlines(), 1) if line.strip()]


def test_a_document_in_gb18030_reads_alike(document):
    source = document.read_text(encoding="utf-8")
    assert read(source.encode("gb18030")) == (parse(source), "gb18030")


def test_every_clause_of_a_document_gets_a_proposal(document):
    proposals = [propose(clause, []) for clause in read(document.read_bytes())[0].clauses]
    assert {each["kind"] for each in proposals} <= set(KINDS)
    assert {each["weight"] for each in proposals} <= {"general", "important", "red_line"}


def test_a_document_imported_again_keeps_every_key(document):
    clauses = read(document.read_bytes())[0].clauses
    results = match(matchable(clauses, keyed=True), matchable(clauses, keyed=False))
    assert [result["key"] for result in results] == [f"K-{place}" for place in range(len(clauses))]


def as_word(source):
    """A text as somebody would have it in Word: headings by style, the other lines as paragraphs."""
    blocks = []
    for line in filter(str.strip, source.splitlines()):
        marks = len(line) - len(line.lstrip("#"))
        words = escape(line.lstrip("#").strip() if marks else line)
        blocks.append(paragraph(words, style=str(marks) if 1 <= marks <= 6 else ""))
    return word(*blocks)


def test_a_document_in_word_has_the_same_rules(document):
    source = document.read_text(encoding="utf-8")
    parsed, how = read_file(f"{document.stem}.docx", as_word(source))
    texts = [normalise("".join(row["text"].values())) for row in parsed.clauses]
    before = [normalise("".join(row["text"].values())) for row in parse(source).clauses]
    headings = [normalise(row["text"]) for row in parse(source).headings]
    assert (how, texts) == ("docx", before)
    assert [normalise(row["text"]) for row in parsed.headings] == headings
