"""Rescoring on a page and as a command: the list first, then exactly it; and what a learner is told."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from quizzes.models import Item
from scoring import rescoring
from scoring.models import Rescoring, Score
from scoring.rescore_forms import RescoreForm
from scoring.telling import news
from tests import make

RIGHT = {"greet": ["b"], "manner": ["a", "c"], "order": ["c", "a", "b"]}
PAGE = "/items/greet/rescore/"


@pytest.fixture
def sign_in(sign_in):
    """In English, whose sentences these tests look for."""

    def in_english(person):
        browser = sign_in(person)
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return in_english


def take(world, person, **responses):
    return make.handed_in(person=person, subject=world.quiz, responses=RIGHT | responses)


def listed(browser, data, page=PAGE):
    """The list's page, and the form that it carries."""
    html = browser.post(page, data).content.decode()
    hidden = re.findall(r'<input type="hidden" name="(?!csrf)([\w-]+)" value="([^"]*)"', html)
    form = {}
    for name, value in hidden:
        form.setdefault(name, []).append(value)
    return html, form | {"do": "write"}


def test_the_list_is_shown_and_then_written_and_the_learner_told_why(world, sign_in):
    score = take(world, world.mira, greet=["a"])
    ana, mira = sign_in(world.ana), sign_in(world.mira)
    html, form = listed(ana, {"kind": "rekey", "right": "a", "reason": "Both greet."})
    assert [words in html for words in ("Mira", "66.7", "100.0", "passes now")] == [True] * 4
    assert Score.objects.count() == 1
    assert ana.post(PAGE, form)["Location"] == "/items/greet/"
    told = "Your result changed from 66.7 to 100.0."
    pages = [
        mira.get(address).content.decode() for address in ("/", "/marks/", f"/attempts/{score.attempt_id}/result/")
    ]
    assert [told in page and "Why: Both greet." in page for page in pages] == [True] * 3
    # The key beside the answer is the one it was marked by.
    assert pages[2].count("chosen, right") == 3  # one here, and two of another item
    assert news(world.pavel) == []


def test_the_news_stands_for_thirty_days_and_on_the_result_for_ever(world, sign_in, monkeypatch):
    score = take(world, world.mira, greet=["a"])
    item = world.items[0]
    shown = rescoring.dry_run(item, "void", {}).digest
    rescoring.rescore(item, "void", {}, by=world.ana, reason="Ambiguous.", shown=shown)
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr("scoring.telling.timezone.now", lambda: later)
    mira = sign_in(world.mira)
    assert "Ambiguous." not in mira.get("/marks/").content.decode()
    assert "counts no more" in mira.get(f"/attempts/{score.attempt_id}/result/").content.decode()


def test_a_list_that_changed_is_shown_anew_and_nothing_is_written(world, sign_in):
    take(world, world.mira, greet=["a"])
    ana = sign_in(world.ana)
    _html, form = listed(ana, {"kind": "void", "reason": "Ambiguous."})
    take(world, world.pavel, greet=["a"])
    response = ana.post(PAGE, form)
    assert (response.status_code, Rescoring.objects.count()) == (409, 0)
    assert "The list changed since you saw it" in response.content.decode()
    assert ana.post(PAGE, form | {"shown": "0" * 64}).status_code == 409
    assert ana.post(PAGE, form | {"shown": ""}).status_code == 409


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "void"},
        {"kind": "rekey", "reason": "Why.", "right": "z"},
        {"kind": "rekey", "reason": "Why.", "right": "b"},
        {"kind": "reweigh", "reason": "Why.", "points": "0"},
        {"kind": "repoint", "reason": "Why."},
        {"kind": "erase", "reason": "Why."},
    ],
)
def test_a_form_without_a_reason_or_sense_is_shown_again(world, sign_in, data):
    response = sign_in(world.ana).post(PAGE, data | {"do": "write"})
    assert (response.status_code, Rescoring.objects.count()) == (422, 0)


def test_many_results_are_a_job(world, sign_in, monkeypatch):
    take(world, world.mira, greet=["a"])
    monkeypatch.setattr(rescoring, "AT_ONCE", 0)
    ana = sign_in(world.ana)
    _html, form = listed(ana, {"kind": "void", "reason": "Ambiguous."})
    assert re.fullmatch(r"/jobs/\d+/", ana.post(PAGE, form)["Location"])


# --- a key of each type -----------------------------------------------------------

KEYED = {
    "rank": ({"place-a": "1", "place-b": "2", "place-c": "3"}, {"right": ["a", "b", "c"]}),
    "bestworst": ({"best": "a", "worst": "c"}, {"best": "a", "worst": "c"}),
    "matching": ({"pair-a": "x", "pair-b": "y"}, {"pairs": {"a": "x", "b": "y"}}),
    "numeric": (
        {"value-1": "6", "tolerance-1": "0.5", "percent-1": "100", "value-3": "7", "percent-3": "50"},
        {"answers": [{"value": "6", "tolerance": "0.5", "percent": 100}, {"value": "7", "percent": 50}]},
    ),
    "fill": (
        {"blank-one": "您好\n你好 | 50", "blank-two": "OTHER"},
        {
            "blanks": [
                {"key": "one", "accepted": [{"text": "您好", "percent": 100}, {"text": "你好", "percent": 50}]},
                {"key": "two", "accepted": [{"text": "OTHER", "percent": 100}]},
            ]
        },
    ),
}


@pytest.mark.parametrize("kind", KEYED)
def test_every_type_is_keyed_by_its_own_fields(kind):
    item = Item(body=make.body_of(kind))
    data, wanted = KEYED[kind]
    form = RescoreForm({"kind": "rekey", "reason": "Why."} | data, item=item, body=item.body)
    assert (form.is_valid(), form.rescored) == (True, wanted)


def test_options_are_weighed_by_the_rule_of_weights():
    body = make.body_of("bestworst") | {"type": "multiple", "right": ["a", "b"]}
    data = {"kind": "rekey", "reason": "Why.", "right": ["a", "c"], "rule": "weights", "weight-a": "60"}
    form = RescoreForm(data, item=Item(body=body), body=body)
    assert form.is_valid()
    assert form.rescored == {"right": ["a", "c"], "credit": {"rule": "weights", "weights": {"a": 60}}}
    assert not RescoreForm(data | {"weight-a": ""}, item=Item(body=body), body=body).is_valid()
    assert not RescoreForm(data | {"weight-a": "900"}, item=Item(body=body), body=body).is_valid()


# --- the command --------------------------------------------------------------------


def command(*arguments):
    out = StringIO()
    call_command("rescore", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_command_lists_first_and_writes_the_same(world):
    take(world, world.mira, greet=["a"])
    dry = command("greet", "--kind", "void", "--dry-run")
    assert (dry["asked"], dry["passes_now"], Rescoring.objects.count()) == (1, 1, 0)
    assert [(row["before"], row["after"]) for row in dry["changes"]] == [("66.7", "100.0")]
    done = command("greet:1", "--kind", "void", "--reason", "Ambiguous.", "--by", "ana")
    assert done["changes"] == dry["changes"] and Rescoring.objects.get().by == world.ana


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing", "--kind", "void", "--reason", "Why."),
        ("greet", "--kind", "void"),
        ("greet", "--kind", "rekey", "--reason", "Why.", "--change", "{"),
        ("greet", "--kind", "rekey", "--reason", "Why.", "--change", "[]"),
        ("greet", "--kind", "rekey", "--reason", "Why.", "--change", '{"right": ["z"]}'),
        ("greet", "--kind", "void", "--reason", "Why.", "--by", "nobody"),
    ],
)
def test_the_command_says_what_is_wrong(world, arguments):
    with pytest.raises(CommandError):
        command(*arguments)
    assert Rescoring.objects.count() == 0
