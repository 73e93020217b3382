"""One folding for what is written and what is asked."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standards.folding import WIDE, asked, fold, grams, holds, marked, wanted

LETTERS = st.text("投诉處理礼儀务服ＡａＢb5５ 　\n\t,，。-", max_size=40)


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("接到投诉，立即处理", "投诉"),
        ("接到投訴，立即處理", "投诉"),
        ("接到投诉", "投訴"),
        ("接到投\n  诉", "投诉"),
        ("Listen to every\ncomplaint", "EVERY Complaint"),
        ("ＦＤ－ＬＡＮＧ－００２", "fd-lang-002"),
        ("在 5 分钟内", "5分钟"),
        ("微笑\u200b服务", "微笑服务"),
        ("面帶微笑", "微"),
    ],
)
def test_what_is_asked_is_found_however_it_is_written(written, query):
    assert all(holds(written, word) for word in asked(query).words)


@given(LETTERS, st.data())
def test_a_part_of_a_text_is_a_part_of_its_folding(text, data):
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    assert fold(text[start:stop]) in fold(text)


@given(LETTERS)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(LETTERS, st.data())
@example("投诉", None)
def test_a_text_has_the_grams_of_every_word_in_it(text, data):
    """Latin from the beginning of a word, Hanzi from anywhere."""
    plain = fold(text)
    start = data.draw(st.integers(0, len(plain))) if data else 0
    begins_inside = start and plain[start - 1 : start].isalnum() and plain[start - 1] < WIDE
    word = plain[start : start + 7].split(" ")[0]
    if not word or (begins_inside and word[0] < WIDE and word[0].isalnum()):
        return
    found = grams(plain).split(" ")
    for gram, goes_on in wanted(word)[0]:
        assert any(each.startswith(gram) if goes_on else each == gram for each in found)


@given(LETTERS, LETTERS)
def test_showing_loses_and_adds_no_character(text, query):
    pieces = marked(text, asked(query).words, room=1000)
    assert "".join(piece for piece, _hit in pieces) == text.replace("\n", " ")


def test_only_what_was_asked_is_marked():
    pieces = marked("病人投訴後，complain at once; complaint", asked("投诉 complain").words)
    assert [piece for piece, hit in pieces if hit] == ["投訴", "complain", "complain"]


def test_a_long_text_is_cut_round_the_first_word_found():
    pieces = marked("前" * 500 + "投诉" + "后" * 500, ("投诉",), room=100)
    shown = "".join(piece for piece, _hit in pieces)
    assert (shown[0], shown[-1], "投诉" in shown, len(shown)) == ("…", "…", True, 102)


def test_a_latin_word_is_found_from_its_beginning():
    assert (holds("complaint", "compl"), holds("complaint", "plaint")) == (True, False)


def test_too_much_is_cut_and_said():
    assert asked("投" * 10_000) == (("投" * 200,), "投" * 200, True)
    assert asked(" ".join(map(str, range(100, 113))))[::2] == (tuple(map(str, range(100, 112))), True)
    assert not asked("投诉 服务").cut


@pytest.mark.parametrize("query", ["", " ", "\x00", "\u200b\ufeff", "\n\t　"])
def test_nothing_is_asked_by_what_cannot_be_seen(query):
    assert asked(query).words == ()


@pytest.mark.parametrize("hostile", ["\x00", "投\x00诉", "\ud800x", "a" * 5000, "' OR 1=1 --", '"*"', "%_\\", "𠮷野家"])
def test_nothing_hostile_breaks_a_folding(hostile):
    assert "\x00" not in fold(hostile)
    assert max(map(len, grams(fold(hostile)).split(" "))) <= 40
