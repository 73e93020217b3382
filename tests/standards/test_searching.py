"""Search finds the words in force, of what a person may see, and counts nothing else."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standards.folding import asked, holds
from standards.models import Passage, Standard
from standards.searching import MOST, removed, search, used
from tests import make

ROWS = {
    "FD-LANG-001": make.words("Greet every patient first.", "主动问候每位患者。"),
    "FD-MANN-001": make.words("Handle a complaint at once, politely.", "接到投诉应立即礼貌处理。"),
    "FD-PROC-001": make.words("Write the complaint down.", "登記投訴，5 分钟内回复。"),
    "FD-PROH-001": make.words("Never argue; 100% of staff.", "严禁争执。"),
}


def published(people, rows=ROWS, slug="front-desk", **changes):
    draft = make.draft_standard(by=people.ana, slug=slug, clauses=rows)
    clauses = [row | {"text": rows[row["key"]]} | changes.get(row["key"], {}) for row in draft.body["clauses"]]
    Standard.objects.filter(pk=draft.pk).update(body=draft.body | {"clauses": clauses})
    return make.publish(Standard.objects.get(pk=draft.pk), people.ana)


@pytest.fixture
def rules(people):
    return published(people)


def places(query, **options):
    return [passage.place or passage.slug for passage in search(query, **options).page.object_list]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("投诉", ["FD-MANN-001", "FD-PROC-001"]),
        ("投訴", ["FD-MANN-001", "FD-PROC-001"]),
        ("礼", ["FD-MANN-001"]),
        ("投诉 处理", ["FD-MANN-001"]),
        ("处理 COMPLAINT", ["FD-MANN-001"]),
        ("ｃｏｍｐｌａｉｎｔ", ["FD-MANN-001", "FD-PROC-001"]),
        ("compl", ["FD-MANN-001", "FD-PROC-001"]),
        ("plaint", []),
        ("5分钟", ["FD-PROC-001"]),
        ("FD-PROC-001", ["FD-PROC-001"]),
        ("fd-proc", ["FD-PROC-001"]),
        ("100%", ["FD-PROH-001"]),
        ("%", ["FD-PROH-001"]),
        ("_", []),
        ("投诉 没有这个词", []),
        ("", []),
        ("\x00", []),
        ("投\x00诉", ["FD-MANN-001", "FD-PROC-001"]),
        ("' OR 1=1 --", []),
        ('"* OR a', []),
        ("a' & !b | c:*", []),
        ("c-", []),
    ],
)
def test_a_query_finds(rules, query, wanted):
    assert places(query) == wanted


@given(st.text("投诉处理礼貌患者立即complaint 5-%,", min_size=1, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_index_finds_what_reading_every_clause_finds(rules, query):
    read = (
        {row.place for row in Passage.objects.all() if all(_reads(row, word) for word in asked(query).words)}
        if asked(query).words
        else set()
    )
    assert set(places(query)) == read


def _reads(row, word):
    parts = [row.place, row.printed, row.title_zh, row.title_en, row.text_zh, row.text_en]
    return any(holds(part, word) for part in parts)


def test_the_heavier_clause_stands_first_and_a_whole_number_before_all(people):
    published(people, **{"FD-MANN-001": {"number": "7"}, "FD-PROC-001": {"number": "17.7"}})
    assert places("staff") == ["FD-PROH-001"]
    assert places("7") == ["FD-MANN-001", "FD-PROC-001"]
    assert places("中文") == []


def test_a_phrase_stands_before_its_words_apart(people):
    rows = {
        "FD-RULE-001": {"zh": "先微笑，后服务。"},
        "FD-RULE-002": {"zh": "微笑 服务。"},
    }
    published(people, rows)
    assert places("微笑 服务") == ["FD-RULE-002", "FD-RULE-001"]


def test_a_new_version_replaces_what_is_found(people, rules):
    rows = dict(list(ROWS.items())[:3]) | {"FD-LANG-001": {"zh": "起立问好。"}}
    published(people, rows)
    assert (places("主动"), places("起立"), places("严禁")) == ([], ["FD-LANG-001"], [])
    assert places("FD-PROH-001") == []
    assert removed(asked("ｆｄ-proh-001")).key == "FD-PROH-001"
    assert removed(asked("FD-LANG")) is None


def test_a_retired_course_is_forgotten(world):
    assert search("greet", kinds=["lesson"]).total == 1
    Passage.objects.forget("course", world.course.slug)
    assert search("greet", kinds=["lesson"]).total == 0


def test_a_draft_is_not_found(people):
    make.draft_standard(by=people.ana)
    assert places("FD-LANG-001") == []


def test_counts_are_of_the_kinds_one_may_see(world):
    assert search("greet").counts["kind"] == {"clause": 4, "lesson": 1, "item": 1}
    assert search("greet", kinds=["clause", "lesson"]).counts["kind"] == {"clause": 4, "lesson": 1}


def test_a_filter_counts_its_own_values_under_the_others(people, rules):
    published(people, {"WD-RULE-001": {"zh": "投诉记录。"}}, slug="ward")
    found = search("投诉", chosen={"standard": "ward", "kind": "clause"})
    assert (found.total, found.counts["standard"], found.counts["kind"]) == (
        1,
        {"front-desk": 2, "ward": 1},
        {"clause": 1},
    )


def test_where_each_is_used(world):
    passages = list(search("FD-LANG-001").page.object_list)
    uses, cites = used(passages)
    assert uses == {"FD-LANG-001": {"course": 1, "item": 1, "scenario": 1, "checklist": 1}}
    item = next(passage for passage in search("Question greet").page.object_list if passage.kind == "item")
    assert [wording.clause.key for wording in used([item])[1][item.pk]] == ["FD-LANG-001"]
    assert cites == {}


def test_pages_are_stable_and_lose_nothing(people):
    rows = {f"FD-RULE-{at:03}": {"zh": "同样的话。"} for at in range(1, 46)}
    published(people, rows)
    pages = [places("同样", page=page) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [place for page in pages for place in page] == sorted(rows)
    assert places("同样", page="rubbish") == pages[0]
    assert places("同样", page="9" * 5000) == pages[0]
    assert places("同样", page="99") == pages[2]


def test_too_many_are_bounded_and_a_whole_number_still_stands_first(people):
    rows = {f"FD-RULE-{at:04}": {"zh": f"同样的话，第 7 条之 {at}。"} for at in range(1, MOST + 30)}
    published(people, rows, **{f"FD-RULE-{MOST + 20:04}": {"number": "7"}})
    found = search("7")
    assert (found.more, found.page.object_list[0].place) == (True, f"FD-RULE-{MOST + 20:04}")
    assert (search("同样").more, search("同样").total) == (True, MOST)


def test_a_search_costs_the_same_however_much_is_found(people, rules, django_assert_num_queries):
    published(people, {f"WD-RULE-{at:03}": {"zh": "投诉。"} for at in range(1, 200)}, slug="ward")
    for query in ("登记", "投诉"):
        with django_assert_num_queries(3):
            used(list(search(query).page.object_list))
