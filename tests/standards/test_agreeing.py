"""The terms a draft is published on, and the second person who agrees to it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from scoring.releasing import release
from staff.frozen import Frozen
from staff.models import Event
from standards.agreeing import NotAgreed, agree, agreed, ask, terms
from standards.models import ContentReview, Standard
from standards.reviewing import edit, seen
from tests import make

LANG = "FD-LANG-001"
ENGLISH = {"accept-language": "en"}
PAGE = "/standards/front-desk/publish/"


@pytest.fixture
def two(settings):
    settings.PUBLISHING_NEEDS_TWO = True


@pytest.fixture
def draft(world):
    return make.next_standard(by=world.ana, changes={LANG: make.words("Speak first, at once.", "立刻先开口。")})


@pytest.fixture
def eva(world):
    return make.user(number="EVA", groups=["trainer"])


def now(draft):
    return Standard.objects.get(pk=draft.pk)


def shown(draft):
    return f"{draft.pk}-{now(draft).revision}"


def post(browser, draft, deed="", **data):
    return browser.post(f"{PAGE}{deed}", {"shown": shown(draft)} | data)


def today():
    return timezone.localdate()


def test_a_second_person_agrees_and_it_is_published(world, draft, eva, two, sign_in):
    ana = sign_in(world.ana)
    assert post(ana, draft).status_code == 409
    assert post(ana, draft, "ask/", effective_on=today() + timedelta(days=9)).status_code == 302
    assert post(sign_in(eva), draft, "agree/").status_code == 302
    assert post(ana, draft, effective_on=today() + timedelta(days=9)).status_code == 302
    version = Standard.objects.newest().get(slug="front-desk")
    assert (version.number, version.effective_on) == (2, today() + timedelta(days=9))
    assert (version.body["agreed"]["by"], version.published_by) == (eva.pk, world.ana)
    told = [(event.verb, event.actor) for event in Event.objects.filter(verb__in=["ask-review", "agree"])]
    assert told == [("ask-review", world.ana), ("agree", eva)]


def test_without_the_setting_one_person_publishes(world, draft, sign_in):
    assert post(sign_in(world.ana), draft).status_code == 302
    assert "agreed" not in Standard.objects.newest().get(slug="front-desk").body


def test_agreeing_to_oneself_is_not_enough(world, draft, eva, two):
    told = {"effective_on": today(), "editorial": set(), "reason": ""}
    ask(draft, world.ana, told)
    agree(now(draft), world.ana)
    with pytest.raises(NotAgreed, match="yourself"), override("en"):
        release(now(draft), world.ana, effective_on=today())
    assert release(now(draft), eva, effective_on=today()).version.body["agreed"]["by"] == world.ana.pk


def test_nobody_agrees_before_somebody_asks(world, draft, eva, two, sign_in):
    assert post(sign_in(eva), draft, "agree/").status_code == 409


@pytest.mark.parametrize("change", ["a word", "the date", "a tick"])
def test_whatever_changes_after_it_makes_it_void(world, draft, eva, two, change):
    ask(draft, world.ana, {"effective_on": today(), "editorial": set(), "reason": ""})
    agree(now(draft), eva)
    assert agreed(now(draft))["by"] == eva.pk
    told = {"effective_on": today()}
    if change == "a word":
        row = now(draft).body["clauses"][1]
        edit(now(draft), row["key"], {"text": make.words("Else.")}, shown=seen(row))
        assert agreed(now(draft)) is None
    elif change == "the date":
        told = {"effective_on": today() + timedelta(days=1)}
    else:
        told |= {"editorial": [LANG], "reason": "The same."}
    with pytest.raises(NotAgreed):
        release(now(draft), world.ana, **told)
    assert Standard.objects.draft_of("front-desk") is not None


def test_agreeing_is_to_what_was_shown(world, draft, eva, two, sign_in):
    old = shown(draft)
    row = draft.body["clauses"][1]
    edit(draft, row["key"], {"text": make.words("Else.")}, shown=seen(row))
    assert sign_in(eva).post(f"{PAGE}agree/", {"shown": old}).status_code == 409
    assert sign_in(eva).post(f"{PAGE}agree/").status_code == 409
    assert now(draft).body.get("agreed") is None
    with pytest.raises(Frozen):
        agree(draft, eva)


def test_a_void_agreement_is_not_published_with_the_version(world, draft, eva):
    agree(draft, eva)
    version = release(now(draft), eva, effective_on=today()).version
    assert "agreed" not in version.body and "asked" not in version.body


def test_the_page_says_what_to_do_next(world, draft, eva, two, sign_in):
    ana, second = sign_in(world.ana), sign_in(eva)
    assert "Ask for review" in ana.get(PAGE, headers=ENGLISH).content.decode()
    post(ana, draft, "ask/", editorial=LANG, reason="A comma.")
    assert terms(now(draft).body) == {"effective_on": today(), "editorial": {LANG}, "reason": "A comma."}
    page = second.get(PAGE, headers=ENGLISH).content.decode()
    assert "Ana asks you to read this draft." in page and "I have read this draft and agree" in page
    assert f'value="{LANG}" form="release" checked' in page and "A comma." in page
    post(second, draft, "agree/")
    assert "Eva has read this draft as it stands and agrees." in ana.get(PAGE, headers=ENGLISH).content.decode()
    assert "Another trainer publishes it." in second.get(PAGE, headers=ENGLISH).content.decode()
    for browser in (ana, second):
        assert browser.get(PAGE).content.decode().count("button-primary") == (browser is ana)


# --- the form -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 302),
        ({"effective_on": "2026-02-30"}, 422),
        ({"effective_on": "1949-10-01"}, 422),
        ({"effective_on": "9999-12-31"}, 422),
        ({"effective_on": "soon"}, 422),
        ({"effective_on": "2020-01-01"}, 302),
        ({"editorial": [LANG]}, 422),  # why?
        ({"editorial": [LANG], "reason": "   "}, 422),
        ({"editorial": [LANG], "reason": "\x00"}, 422),
        ({"editorial": [LANG], "reason": "x" * 501}, 422),
        ({"editorial": ["FD-MANN-001"], "reason": "Not reworded."}, 422),
        ({"editorial": [LANG], "reason": "逗号。<script>"}, 302),
        ({"reason": "No tick."}, 302),
    ],
)
def test_the_form_is_taken_or_says_what_is_wrong(world, draft, sign_in, data, status):
    response = post(sign_in(world.ana), draft, **data)
    assert response.status_code == status
    assert (Standard.objects.draft_of("front-desk") is None) == (status == 302)


def test_only_what_was_shown_is_published(world, draft, sign_in):
    browser, old = sign_in(world.ana), shown(draft)
    row = draft.body["clauses"][1]
    edit(draft, row["key"], {"text": make.words("Else.")}, shown=seen(row))
    assert browser.post(PAGE, {"shown": old}).status_code == 409
    assert browser.post(PAGE, {}).status_code == 422
    assert Standard.objects.draft_of("front-desk") is not None


def test_published_twice_is_said(world, draft, sign_in):
    browser, old = sign_in(world.ana), shown(draft)
    assert browser.post(PAGE, {"shown": old}).status_code == 302
    response = browser.post(PAGE, {"shown": old}, headers=ENGLISH)
    assert (response.status_code, "Somebody else published this draft" in response.content.decode()) == (409, True)
    assert browser.get(PAGE)["Location"] == "/standards/front-desk/"
    assert ContentReview.objects.filter(standard__number=2).count() == 4


def test_the_page_tells_what_follows(world, draft, sign_in):
    make.score(person=world.mira, subject=world.quiz)
    lost = make.user(number="LOST", name="Lost Person")
    make.score(person=lost, subject=world.quiz)
    page = sign_in(world.ana).get(PAGE, headers=ENGLISH).content.decode()
    assert "4 places go on the review list" in page and "2 people were taught, tested or observed" in page
    assert "They read 1 changed clause and answer 1 question" in page and "Lost Person (LOST)" in page
    done = post(sign_in(world.ana), draft)
    page = sign_in(world.ana).get(done["Location"], headers=ENGLISH).content.decode()
    assert "Version 2" in page
