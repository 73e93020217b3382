import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.matching import match, new_key, normalise

SMILE = "员工在接待顾客时应当面带微笑主动问好"
CALL = "电话铃响三声之内必须接听并报出姓名"


def old(*clauses):
    return [{"key": f"K-{place}", "number": number, "text": text} for place, (number, text) in enumerate(clauses, 1)]


def new(*clauses):
    return [{"key": "", "number": number, "text": text} for number, text in clauses]


def found(before, after):
    return [(each["key"], each["by"], each["candidates"]) for each in match(before, after)]


def test_an_unchanged_document_keeps_its_keys():
    before = old(("1", SMILE), ("2", CALL))
    assert match(before, new(("1", SMILE), ("2", CALL))) == [
        {"index": 0, "key": "K-1", "by": "same_text", "candidates": []},
        {"index": 1, "key": "K-2", "by": "same_text", "candidates": []},
    ]


def test_a_printed_key_goes_before_the_text():
    before = old(("", SMILE), ("", CALL))
    after = [{"key": "K-2", "number": "", "text": SMILE}, {"key": "", "number": "", "text": CALL}]
    assert found(before, after) == [("K-2", "printed_key", []), (None, "new", [])]


def test_a_printed_key_is_kept_though_it_is_not_an_old_one():
    after = [{"key": "FD-LANG-009", "number": "", "text": SMILE}]
    assert found(old(("", SMILE)), after) == [("FD-LANG-009", "printed_key", [])]
    assert found([], after) == [("FD-LANG-009", "printed_key", [])]


def test_a_key_printed_twice_is_given_once():
    after = [{"key": "K-1", "number": "", "text": SMILE}, {"key": "K-1", "number": "", "text": CALL}]
    assert found(old(("", SMILE)), after) == [("K-1", "printed_key", []), (None, "new", [])]


def test_width_case_and_spaces_do_not_change_a_text():
    assert normalise(" ＡＢＣ　微笑，\n") == "abc微笑,"
    assert found(old(("", "VIP 室，请进！")), new(("", "ｖｉｐ室,请进!"))) == [("K-1", "same_text", [])]


def test_the_same_number_needs_less_likeness():
    rewritten = "员工在接待顾客时要微笑并且先开口问候"
    assert found(old(("1", SMILE)), new(("1", rewritten))) == [("K-1", "same_number", [])]
    assert found(old(("1", SMILE)), new(("2", rewritten))) == [(None, "new", [])]


def test_a_like_text_is_found_anywhere():
    assert found(old(("1", CALL), ("2", SMILE)), new(("7", SMILE + "吧"))) == [("K-2", "similar", [])]


def test_another_text_under_the_same_number_is_new():
    assert found(old(("1", SMILE)), new(("1", CALL))) == [(None, "new", [])]


def test_the_likest_of_two_wins():
    before = old(("", SMILE + "甲乙"), ("", SMILE))
    assert found(before, new(("", SMILE + "。"))) == [("K-2", "similar", [])]


def test_of_two_new_ones_the_likest_wins_and_the_other_is_new():
    after = new(("", SMILE + "甲乙"), ("", SMILE + "甲"))
    assert found(old(("", SMILE)), after) == [(None, "new", []), ("K-1", "similar", [])]


def test_two_equally_like_old_ones_are_the_trainers():
    before = old(("", SMILE + "甲"), ("", SMILE + "乙"))
    assert found(before, new(("", SMILE + "丙"))) == [(None, "tie", ["K-1", "K-2"])]


def test_two_equally_like_new_ones_are_the_trainers():
    after = new(("", SMILE + "甲"), ("", SMILE + "乙"))
    assert found(old(("", SMILE)), after) == [(None, "tie", ["K-1"]), (None, "tie", ["K-1"])]


def test_equal_texts_in_equal_number_keep_their_order():
    before = old(("", "其他。"), ("", SMILE), ("", "其他。"))
    assert [key for key, _, _ in found(before, new(("", "其他。"), ("", "其他。")))] == ["K-1", "K-3"]


def test_equal_texts_are_told_apart_by_number():
    before = old(("3", "其他。"), ("5", "其他。"))
    assert found(before, new(("5", "其他。"))) == [("K-2", "same_text", [])]


def test_equal_texts_without_a_number_are_the_trainers():
    before = old(("", "其他。"), ("", "其他。"))
    assert found(before, new(("", "其他。"))) == [(None, "tie", ["K-1", "K-2"])]


def test_a_copied_clause_is_the_trainers():
    assert found(old(("", SMILE)), new(("", SMILE), ("", SMILE))) == [(None, "tie", ["K-1"])] * 2


def test_nothing_takes_a_key_the_trainer_is_asked_about():
    before = old(("", SMILE), ("", SMILE))
    after = new(("", SMILE), ("", SMILE + "吧"))
    assert found(before, after) == [(None, "tie", ["K-1", "K-2"])] * 2


clauses = st.lists(st.tuples(st.sampled_from(["", "1", "2"]), st.text(alphabet="甲乙丙 ", max_size=6)), max_size=8)


@given(clauses, clauses)
def test_no_key_is_given_twice_or_also_asked_about(before, after):
    results = match(old(*before), new(*after))
    given_keys = [result["key"] for result in results if result["key"]]
    asked = {key for result in results for key in result["candidates"]}
    assert [result["index"] for result in results] == list(range(len(after)))
    assert len(given_keys) == len(set(given_keys))
    assert not asked & set(given_keys)
    assert all((result["by"] == "tie") == bool(result["candidates"]) for result in results)


@given(clauses)
def test_a_document_matched_with_itself_is_unchanged(before):
    worded = [(number, text) for number, text in before if text.strip()]
    assert [result["key"] for result in match(old(*worded), new(*worded))] == [c["key"] for c in old(*worded)]


@pytest.mark.slow
@pytest.mark.parametrize("length", [40, 300])
def test_five_hundred_changed_clauses_are_matched(length):
    chance = random.Random(1)
    words = "".join(map(chr, range(0x4E00, 0x4F00)))
    before = old(*((str(place % 9), "".join(chance.choices(words, k=length))) for place in range(500)))
    after = new(*((clause["number"], clause["text"][:-2] + "改动") for clause in before))
    results = match(before, after)
    assert [result["key"] for result in results] == [clause["key"] for clause in before]


@pytest.mark.slow
def test_five_hundred_clauses_from_one_mould_are_matched():
    mould = "第{}项服务必须在{}分钟内由当班员工完成并登记签字"
    before = old(*(("", mould.format(place, place * 7 % 60)) for place in range(500)))
    after = new(*(("", mould.format(place, place * 11 % 60) + "备查") for place in range(500)))
    results = match(before, after)
    assert len(results) == len(after)


def test_a_new_key_counts_on_from_the_highest():
    taken = {"NHS-LANG-001", "NHS-LANG-003", "NHS-PROC-007", "FD-LANG-009"}
    assert new_key("NHS", taken, kind="language") == "NHS-LANG-004"
    assert new_key("NHS", set(), kind="time_limit") == "NHS-TIME-001"


def test_gaps_are_filled_only_after_the_last_number():
    assert new_key("FD", {"FD-RULE-999"}, kind="rule") == "FD-RULE-1000"
    assert new_key("FD", {"FD-RULE-9999"}, kind="rule") == "FD-RULE-001"


def test_a_full_prefix_is_refused():
    with pytest.raises(ValueError, match="choose another prefix"):
        new_key("FD", {f"FD-RULE-{number:03}" for number in range(1, 10_000)}, kind="rule")
