"""What an item must say, wherever it is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.item_rules import SHAPE, check_item, item_problems
from quizzes.marking import EVERY_TYPE
from tests.quizzes.test_marking import TEXT, item

quick = settings(max_examples=100, deadline=None)


def problems(body):
    return [str(problem) for problem in check_item(body)]


def whole(kind="single", **fields):
    return item(kind) | {"standard": "front-desk", "difficulty": "easy", "cites": ["FD-LANG-001"]} | fields


def test_passes_a_whole_item():
    whole = [item(), item("multiple", right="ac"), item("ordering", right="cab")]
    whole.append(item("truefalse", keys=("true", "false"), right=["true"]))
    assert [problems(body) for body in whole] == [[], [], [], []]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (item("essay"), f"The type “essay” is none of {', '.join(EVERY_TYPE)}."),
        (item(points=0), "The points are a whole number of at least 1."),
        (item(points=1.5), "The points are a whole number of at least 1."),
        (item(right=[]), "No right answer is given."),
        (item(right=["z"]), "The right answer “z” is not an option."),
        (item() | {"right": "b"}, "The right answer is a list of option keys."),
        (item(right="ab"), "An item of type single has exactly one right answer, not 2."),
        (item("multiple", right="aa"), "A right answer is named more than once."),
        (item(keys="aab"), "The option key “a” is used more than once."),
        (item(keys="b"), "An item has at least two options."),
        (
            item("ordering", right="ab"),
            "The right order of an ordering item names every option once.",
        ),
        (
            item("ordering", right="abb"),
            "The right order of an ordering item names every option once.",
        ),
        (item() | {"stem": {"zh": "先"}}, "English is missing in the stem."),
        (item() | {"feedback": {"en": "First", "zh": " "}}, "Chinese is missing in the feedback."),
        (item() | {"options": "ab"}, "The options are a list of {key, text}."),
    ],
)
def test_names_the_mistake(body, problem):
    assert problem in problems(body)


def test_names_the_option_without_a_language():
    body = item()
    body["options"][1] = {"key": "b", "text": {"zh": "先"}}
    assert problems(body) == ["English is missing in option “b”."]


def test_explains_a_key_that_yaml_read_as_a_boolean():
    said = problems(item("truefalse", keys=(True, False), right=[True]))
    assert said[:2] == [
        'The option key True is not text; write it in quotes, as "a".',
        'The option key False is not text; write it in quotes, as "a".',
    ]


def test_survives_an_empty_body():
    assert len(check_item({})) == 8


def test_an_item_may_speak_one_language_throughout():
    words = {"zh": "先问好"}
    options = [{"key": key, "text": words} for key in "ab"]
    assert problems(item() | {"stem": words, "options": options, "feedback": words}) == []
    half = item() | {"stem": words, "options": options, "feedback": TEXT}
    assert problems(half) == [
        "English is missing in the stem.",
        "English is missing in option “a”.",
        "English is missing in option “b”.",
    ]


def test_a_problem_has_its_place():
    body = item(right=["z"]) | {"stem": {"zh": "先", "en": ""}}
    body["options"][1] = {"key": "b", "text": {"en": "First"}}
    assert [problem.place for problem in check_item(body)] == ["stem.en", "options[2].text.zh", "right"]


def test_the_shape_is_asked_before_the_rules():
    assert item_problems(whole()) == []
    assert item_problems(whole(points=101, right=[])) == [
        ("points", "points is a whole number from 1 to 100, not 101."),
        ("right", "right is a list of 1 to 8 entries, not of 0."),
    ]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["key", "text", "zh", "en"]), inner),
    max_leaves=6,
)


@quick
@given(st.dictionaries(st.sampled_from(sorted(SHAPE)), anything))
def test_no_body_breaks_the_rules_themselves(fields):
    assert all(sentence.endswith(".") for _, sentence in item_problems(whole() | fields))
