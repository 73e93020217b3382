"""Writing an item: from a gap in the coverage to a published version, and nobody's words lost on the way."""

import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.verifying import verify
from quizzes import taking, writing
from quizzes.item_forms import typed_keys
from quizzes.item_rules import item_problems
from quizzes.models import Item
from staff.models import Event
from standards.models import Citation
from tests import make

ENGLISH = {"accept-language": "en"}


def typed(**fields):
    """What a browser sends for a sound item of one answer."""
    return {
        "type": "single", "difficulty": "easy", "points": "1", "cites": "FD-PROH-001", "rows": "6", "seen": "",
        "stem_zh": "客人骂你，怎么办？", "stem_en": "A guest swears at you. What now?",
        "option-1-zh": "骂回去", "option-1-en": "Swear back",
        "option-2-zh": "先听完", "option-2-en": "Hear them out", "option-2-right": "on",
        "feedback_zh": "不与客人争吵。", "feedback_en": "We do not quarrel with guests.",
    } | {name.replace("__", "-"): value for name, value in fields.items()}  # fmt: skip


def write(browser, **fields):
    """The draft that the form makes."""
    response = browser.post("/items/new/", typed(**fields), headers=ENGLISH)
    assert response.status_code == 302, re.findall(r"<span>([^<]+)</span></div>", response.content.decode())
    return Item.objects.draft_of(response["Location"].split("/")[2])


def text(response):
    return response.content.decode()


@pytest.fixture
def ana(world, sign_in):
    return sign_in(world.ana)


def test_a_trainer_writes_looks_and_publishes(world, ana):
    before = Citation.objects.of_clauses(["FD-PROH-001"]).counted()["FD-PROH-001"]
    form = text(ana.get("/items/new/?clause=FD-PROH-001", headers=ENGLISH))
    assert 'value="FD-PROH-001"' in form and "The words of FD-PROH-001." in form
    draft = write(ana)
    assert (draft.number, draft.owner, draft.slug) == (None, world.ana, "fd-proh-001-a-guest-swears-at-you")
    assert draft.body["standard"] == "front-desk" and item_problems(draft.body) == []
    page = text(ana.get(f"/items/{draft.slug}/?version=draft", headers=ENGLISH))
    assert all(words in page for words in ("先听完", "Hear them out", "We do not quarrel", "Publish as version 1"))
    ana.post(f"/items/{draft.slug}/publish/", {"seen": writing.seen(draft)})
    assert (Item.objects.newest().get(slug=draft.slug).number, Item.objects.draft_of(draft.slug)) == (1, None)
    assert Citation.objects.of_clauses(["FD-PROH-001"]).counted()["FD-PROH-001"] == before + 1
    assert draft.slug in {entry["slug"] for entry in taking.pool("front-desk")}
    told = Event.objects.filter(subject__startswith=f"item:{draft.slug}").values_list("verb", "actor")
    assert list(told) == [("draft-item", world.ana.pk), ("publish", world.ana.pk)]
    assert verify()["differences"] == []


BODIES = {
    "single": ({}, ["a", "b"], ["b"]),
    "multiple": ({"option__1__right": "on"}, ["a", "b"], ["a", "b"]),
    "truefalse": ({}, ["true", "false"], ["false"]),
    "ordering": ({"option__2__right": ""}, ["a", "b"], ["a", "b"]),
}


@pytest.mark.parametrize("kind", BODIES)
def test_each_type_gets_its_keys_and_its_key(ana, kind):
    fields, keys, right = BODIES[kind]
    body = write(ana, type=kind, **fields).body
    assert ([option["key"] for option in body["options"]], body["right"]) == (keys, right)


def test_true_and_false_say_so_by_themselves_in_the_languages_of_the_question(ana):
    rows = {f"option__{n}__{language}": "" for n in (1, 2) for language in ("zh", "en")}
    body = write(ana, type="truefalse", stem_zh="", feedback_zh="", **rows).body
    assert [option["text"] for option in body["options"]] == [{"en": "True"}, {"en": "False"}]


def test_one_language_may_be_left_empty_everywhere(ana):
    body = write(ana, stem_en="", feedback_en="", option__1__en="", option__2__en="").body
    assert (list(body["stem"]), list(body["options"][0]["text"])) == (["zh"], ["zh"])


WRONG = {
    "no question": ({"stem_zh": "", "stem_en": ""}, "Chinese is missing in the stem."),
    "half a language": ({"stem_en": ""}, "English is missing in the stem."),
    "half an option": ({"option__2__en": ""}, "English is missing in option “2”."),
    "no key": ({"option__2__right": ""}, "No right answer is given."),
    "two keys": ({"option__1__right": "on"}, "An item of type One answer has exactly one right answer, not 2."),
    "one option": ({"option__1__zh": "", "option__1__en": ""}, "An item has at least two options."),
    "three truths": (
        {"type": "truefalse", "option__3__zh": "也许", "option__3__en": "Maybe"},
        "True or false has two options, the first true and the second false: empty the others.",
    ),
    "no clause": ({"cites": "  "}, "This field is required."),
    "an unknown clause": (
        {"cites": "FD-PROH-001 NO-SUCH-001"},
        "No standard in force holds NO-SUCH-001. Mend the key, or take it out.",
    ),
    "no points": ({"points": "0"}, "Ensure this value is greater than or equal to 1."),
    "a strange type": ({"type": "essay"}, "Select a valid choice. essay is not one of the available choices."),
    "a NUL": ({"stem_zh": "\0"}, "Null characters are not allowed."),
    "too long": ({"feedback_zh": "长" * 20_001}, "Ensure this value has at most 20000 characters (it has 20001)."),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_lost(ana, name):
    fields, sentence = WRONG[name]
    response = ana.post("/items/new/", typed(**fields), headers=ENGLISH)
    assert response.status_code == 422
    page = text(response)
    assert sentence in page
    sent = typed(**fields)
    assert [name for name in sent if re.search("_|-(zh|en)", name) and sent[name] not in page] == []
    assert Item.objects.drafts().count() == 0


def test_every_mistake_is_told_at_once(ana):
    page = text(ana.post("/items/new/", typed(stem_en="", option__2__right="", cites="X"), headers=ENGLISH))
    assert all(
        words in page for words in ("English is missing in the stem.", "No right answer is given.", "holds X. Mend")
    )


def test_the_sentences_are_in_the_readers_language(ana):
    page = text(ana.post("/items/new/", typed(stem_en=""), headers={"accept-language": "zh-hans"}))
    assert "English is missing" not in page and "英文" in page


@pytest.mark.parametrize(("do", "rows"), [("option", 7), ("words", 6)])
def test_one_more_option_and_the_words_of_clauses_keep_what_was_typed(ana, do, rows):
    response = ana.post("/items/new/", typed(do=do, cites="FD-PROH-001，ＦＤ－ＭＡＮＮ－００１"), headers=ENGLISH)
    page = text(response)
    assert (response.status_code, page.count('<li class="option-row')) == (200, rows)
    assert all(words in page for words in ("骂回去", "The words of FD-MANN-001.", "The words of FD-PROH-001."))
    assert 'class="error"' not in page and Item.objects.drafts().count() == 0


def test_there_are_never_more_than_eight_options(ana):
    for rows in ("8", "99", "-1", "x", "9" * 30):
        assert text(ana.post("/items/new/", typed(do="option", rows=rows))).count('<li class="option-row') <= 8


def test_a_hostile_question_is_shown_as_words(ana):
    draft = write(ana, stem_zh="<script>alert(1)</script>", option__1__zh='"><img src=x>')
    page = text(ana.get(f"/items/{draft.slug}/"))
    assert "<script>alert" not in page and "<img src=x>" not in page and "&lt;script&gt;alert" in page


def test_the_same_words_sent_twice_are_one_draft(ana):
    assert write(ana).pk == write(ana).pk


def test_items_that_begin_alike_get_names_of_their_own(ana):
    first, second = write(ana), write(ana, feedback_en="Never quarrel.")
    assert first.slug != second.slug and second.slug.startswith(first.slug)
    ana.post(f"/items/{first.slug}/publish/", {"seen": writing.seen(first)})
    assert write(ana, feedback_en="Not ever.").slug not in (first.slug, second.slug)


def test_editing_a_published_item_begins_its_next_version(world, ana):
    item = world.items[0]
    page = text(ana.get("/items/greet/edit/", headers=ENGLISH))
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    assert "Question greet?" in page and seen == writing.seen(item)
    ana.post("/items/greet/edit/", typed(seen=seen, cites="FD-LANG-001"))
    draft = Item.objects.draft_of("greet")
    assert (draft.title_en, Item.objects.newest().get(slug="greet")) == ("A guest swears at you. What now?", item)
    ana.post("/items/greet/publish/", {"seen": writing.seen(draft)})
    assert Item.objects.published_numbers("greet") == [2, 1]
    assert "Question greet?" in text(ana.get("/items/greet/?version=1", headers=ENGLISH))
    assert verify()["differences"] == []


def test_a_save_without_a_change_begins_nothing(world, ana):
    item = world.items[0]
    same = {f"option-{n}-{name}": option["text"].get(name, option["key"]) for n, option in
            enumerate(item.body["options"], 1) for name in ("zh", "en", "key")}  # fmt: skip
    fields = {"stem_zh": item.body["stem"]["zh"], "stem_en": item.body["stem"]["en"], "cites": "FD-LANG-001"}
    fields |= {f"feedback_{each}": item.body["feedback"][each] for each in ("zh", "en")}
    fields |= {"title_zh": item.title_zh, "title_en": item.title_en, "seen": writing.seen(item)}
    response = ana.post("/items/greet/edit/", typed() | same | fields)
    assert (response["Location"], Item.objects.draft_of("greet")) == ("/items/greet/", None)


def test_who_saves_second_sees_both_texts_and_may_save_over_them(world, ana, sign_in):
    draft = write(ana)
    address, seen = f"/items/{draft.slug}/edit/", writing.seen(draft)
    ana.post(address, typed(seen=seen, feedback_en="From Ana."))
    response = sign_in(world.root).post(address, typed(seen=seen, feedback_en="From root."), headers=ENGLISH)
    page = text(response)
    assert response.status_code == 409
    assert "From Ana." in page and "From root." in page and "Somebody else changed this item meanwhile." in page
    again = re.search(r'name="seen" value="([^"]+)"', page)[1]
    sign_in(world.root).post(address, typed(seen=again, feedback_en="From root."))
    assert Item.objects.draft_of(draft.slug).body["feedback"]["en"] == "From root."
    assert verify()["differences"] == []


def test_a_draft_discarded_meanwhile_keeps_the_words_for_a_new_one(world, ana):
    draft = write(ana)
    writing.discard(draft.slug, by=world.root, shown=writing.seen(draft))
    response = ana.post(f"/items/{draft.slug}/edit/", typed(seen=writing.seen(draft)), headers=ENGLISH)
    page = text(response)
    assert response.status_code == 409 and "Hear them out" in page and 'action="/items/new/"' in page


def test_two_trainers_publishing_at_once_is_one_sentence(world, ana, sign_in):
    draft = write(ana)
    form = {"seen": writing.seen(draft)}
    answers = [
        sign_in(each).post(f"/items/{draft.slug}/publish/", form, headers=ENGLISH) for each in (world.ana, world.root)
    ]
    assert [answer.status_code for answer in answers] == [302, 409]
    assert f"changed, published or discarded “{draft.slug}” meanwhile. Open it again." in text(answers[1])
    assert Item.objects.published_numbers(draft.slug) == [1]


def test_what_was_changed_since_it_was_looked_at_is_not_published(world, ana):
    draft = write(ana)
    writing.rewrite(draft.slug, {}, draft.body | {"points": 2}, by=world.root, shown=writing.seen(draft))
    response = ana.post(f"/items/{draft.slug}/publish/", {"seen": writing.seen(draft)})
    assert (response.status_code, Item.objects.published_numbers(draft.slug)) == (409, [])


def test_a_clause_no_longer_in_force_is_named_and_nothing_is_published(world, ana):
    draft = write(ana)
    make.standard(by=world.root, clauses=make.CLAUSES[:3])
    response = ana.post(f"/items/{draft.slug}/publish/", {"seen": writing.seen(draft)}, headers=ENGLISH)
    assert response.status_code == 409
    assert "Clause FD-PROH-001 is no longer in force. Edit the draft: take it out, or cite another." in text(response)
    assert (Item.objects.draft_of(draft.slug).pk, Event.objects.last().subject) == (draft.pk, "standard:front-desk:2")
    assert "No longer in force" in text(ana.get(f"/items/{draft.slug}/", headers=ENGLISH))


def test_discarding_asks_first_and_leaves_what_is_published(world, ana):
    ana.post("/items/greet/edit/", typed(seen=writing.seen(world.items[0])))
    draft = Item.objects.draft_of("greet")
    page = text(ana.get("/items/greet/discard/", headers=ENGLISH))
    assert "Version 1 stays in force as it is." in page and Item.objects.draft_of("greet")
    ana.post("/items/greet/discard/", {"seen": writing.seen(draft)})
    assert (Item.objects.draft_of("greet"), Item.objects.published_numbers("greet")) == (None, [1])
    assert Event.objects.last().before["draft"] == draft.pk and verify()["differences"] == []
    assert ana.post("/items/greet/discard/", {"seen": writing.seen(draft)}).status_code == 409


def test_nobody_but_a_trainer_sees_an_item(world, ana, sign_in):
    draft = write(ana)
    pages = ["/items/", "/items/new/", "/items/greet/", f"/items/{draft.slug}/edit/"]
    for person in (world.mira, world.otto, world.hui):
        browser = sign_in(person)
        answers = [browser.get(page) for page in pages]
        assert {answer.status_code for answer in answers} == {403}
        assert not any("Question greet" in text(answer) for answer in answers)


def test_the_bank_is_one_row_an_item_and_filters(world, ana):
    ana.post("/items/greet/edit/", typed(seen=writing.seen(world.items[0])))
    draft = write(ana, stem_en="Another?")

    def listed(**chosen):
        page = text(ana.get("/items/", chosen, headers=ENGLISH))
        return re.findall(r'<tr><td><a href="/items/([\w-]+)/">', page), int(re.search(r"(\d+) items?\b", page)[1])

    assert listed() == ([draft.slug, "order", "manner", "greet"], 4)
    assert listed(clause="fd-none") == ([], 0)
    assert listed(clause="FD-PROH-001")[0] == [draft.slug, "greet"]
    assert listed(clause=" ＦＤ－ＭＡＮＮ－００１ ")[0] == ["manner"]
    assert listed(state="draft")[0] == [draft.slug, "greet"]
    assert listed(state="published")[0] == ["order", "manner", "greet"]
    assert listed(type="ordering")[0] == ["order"]
    assert listed(standard="front-desk")[1] == 4 and listed(standard="ward")[1] == 0
    assert listed(type="essay", state="x", page="z")[1] == 4


def test_the_bank_costs_the_same_for_many_items(world, ana, django_assert_num_queries):
    ana.get("/items/")
    with django_assert_num_queries(6):
        ana.get("/items/")
    for number in range(60):
        make.item(by=world.root, slug=f"item-{number}")
    with django_assert_num_queries(6):
        page = ana.get("/items/")
    assert text(page).count("<tr><td>") == 50


@given(st.text(max_size=200))
def test_typed_keys_are_each_once_and_never_empty(words):
    keys = typed_keys(words)
    assert len(keys) == len(set(keys)) and all(key and not key.isspace() for key in keys)


@given(st.text(max_size=40), st.text(max_size=300))
def test_a_name_is_always_a_slug(key, words):
    for slug in islice(writing._slugs({"en": words}, {"cites": [key]}), 3):
        assert re.fullmatch(r"[a-z0-9_-]{1,80}", slug)


@pytest.mark.parametrize("do", ["", "words"])
@pytest.mark.parametrize("keys", [" ".join(f"K{n}" for n in range(260_000)), "FD-LANG-001\0K1"], ids=["many", "nul"])
def test_more_keys_than_a_database_takes_and_a_nul_are_told(world, sign_in, keys, do):
    response = sign_in(world.ana).post("/items/new/", {"cites": keys, "type": "single", "do": do})
    assert (response.status_code, Item.objects.drafts().count()) == (200 if do else 422, 0)
