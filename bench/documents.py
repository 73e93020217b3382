"""Documents and content by the thousand for the bench: words of a made-up language, as frequent as words are (Zipf)."""

import random
from datetime import timedelta

from django.utils import timezone

from courses.models import Course
from quizzes.models import Item
from staff.publishing import publish
from standards.models import Citation, Passage, Standard, Wording
from tests.standards.office import excel, paragraph, word

HANZI = [chr(0x4E00 + 7 * at) for at in range(2500)]
WEIGHTS = ("general", "general", "general", "important", "red_line")


class Words:
    """Chinese words of two characters and English ones of four to nine letters."""

    def __init__(self, seed=1):
        self.random = random.Random(seed)
        self.zh = ["".join(self.random.sample(HANZI, 2)) for _ in range(4000)]
        letters = "etaoinshrdlucmfwypvbgk"
        self.en = ["".join(self.random.choices(letters, k=self.random.randint(4, 9))) for _ in range(3000)]
        self.frequency = [1 / place for place in range(10, 4010)]

    def chinese(self, n):
        return "".join(self.random.choices(self.zh, self.frequency, k=n)) + "。"

    def english(self, n):
        return " ".join(self.random.choices(self.en, self.frequency[: len(self.en)], k=n)).capitalize() + "."

    def text(self, zh, en):
        return {"zh": self.chinese(zh), "en": self.english(en)}


def lines(size, words, longest=30):
    """Numbered rules, about `size` bytes of UTF-8."""
    found, length, number = [], 0, 0
    while length < size:
        number += 1
        line = f"{1 + number // 20}.{1 + number % 20} {words.chinese(words.random.randint(8, longest))}"
        found.append(line)
        length += len(line.encode()) + 1
    return found


def document(kind, size, words):
    """(file name, bytes) of a document whose file has about `size` bytes."""
    if kind in ("txt", "html"):
        return f"bench.{kind}", _plain(kind, lines(size, words))
    # Packed formats: rules until the file itself is that large; longer ones, or they would be too many of a kind.
    rules = lines(size, words, 100)
    while len(data := _packed(kind, rules)) < size:
        rules += lines(max(20_000, len("\n".join(rules).encode()) * (size - len(data)) // len(data)), words, 100)
    return f"bench.{kind}", data


def _plain(kind, rules):
    if kind == "txt":
        return ("# 服务规范\n" + "\n".join(f"- {rule}" for rule in rules)).encode()
    items = "".join(f"<li>{rule}</li>" for rule in rules)
    return f"<html><body><h1>服务规范</h1><ol>{items}</ol></body></html>".encode()


def _packed(kind, rules):
    if kind == "docx":
        return word(*map(paragraph, rules))
    rows = [rule.split(" ", 1) for rule in rules]
    return excel(rules=[["编号", "条款"], *rows])


# --- published content ------------------------------------------------------------


def standard(slug, clauses, by, words):
    """A published standard, by the same deed as anybody's."""
    rows = [
        {
            "key": f"{slug.upper()}-RULE-{number:04}",
            "number": f"{1 + number // 20}.{1 + number % 20}",
            "heading": [f"第{1 + number // 20}章 | Chapter {1 + number // 20}"],
            "kind": "rule",
            "weight": words.random.choice(WEIGHTS),
            "roles": [],
            "threshold": None,
            "text": words.text(words.random.randint(10, 30), words.random.randint(10, 30)),
            "lines": [number, number],
            "reviewed": True,
        }
        for number in range(1, clauses + 1)
    ]
    body = {"encoding": "utf-8", "lines": clauses, "headings": [], "clauses": rows, "skipped": []}
    draft = Standard.objects.create(slug=slug, title_zh=f"标准{slug}", title_en=f"Standard {slug}", body=body, owner=by)
    return publish(draft, by)


def courses(letter, number, lessons, by, words, wordings):
    for at in range(number):
        rows = [
            {
                "key": f"l{place}",
                "title": words.text(4, 4),
                "minutes": 5,
                "cites": [wording.clause.key for wording in words.random.sample(wordings, 3)],
                "text": words.text(300, 250),
                "checks": [],
            }
            for place in range(lessons)
        ]
        body = {"standard": wordings[0].standard.slug, "role": "guide", "lessons": rows}
        draft = Course.objects.create(
            slug=f"course-{letter}{at}", title_zh=f"课程{at}", title_en=f"Course {at}", body=body
        )
        publish(draft, by)


def items(letter, number, by, words, wordings):
    """Published items, their passages and citations, all at once: ten thousand deeds take minutes."""
    at = timezone.now() - timedelta(days=1)
    rows = [_item(f"item-{letter}{place}", at, by, words, wordings) for place in range(number)]
    made = Item.objects.bulk_create(rows, batch_size=1000)
    Passage.objects.bulk_create((passage for item in made for passage in item.passages()), batch_size=1000)
    by_key = {wording.clause.key: wording for wording in wordings}
    Citation.objects.bulk_create(
        (
            Citation(wording=by_key[key], kind="item", slug=item.slug, number=1)
            for item in made
            for key in item.body["cites"]
        ),
        batch_size=1000,
    )


def _item(slug, at, by, words, wordings):
    body = {
        "standard": wordings[0].standard.slug,
        "type": "single",
        "difficulty": "easy",
        "points": 1,
        "cites": [words.random.choice(wordings).clause.key],
        "stem": words.text(10, 12),
        "options": [{"key": key, "text": words.text(4, 5)} for key in "abcd"],
        "right": ["a"],
        "feedback": words.text(8, 8),
    }
    return Item(
        slug=slug, number=1, title_zh=slug, title_en=slug, body=body, digest="0" * 64,
        type="single", difficulty="easy", published_at=at, published_by=by,
    )  # fmt: skip


def wordings(limit):
    return list(Wording.objects.select_related("clause", "standard").defer("standard__body")[:limit])
