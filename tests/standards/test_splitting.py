import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.splitting import parts_of, pieces, proposed

WORDS = st.text(alphabet="问好先到，。；\n .ab \u3000", max_size=60)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ({"zh": "先问好。\n\n再问事。"}, [{"zh": "先问好。"}, {"zh": "再问事。"}]),
        ({"zh": "先问好。\r\n \t\r\n\r\n再问事。"}, [{"zh": "先问好。"}, {"zh": "再问事。"}]),
        ({"zh": "甲。\n\n乙。", "en": "One.\n\nTwo."}, [{"zh": "甲。", "en": "One."}, {"zh": "乙。", "en": "Two."}]),
        ({"zh": "甲。\n\n乙。\n\n丙。"}, [{"zh": "甲。"}, {"zh": "乙。"}, {"zh": "丙。"}]),
        ({"zh": "甲。\n乙。"}, None),
        ({"zh": "甲。\n\n"}, None),
        ({"zh": "甲。\n\n乙。", "en": "One. Two."}, None),
        ({"zh": "\n\n".join("甲" * 21)}, None),
        ({}, None),
    ],
)
def test_a_clause_is_cut_at_the_empty_lines_of_every_language(text, parts):
    assert parts_of(text) == parts


def test_an_empty_line_is_proposed_where_a_sentence_ends_in_each_language():
    text = {"zh": "见面先问好。不论对方是谁，都要起身。", "en": "Greet first. Stand up, whoever it is."}
    assert proposed(text) == {
        "zh": "见面先问好。\n\n不论对方是谁，都要起身。",
        "en": "Greet first.\n\nStand up, whoever it is.",
    }


def test_what_was_cut_by_hand_stays_and_the_other_language_follows():
    text = {"zh": "甲。\n\n乙。\n\n丙。", "en": "One. Two. Three."}
    assert proposed(text) == {"zh": text["zh"], "en": "One.\n\nTwo.\n\nThree."}


@given(WORDS)
def test_no_word_is_lost_by_a_proposal(words):
    cut = proposed({"zh": words})["zh"]
    assert "".join(cut.split()) == "".join(words.split())


@given(WORDS)
def test_the_pieces_are_the_words(words):
    assert "".join("".join(pieces(words)).split()) == "".join(words.split())
