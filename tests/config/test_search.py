"""The search page: what a learner may not see is in no row and in no count."""

import re
from html import unescape

import pytest

from config import passages
from standards.models import Passage
from tests import make


def text(page):
    """The words of a page, marks and other tags taken out."""
    return unescape(re.sub(r"<[^>]+>", "", page.text))


@pytest.fixture
def searched(world, sign_in):
    browsers = {name: sign_in(getattr(world, name)) for name in ("mira", "ana", "otto", "hui")}

    def get(name, query, **headers):
        return browsers[name].get("/search/", query, headers={"accept-language": "en"} | headers)

    return get


def test_a_clause_leads_to_its_page_and_says_where_it_is_used(searched):
    page = searched("ana", {"q": "FD-LANG-001", "kind": "clause"})
    assert 'href="/clauses/FD-LANG-001/"' in page.text
    assert "Lessons 1Items 1Scenes 1Points observed 1" in text(page)


def test_the_words_found_are_marked(searched):
    assert "The <mark>words</mark> of FD-LANG-001." in searched("mira", {"q": "WORDS"}).text


def test_what_is_found_by_its_short_name_shows_it(searched):
    page = searched("ana", {"q": "greet", "kind": "item"})
    assert '<p class="small quiet num"><mark>greet</mark></p>' in page.text


def test_the_other_language_is_shown_where_only_it_holds_the_word(searched):
    page = searched("mira", {"q": "条文", "kind": "clause"})
    assert '<p class="small quiet" lang="zh-Hans">FD-PROH-001 的<mark>条文</mark>。</p>' in page.text
    assert '<p class="small quiet" lang' not in searched("mira", {"q": "words", "kind": "clause"}).text


@pytest.mark.parametrize("name", ["mira", "otto", "hui"])
@pytest.mark.parametrize("query", ["FEEDBACK-greet", "Question", "Option", "LATER", "Do me first", "queue-jumper"])
def test_what_an_exam_asks_is_found_by_trainers_alone(searched, name, query):
    """Neither in rows nor in counts, whatever is chosen."""
    for chosen in ({}, {"kind": "item"}, {"kind": "scene"}, {"standard": "front-desk"}):
        assert "No place holds" in text(searched(name, {"q": query} | chosen))
    assert "No place holds" not in text(searched("ana", {"q": query}))


def test_a_learner_sees_no_count_of_items(searched):
    page = text(searched("mira", {"q": "FD-LANG-001"}))
    assert ("Lessons 1Points observed 1" in page, "Items" in page, "Scenes" in page) == (True, False, False)


def test_an_item_names_the_clauses_it_cites_and_a_lesson_its_course(searched):
    item, lesson = searched("ana", {"q": "FEEDBACK-greet"}), searched("ana", {"q": "Lesson greet", "kind": "lesson"})
    assert 'href="/clauses/FD-LANG-001/"' in item.text
    assert ('href="/courses/onboarding/greet/"' in lesson.text, "Lesson · onboarding" in text(lesson)) == (True, True)


def test_filters_lead_to_less_and_back(searched):
    page = searched("ana", {"q": "greet"}).text
    assert '<a href="?q=greet&amp;kind=lesson"><span>Lesson</span><span class="num">1</span></a>' in page
    assert '<a href="?q=greet&amp;kind=item"><span>Item</span><span class="num">1</span></a>' in page
    assert '<a href="?q=greet"><span>All</span></a>' in searched("ana", {"q": "greet", "kind": "item"}).text


def test_nothing_found_says_what_to_do(searched):
    page = searched("mira", {"q": "words nowhere", "standard": "front-desk"})
    assert page.status_code == 200
    assert '<a href="?q=words+nowhere">' in page.text
    assert '<a href="?q=words&amp;standard=front-desk"><span>Only “words”</span></a>' in page.text


def test_a_clause_no_longer_in_force_is_named(world, searched):
    make.standard(by=world.root, clauses=make.CLAUSES[:3])
    page = searched("mira", {"q": "fd-proh-001"})
    assert "Clause FD-PROH-001 is no longer in force." in text(page)
    assert 'href="/clauses/FD-PROH-001/"' in page.text


def test_the_empty_page_teaches(searched):
    assert "How to find something" in text(searched("mira", {}))
    assert "How to find something" in text(searched("mira", {"q": "\x00\u200b"}))


@pytest.mark.parametrize(
    "query",
    [
        {"q": "投" * 10_000},
        {"q": "words\x00"},
        {"q": "words", "standard": "\x00", "kind": "\x00", "weight": "'", "page": "-1"},
        {"q": "'; DROP TABLE standards_passage; --"},
        {"q": "\U0001f600 words"},
        {"q": "words", "standard": "no-such-standard", "page": "9" * 5000},
    ],
)
def test_nothing_hostile_breaks_the_page(searched, query):
    assert searched("ana", query).status_code == 200


def test_what_was_asked_is_never_markup(searched):
    page = searched("ana", {"q": "<script>alert(1)</script>"}).text
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)


def test_a_query_too_long_is_cut_and_said(searched):
    assert "the first 200 characters" in text(searched("mira", {"q": "words " * 100}))


def test_the_search_of_a_standard_stays_in_it(world, searched, sign_in):
    make.standard(by=world.root, slug="ward", clauses=("WD-LANG-001",))
    field = '<input type="hidden" name="standard" value="ward">'
    assert field in sign_in(world.mira).get("/standards/ward/").text
    page = searched("mira", {"q": "words", "standard": "ward"})
    assert (field in page.text, "FD-LANG-001" in page.text, "WD-LANG-001" in page.text) == (True, False, True)


def test_the_page_costs_the_same_for_any_number(world, searched, django_assert_max_num_queries):
    make.standard(by=world.root, slug="long", clauses=[f"LG-RULE-{at:03}" for at in range(1, 300)])
    searched("ana", {"q": "words"})
    with django_assert_max_num_queries(9):
        searched("ana", {"q": "words"})


def test_the_api_tells_the_same(world, sign_in):
    browser = sign_in(world.mira)
    told = browser.get("/api/v1/search/", {"q": "FD-LANG-001"}).json()
    assert (told["count"], told["more"], told["pages"], told["counts"]["weight"]) == (1, False, 1, {"important": 1})
    row = told["results"][0]
    assert (row["kind"], row["place"], row["url"]) == ("clause", "FD-LANG-001", "/clauses/FD-LANG-001/")
    assert row["uses"] == {"course": 1, "checklist": 1}
    assert browser.get("/api/v1/search/", {"q": "FEEDBACK-greet"}).json()["count"] == 0
    assert sign_in(world.ana).get("/api/v1/search/", {"q": "FEEDBACK-greet"}).json()["count"] == 1


def test_an_older_database_is_filled_by_migrate(world):
    before = sorted(Passage.objects.values_list("kind", "slug", "place", "plain"))
    Passage.objects.all().delete()
    passages.fill_if_empty()
    assert sorted(Passage.objects.values_list("kind", "slug", "place", "plain")) == before != []
