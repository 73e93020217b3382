"""Many items changed at once: shown first, done whole, each by its own event, and nobody's draft touched."""

import re

import pytest

from config.verifying import verify
from quizzes import writing
from quizzes.models import Item
from scoring import bulk
from staff.models import Event
from standards.models import Clause
from tests import make

ENGLISH = {"accept-language": "en"}
ALL = ["greet", "manner", "order"]


@pytest.fixture
def ana(world, sign_in):
    return sign_in(world.ana)


def post(browser, **values):
    return browser.post("/item-bank/change/", values, headers=ENGLISH)


def shown(page):
    """What the page that asks would send."""
    return {"seen": re.search(r'name="seen" value="(\w+)"', page.content.decode())[1], "do": "change"}


def newest():
    return {item.slug: item for item in Item.objects.newest()}


def test_items_get_their_next_version_once_it_was_looked_at(world, ana):
    page = post(ana, item=ALL, deed="hard", back="type=single")
    assert "becomes version 2" in page.content.decode() and newest()["greet"].number == 1
    done = post(ana, item=ALL, deed="hard", back="type=single", **shown(page))
    assert (done.status_code, done["Location"]) == (302, "/items/?type=single")
    assert {(item.number, item.difficulty, item.body["difficulty"]) for item in newest().values()} == {
        (2, "hard", "hard")
    }
    assert Item.objects.get(slug="greet", number=1).difficulty == "easy"
    told = Event.objects.filter(verb="publish", actor=world.ana).values_list("subject", flat=True)
    assert list(told) == ["item:greet:2", "item:manner:2", "item:order:2"]
    assert verify()["differences"] == []
    again = post(ana, item=ALL, deed="hard", **shown(page))
    assert (again.status_code, newest()["greet"].number) == (302, 2)  # the same form twice changes nothing


def test_tags_and_job_roles_are_put_on_and_taken_off(world, ana):
    for deed, value, wanted in (
        ("add_tag", {"tag": " 雨天  路滑 "}, ["雨天 路滑"]),
        ("drop_tag", {"tag": "雨天 路滑"}, None),
        ("add_role", {"role": "guide"}, ["guide"]),
    ):
        page = post(ana, item=["greet"], deed=deed, **value)
        post(ana, item=["greet"], deed=deed, **value, **shown(page))
        assert newest()["greet"].body.get("tags" if "tag" in deed else "roles") == wanted
    assert newest()["greet"].labels == "\nrole:guide\n"


def test_what_is_needed_is_asked_for(ana):
    first = post(ana, all="1", listed=ALL, deed="add_tag")
    assert first.status_code == 200 and 'name="tag"' in first.content.decode()
    assert "Say which." in post(ana, item=ALL, deed="add_tag", tag=" ").content.decode()
    assert post(ana, deed="add_tag")["Location"] == post(ana, item=ALL, deed="burn")["Location"] == "/items/"


def test_drafts_are_left_out_and_said_so(world, ana):
    body = world.items[0].body | {"points": 2}
    writing.rewrite("greet", make.words("t"), body, by=world.root, shown=writing.seen(world.items[0]))
    theirs = writing.begin(make.words("New"), body, by=world.root)
    steps = bulk.plan([*ALL, theirs.slug], "hard", "hard", by=world.ana)
    assert [step.what for step in steps] == ["left", "changed", "changed", "left"]
    assert [step.what for step in bulk.plan([theirs.slug], "hard", "hard", by=world.root)] == ["changed"]
    assert (
        bulk.change(
            [theirs.slug],
            "hard",
            "hard",
            by=world.root,
            seen=bulk.shown(bulk.plan([theirs.slug], "hard", "hard", by=world.root)),
        )
        == 1
    )
    draft = Item.objects.draft_of(theirs.slug)
    assert (draft.number, draft.difficulty, draft.revision) == (None, "hard", 2)


def test_drafts_are_published_together_or_none_is(world, ana):
    body = world.items[0].body
    drafts = [writing.begin(make.words(f"New {n}"), body | {"points": n}, by=world.ana) for n in (1, 2)]
    Item.objects.filter(pk=drafts[1].pk).update(body=body | {"cites": ["FD-GONE-001"]})
    slugs = [draft.slug for draft in drafts]
    steps = bulk.plan(slugs, "publish", "publish", by=world.ana)
    assert [step.what for step in steps] == ["changed", "left"] and "FD-GONE-001" in steps[1].why
    assert bulk.change(slugs, "publish", "publish", by=world.ana, seen=bulk.shown(steps)) == 1
    assert [Item.objects.filter(slug=slug, number=1).count() for slug in slugs] == [1, 0]


def test_a_change_meanwhile_is_looked_at_again(world, ana):
    page = post(ana, item=ALL, deed="hard")
    writing.rewrite(
        "greet", make.words("t"), world.items[0].body | {"points": 2}, by=world.root, shown=writing.seen(world.items[0])
    )
    assert post(ana, item=ALL, deed="hard", **shown(page)).status_code == 409
    assert {item.number for item in newest().values()} == {1}


def test_items_are_handed_over_and_keep_their_version(world, ana):
    page = post(ana, item=ALL, deed="owner", owner=world.ana.pk)
    post(ana, item=ALL, deed="owner", owner=world.ana.pk, **shown(page))
    assert {(item.owner, item.number) for item in newest().values()} == {(world.ana, 1)}
    assert "Select a valid choice" in post(ana, item=ALL, deed="owner", owner=world.mira.pk).content.decode()


def test_as_many_leave_the_bank_as_the_quizzes_can_spare(world, ana):
    for slug in ("spare", "second"):
        make.item(by=world.root, slug=slug, cites=("FD-PROH-001",))
    steps = bulk.plan(["spare", "second", "greet", "order"], "retire", "retire", by=world.ana)
    assert [step.what for step in steps] == ["changed", "changed", "left", "left"]
    assert bulk.change(["spare", "second", "greet"], "retire", "retire", by=world.ana, seen=bulk.shown(steps[:3])) == 2
    assert sorted(newest()) == ALL and Clause.objects.filter(key="FD-PROH-001").exists()
    assert Event.objects.filter(verb="retire").count() == 2 and verify()["differences"] == []


def test_a_page_of_items_costs_the_same_statements_to_look_at(world, ana, django_assert_max_num_queries):
    for number in range(10):
        make.item(by=world.root, slug=f"item-{number}")
    with django_assert_max_num_queries(8):
        post(ana, item=[*ALL, *(f"item-{n}" for n in range(10))], deed="hard")
