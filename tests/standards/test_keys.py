import pytest

from standards.formats.decoding import Refused
from standards.keys import Keys, prefix_for
from standards.matching import new_key
from tests import make


def test_a_new_key_is_one_above_the_highest_of_its_kind(people):
    make.draft_standard(by=people.ana, clauses=("FD-LANG-007", "FD-LANG-002", "FD-DUTY-001"))
    keys = Keys("front-desk", {"FD-RULE-003"})
    assert [keys.new(kind) for kind in ("language", "language", "duty", "rule", "metric", "language")] == [
        "FD-LANG-008", "FD-LANG-009", "FD-DUTY-002", "FD-RULE-004", "FD-METR-001", "FD-LANG-010"
    ]  # fmt: skip


def test_keys_are_those_the_rule_gives_one_by_one(people):
    keys, taken = Keys("front-desk", {"FD-RULE-9997", "FD-RULE-001", "FD-RULE-003"}), set()
    taken |= keys.taken
    for _ in range(5):
        expected = new_key("FD", taken, kind="rule")
        taken.add(expected)
        assert keys.new("rule") == expected


def test_when_all_of_a_kind_are_taken_it_is_told(people):
    keys = Keys("front-desk", {f"FD-RULE-{number:03}" for number in range(1, 10_000)})
    with pytest.raises(Refused) as refusal:
        keys.new("rule")
    assert (refusal.value.code, keys.new("duty")) == ("too_many_of_a_kind", "FD-DUTY-001")


@pytest.mark.parametrize(("slug", "prefix"), [("hospital-front-desk", "HFD"), ("ward", "STD"), ("a-b-c-d-e", "ABCD")])
def test_the_prefix_is_the_initials(slug, prefix):
    assert prefix_for(slug) == prefix
