"""The item bank: found by what it rests on, by words and labels, in order, and as cheap for many as for few."""

import re

import pytest

from quizzes import bank, writing
from quizzes.models import Item
from scoring.retiring import retire
from tests import make

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def ana(world, sign_in):
    return sign_in(world.ana)


def labelled(world, slug="rainy", **fields):
    """A published item with more in its body."""
    body = world.items[0].body | {"stem": make.words("Umbrellas when it rains?", "下雨时的伞？")} | fields
    return make._publish(Item, slug, body, world.root, make.words("Umbrella", "雨伞"))


@pytest.fixture
def listed(ana):
    def listed(**chosen):
        page = ana.get("/items/", chosen, headers=ENGLISH).content.decode()
        return re.findall(r'<td><a href="/items/([\w-]+)/">', page), int(re.search(r"(\d+) items?\b", page)[1])

    return listed


def test_one_row_an_item_drafts_first_then_the_newest(world, listed):
    mine = writing.begin(make.words("Another"), world.items[0].body, by=world.ana)
    writing.rewrite("greet", make.words("t"), world.items[0].body | {"cites": ["FD-PROH-001"]}, by=world.ana,
                    shown=writing.seen(world.items[0]))  # fmt: skip
    assert listed() == ([mine.slug, "order", "manner", "greet"], 4)
    assert listed(clause="FD-PROH-001")[0] == ["greet"]  # its draft cites it
    assert listed(clause=" ＦＤ－ＭＡＮＮ－００１ ")[0] == ["manner"]
    assert listed(state="draft")[0] == [mine.slug, "greet"]
    assert listed(state="published")[0] == ["order", "manner", "greet"]


def test_every_filter_leaves_what_has_it(world, listed):
    labelled(world, roles=["guide"], tags=["雨天 路滑", "wet"], difficulty="hard", type="truefalse")
    assert listed(role="guide")[0] == listed(tag="雨天 路滑")[0] == listed(tag="wet")[0] == ["rainy"]
    assert listed(difficulty="hard")[0] == listed(type="truefalse", tag="wet")[0] == ["rainy"]
    assert (listed(standard="front-desk")[1], listed(standard="ward")[1], listed(owner="ROOT")[1]) == (4, 0, 4)
    assert listed(tag="dry") == listed(clause="fd-none") == ([], 0)
    assert listed(type="essay", state="x", sort="y", page="z")[1] == 4  # no such choice is none


def test_words_find_the_published_and_the_drafts(world, listed):
    labelled(world)
    mine = writing.begin(make.words("Umbrella stand"), world.items[0].body, by=world.ana)
    assert listed(q="umbrella")[0] == [mine.slug, "rainy"]
    assert (listed(q="下雨")[0], listed(q="umbrella nonsense")[1]) == (["rainy"], 0)


def test_what_was_never_on_a_paper_and_what_was_most(world, listed):
    make.score(person=world.mira, subject=world.quiz)
    labelled(world)
    make.item(by=world.root, slug="another")
    assert listed(use="never")[0] == ["another", "rainy"]
    assert listed(sort="use")[0] == ["greet", "manner", "order", "another", "rainy"]


def test_orders(world, listed):
    labelled(world, difficulty="hard", cites=["FD-PROH-001"])
    assert listed(sort="title")[0] == ["greet", "manner", "order", "rainy"]
    assert listed(sort="clause")[0] == ["greet", "manner", "order", "rainy"]
    assert listed(sort="difficulty")[0][-1] == "rainy"


def test_each_choice_says_how_many_it_would_leave_under_the_others(world):
    labelled(world, tags=["wet"], difficulty="hard")
    found = bank.bank({"difficulty": "easy"})
    assert (found.counts["difficulty"], found.counts["tag"]) == ({"easy": 3, "hard": 1}, {})
    assert found.counts["type"] == {"single": 1, "multiple": 1, "ordering": 1}
    assert bank.offered(bank.bank({"tag": "dry"}), "tag") == [("dry", 0), ("wet", 1)]


def test_what_is_out_of_the_bank_is_shown_to_who_asks(world, listed):
    labelled(world)
    retire("item", "rainy", world.ana)
    assert (listed()[1], listed(state="retired")[0], listed(q="umbrella")[1]) == (3, ["rainy"], 0)


def test_choices_stay_in_the_address_and_each_can_be_taken_away(world, ana):
    for number in range(51):
        make.item(by=world.root, slug=f"item-{number}")
    page = ana.get("/items/?type=single&difficulty=easy&sort=title", headers=ENGLISH).content.decode()
    assert page.count('name="item"') == 50
    assert 'href="?type=single&amp;difficulty=easy&amp;sort=title&amp;page=2"' in page or (
        'href="?sort=title&amp;type=single&amp;difficulty=easy&amp;page=2"' in page
    )
    assert 'href="?type=&amp;difficulty=easy&amp;sort=title&amp;page="' in page
    assert "Easy (52)" in page and 'href="/items/">All items' in page


def test_the_bank_costs_the_same_for_many_items(world, ana, django_assert_num_queries):
    ana.get("/items/")
    labels = {"q": "question", "type": "single", "sort": "use"}
    with django_assert_num_queries(7):
        ana.get("/items/")
    for number in range(3):
        make.item(by=world.root, slug=f"item-{number}")
    with django_assert_num_queries(7):
        assert ana.get("/items/").content.decode().count('name="item"') == 6
    with django_assert_num_queries(9):
        ana.get("/items/", labels)


def test_a_duplicate_is_a_draft_of_its_own(world, ana):
    first = ana.post("/items/greet/duplicate/")["Location"]
    assert ana.post("/items/greet/duplicate/")["Location"] == first  # asked twice, one
    draft = Item.objects.drafts().get()
    assert first == f"/items/{draft.slug}/edit/" and draft.slug != "greet"
    assert (draft.body, draft.title_en, draft.owner) == (world.items[0].body, "Copy of greet", world.ana)


def test_what_was_taken_out_is_brought_back_as_its_next_version(world, ana, sign_in):
    labelled(world)
    shown = ana.get("/items/rainy/retire/", headers=ENGLISH).content.decode()
    seen = {"seen": re.search(r'name="seen" value="([^"]+)"', shown)[1]}
    assert sign_in(world.mira).post("/items/rainy/retire/", seen).status_code == 403
    assert ana.post("/items/rainy/retire/", seen)["Location"] == "/items/rainy/"
    page = ana.get("/items/rainy/", headers=ENGLISH).content.decode()
    assert "Out of the bank" in page and "Bring it back" in page
    again = {"seen": re.search(r'again/".*?name="seen" value="([^"]+)"', page, re.DOTALL)[1]}
    assert ana.post("/items/rainy/again/", again).status_code == 302
    back = Item.objects.newest().get(slug="rainy")
    assert (back.number, back.body["stem"]["en"]) == (2, "Umbrellas when it rains?")
    assert ana.post("/items/rainy/again/", again).status_code == 409
    assert Item.objects.newest().get(slug="rainy").number == 2


def test_what_a_quiz_needs_is_not_taken_out(world, ana):
    page = ana.get("/items/greet/retire/", headers=ENGLISH).content.decode()
    assert "could not be drawn" in page and '<button class="button button-primary"' not in page
    seen = {"seen": writing.seen(world.items[0])}
    assert ana.post("/items/greet/retire/", seen, headers=ENGLISH).status_code == 409
    assert Item.objects.newest().filter(slug="greet").exists()
