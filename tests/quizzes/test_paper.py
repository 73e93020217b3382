"""A paper to print and its answer sheet."""

import re

from quizzes.on_paper import questions
from tests import make


def page(browser, address):
    return browser.get(address, headers={"accept-language": "en"}).content.decode()


def test_a_paper_is_drawn_and_keeps_its_address(world, sign_in):
    ana = sign_in(world.ana)
    address = ana.get("/quizzes/first-month/paper/")["Location"]
    first, again = page(ana, address), page(ana, address)
    assert re.findall("Question [a-z]+", first) == re.findall("Question [a-z]+", again)
    assert len(re.findall("Option . of greet", first)) == 3
    assert ana.get("/quizzes/first-month/paper/")["Location"] != address


def test_the_paper_holds_no_key_and_the_sheet_of_the_same_number_does(world, sign_in):
    ana = sign_in(world.ana)
    paper, key = page(ana, "/quizzes/first-month/paper/abc/"), page(ana, "/quizzes/first-month/paper/abc/key/")
    number = re.compile(r"paper ([0-9A-F]{8})")
    assert number.search(paper)[1] == number.search(key)[1]
    assert "FEEDBACK" not in paper and "FD-LANG-001" not in paper
    order = re.findall(r"<b>([ABC])</b> Option (.) of greet", paper)
    right = next(letter for letter, option in order if option == "b")
    assert re.findall(r"<b>([ABC])</b> Option b of greet", key) == [right]
    assert "FD-LANG-001" in key
    assert ana.get("/quizzes/first-month/paper/seventeen-letters-/").status_code == 404


def test_every_type_has_an_answer_or_a_rubric():
    def one(kind, **body):
        whole = {"type": kind, "stem": make.words("?"), "points": 1, "cites": ["A-1"]} | body
        keys = [option["key"] for option in body.get("options", ())][::-1]
        return questions([({"options": keys}, whole)])[0]

    options = [{"key": key, "text": make.words(key)} for key in "ab"]
    choices = [{"key": key, "text": make.words(key)} for key in "xy"]
    assert one("single", options=options, right=["a"]).answer == [(2, make.words("a"))]
    assert [place for place, _ in one("ordering", options=options, right=["a", "b"]).answer] == [2, 1]
    assert [place for place, _ in one("bestworst", options=options, best="b", worst="a").answer] == [1, 2]
    matched = one("matching", options=options, choices=choices, pairs={"a": "x", "b": "y"})
    assert [(place, words["en"]) for place, words in matched.answer] == [(1, "2"), (2, "1")]
    number = one(
        "numeric", answers=[{"value": "2.5", "tolerance": "0.1", "percent": 100}], unit={"text": {"en": "min"}}
    )
    assert (number.lines, number.answer[0][1]["en"]) == (1, "2.5 ± 0.1 min")
    filled = one(
        "fill", blanks=[{"key": "p", "accepted": [{"text": "a", "percent": 100}, {"text": "b", "percent": 50}]}]
    )
    assert (filled.lines, filled.answer[0][1]["en"]) == (1, "a / b")
    assert one("short", rubric=[{"key": "r", "text": make.words("says it"), "points": 2}]).answer
