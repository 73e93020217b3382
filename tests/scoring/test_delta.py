"""What there is to read and to be tested on after a change: pure, deterministic, no option twice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.shapes import misfits
from courses.markdown import render
from quizzes.drawing import draw, named
from quizzes.taking import item_entry
from scoring.delta import LANGUAGES, apart, delta, due_day, slug_of
from standards.matching import normalise
from tests.make import words

STANDARD = {
    "slug": "front-desk",
    "title": words("Front desk", "服务台"),
    "number": 2,
    "effective_on": date(2026, 12, 1),
    "today": date(2026, 11, 21),
}


def change(old, new, *, key="FD-LANG-001", kind="changed", number="3.2"):
    return {"key": key, "number": number, "change": kind, "old": old, "new": new}


def made(*changes, **standard):
    return delta(STANDARD | standard, list(changes), by="ROOT")


def options(*changes, language="en"):
    body = made(*changes)["items"][0]["body"]
    return {option["key"]: option["text"].get(language) for option in body["options"]}, body["right"]


def test_a_reworded_clause_is_read_and_tested():
    found = made(
        change(words("Answer within 5 minutes.", "五分钟内答复。"), words("Answer within 3 minutes.", "三分钟内答复。"))
    )
    lesson = found["course"]["lessons"][0]
    assert (lesson["cites"], lesson["title"]["en"]) == (["FD-LANG-001"], "3.2 (FD-LANG-001)")
    assert "Answer within 5 minutes" in lesson["text"]["en"] and "From 2026\\-12\\-01" not in lesson["text"]["en"]
    assert "### 自2026-12-01起\n\n三分钟内答复。" in lesson["text"]["zh"]
    body = found["items"][0]["body"]
    right = next(option["text"] for option in body["options"] if option["key"] == body["right"][0])
    assert right == words("Answer within 3 minutes.", "三分钟内答复。")
    assert "2026-12-01" in body["stem"]["en"] and "2026-12-01" in body["stem"]["zh"]
    assert found["path"]["steps"][1]["due_day"] == 10


@pytest.mark.parametrize(
    ("old", "new", "others"),
    [
        # both numbers swapped would be the old and the new sentence; the third lies beyond the old one
        ("Come in 5 minutes.", "Come in 3 minutes.", {"Come in 5 minutes.", "Come in 7 minutes."}),
        ("At least 95% agree.", "At least 98% agree.", {"At least 95% agree.", "At least 92% agree."}),
        # nothing beyond: no minus minutes, no more than all
        ("Wait 1 minute.", "Wait 2 minutes.", {"Wait 1 minute."}),
        ("At least 98% agree.", "At least 95% agree.", {"At least 98% agree."}),
        # the thresholds swapped between two sentences
        ("Call back in 5 days.", "Write back in 3 days.",
         {"Call back in 5 days.", "Write back in 5 days.", "Call back in 3 days."}),
        # two parts differ: each in the other's company
        ("Stand up, then bow.", "Rise, then nod.", {"Stand up, then bow.", "Rise, then bow.", "Stand up, then nod."}),
        ("Bow.", "Nod.", {"Bow."}),
    ],
)  # fmt: skip
def test_the_other_sentences_are_near_and_wrong(old, new, others):
    texts, right = options(change({"en": old}, {"en": new}))
    assert texts.pop(right[0]) == new
    assert set(texts.values()) == others


def test_a_clause_no_longer_in_force_is_asked_and_told():
    found = made(change(words("Wear a hat.", "戴帽子。"), None, kind="removed"))
    body = found["items"][0]["body"]
    assert (body["type"], body["right"]) == ("truefalse", ["false"])
    assert "Wear a hat." in body["stem"]["en"] and "戴帽子。" in body["stem"]["zh"]
    assert "no longer in force" in found["course"]["lessons"][0]["text"]["en"]
    assert found["course"]["lessons"][0]["cites"] == []


def test_a_clause_that_is_back_is_required():
    body = made(change(words("Wear a hat."), words("Wear a hat."), kind="back"))["items"][0]["body"]
    assert (body["type"], body["right"]) == ("truefalse", ["true"])


def test_what_differs_in_marks_only_is_read_and_not_asked():
    found = made(change({"en": "Bow ."}, {"en": "bow."}))
    assert (found["items"], found["quiz"], len(found["course"]["lessons"])) == ([], None, 1)
    assert [step["kind"] for step in found["path"]["steps"]] == ["course"]
    assert "what is asked is the same" in found["course"]["lessons"][0]["text"]["en"]


def test_only_the_language_that_changed_is_asked():
    body = made(change(words("Bow.", "鞠躬。"), words("Nod.", "鞠躬。")))["items"][0]["body"]
    assert all(set(option["text"]) == {"en"} for option in body["options"])


def test_the_words_of_a_clause_are_shown_as_they_are():
    hostile = "# <script>alert(1)</script> *5* _a_ [x](javascript:y) 1. `z`\n    - two"
    html = render(made(change({"en": "Old."}, {"en": hostile}))["course"]["lessons"][0]["text"]["en"])
    assert "<script" not in html and "<em>" not in html and "<h1>" not in html and "<a " not in html
    assert "# &lt;script&gt;alert(1)&lt;/script&gt; *5* _a_ [x](javascript:y) 1. `z`" in html


@pytest.mark.parametrize(
    ("day", "due"),
    [(date(2026, 12, 1), 10), (date(2026, 11, 22), 7), (date(2020, 1, 1), 7)],
)
def test_there_is_a_week_at_least_and_until_it_is_in_force(day, due):
    assert due_day(STANDARD | {"effective_on": day}) == due


def test_a_long_name_makes_a_slug_that_fits_and_is_its_own():
    long = ["a" * 79 + end for end in "bc"]
    found = {slug_of(slug, 12) for slug in long}
    assert len(found) == 2 and all(len(slug) + len("-999") <= 80 for slug in found)


def test_all_of_it_is_content_that_a_pack_could_hold():
    """But for `changed_in`, the clause of a lesson, its checks and the job role, which only publishing leaves out."""
    found = made(
        change(words("Answer within 5 minutes."), words("Answer within 3 minutes.")),
        change(words("Wear a hat."), None, kind="removed", key="FD-HAT-001"),
    )
    for row in found["items"]:
        body = {name: value for name, value in row["body"].items() if name != "changed_in"}
        assert misfits("item", "made", row["title"], body) == []
    quiz = {name: value for name, value in found["quiz"].items() if name != "changed_in"}
    assert misfits("quiz", "made", found["title"], quiz) == []


def test_three_hundred_changes_make_a_paper_that_can_be_drawn():
    rows = [change({"en": f"Say {n} words."}, {"en": f"Say {n} thanks."}, key=f"K-{n}") for n in range(300)]
    found = made(*rows)
    bank = [item_entry(n, row["slug"], 1, row["body"]) for n, row in enumerate(found["items"])]
    assert named(found["quiz"]["blueprint"]) == {row["slug"] for row in found["items"]}
    assert len(draw(found["quiz"]["blueprint"], bank, b"seed")) == 200


TEXTS = st.dictionaries(st.sampled_from(LANGUAGES), st.text(min_size=1).filter(str.strip), min_size=1)


@given(old=TEXTS, new=TEXTS)
def test_no_two_options_read_the_same_and_the_key_is_the_new_sentence(old, new):
    row = change(old, new)
    first, second = made(row), made(row)
    assert first == second
    assert bool(first["items"]) == bool(apart(row, LANGUAGES))
    for item in first["items"]:
        texts = [option["text"] for option in item["body"]["options"]]
        assert 2 <= len(texts) <= 4
        for language in texts[0]:
            assert len({normalise(text[language]) for text in texts}) == len(texts)
        right = next(option["text"] for option in item["body"]["options"] if [option["key"]] == item["body"]["right"])
        assert right == {language: new[language] for language in right}
