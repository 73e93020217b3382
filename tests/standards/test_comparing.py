import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.comparing import compare, marked


def version(*clauses):
    return [{"key": key, "position": place, "text": text} for place, (key, text) in enumerate(clauses, 1)]


def in_order(keys):
    return version(*((key, key) for key in keys))


def moved(before, after):
    return [clause["key"] for clause in compare(in_order(before), in_order(after))["moved"]]


def test_what_changed_is_told():
    old = version(("A", "微笑"), ("B", "问好"), ("C", "送别"))
    new = version(("C", "送别"), ("A", "面带微笑"), ("D", "登记"))
    assert compare(old, new) == {
        "added": [{"key": "D", "position": 3, "text": "登记"}],
        "removed": [{"key": "B", "position": 2, "text": "问好"}],
        "changed": [{"key": "A", "old": "微笑", "new": "面带微笑"}],
        "moved": [{"key": "C", "old": 3, "new": 1}],
    }


def test_equal_versions_differ_in_nothing():
    old = version(("A", {"zh": "微笑", "en": "Smile"}))
    assert compare(old, old) == {"added": [], "removed": [], "changed": [], "moved": []}


def test_a_change_in_one_language_is_a_change():
    old, new = version(("A", {"zh": "微笑"})), version(("A", {"zh": "微笑", "en": "Smile"}))
    assert compare(old, new)["changed"] == [{"key": "A", "old": {"zh": "微笑"}, "new": {"zh": "微笑", "en": "Smile"}}]


def test_putting_one_in_moves_nothing():
    assert moved("ABC", "XABC") == []
    assert moved("XABC", "ABC") == []


def test_one_that_moved_is_the_only_one_moved():
    assert moved("ABCDE", "BCDEA") == ["A"]
    assert moved("ABCDE", "EABCD") == ["E"]


def test_position_decides_not_the_order_of_the_list():
    assert compare(in_order("ABC"), in_order("ABC")[::-1])["moved"] == []


@given(st.permutations("ABCDEFG"))
def test_without_the_moved_ones_the_order_is_the_old_one(after):
    gone = moved("ABCDEFG", after)
    assert [key for key in after if key not in gone] == [key for key in "ABCDEFG" if key not in gone]


# --- the words that differ --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "gone", "added"),
    [
        ("五分钟内发药。", "三分钟内发药。", ["五"], ["三"]),
        ("Answer within 5 minutes.", "Answer within 15 minutes.", ["5"], ["15"]),
        ("先问好。", "先问好。", [], []),
        ("", "先问好。", [], ["先问好。"]),
        ("先问好。", "", ["先问好。"], []),
        ("双手接过处方。", "双手接过处方，核对姓名。", [], ["，核对姓名"]),
    ],
)
def test_the_words_that_differ_are_marked(old, new, gone, added):
    left, right = marked(old, new)
    assert [text for text, differs in left if differs] == gone
    assert [text for text, differs in right if differs] == added


@given(st.text("甲乙丙 ab1.", max_size=40), st.text("甲乙丙 ab1.", max_size=40))
def test_marked_texts_are_the_texts(old, new):
    left, right = marked(old, new)
    assert ("".join(text for text, _ in left), "".join(text for text, _ in right)) == (old, new)
    assert [text for text, differs in left if not differs] == [text for text, differs in right if not differs]
