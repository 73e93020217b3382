from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.drawing import CannotDraw, draw, paper, slots_of
from quizzes.quiz_rules import Section

quick = settings(max_examples=50, deadline=None)


def entry(slug, *, cites=("FD-LANG-001",), kind="single", difficulty="easy", number=1, **more):
    shared = {"slug": slug, "number": number, "id": f"{slug}/{number}", "cites": list(cites)}
    return {**shared, "type": kind, "difficulty": difficulty, "options": ["a", "b", "c"], **more}


def row(*clauses, count=1, **more):
    return {"clauses": list(clauses), "count": count, **more}


POOL = [entry(f"item-{n}", cites=[f"FD-LANG-{n:03}"]) for n in range(8)]
BLUEPRINT = [row("FD-LANG", count=5)]


def slugs(paper):
    return [line["slug"] for line in paper]


def test_draw_works():
    assert draw([row("FD-LANG")], [entry("one", options=["a"])], b"seed") == [
        {"item": "one/1", "slug": "one", "number": 1, "options": ["a"]}
    ]


def test_draw_is_the_same_for_the_same_seed():
    assert draw(BLUEPRINT, POOL, b"mira") == draw(BLUEPRINT, POOL, b"mira")


def test_draw_differs_between_seeds():
    papers = {tuple(slugs(draw(BLUEPRINT, POOL, bytes([n])))) for n in range(20)}
    assert len(papers) > 15


def test_draw_reaches_every_item_over_many_seeds():
    drawn = {slug for n in range(40) for slug in slugs(draw([row("FD")], POOL, bytes([n])))}
    assert drawn == {each["slug"] for each in POOL}


def test_draw_obeys_clauses_types_and_difficulties():
    right = entry("right", cites=["FD-PROC-1"], kind="multiple", difficulty="hard")
    others = [right | {"slug": "a", "type": "single"}, right | {"slug": "b", "difficulty": "easy"}]
    pool = [*others, right | {"slug": "c", "cites": ["FD-LANG-1"]}, right]
    wanted = [row("FD-PROC", types=["multiple"], difficulties=["medium", "hard"])]
    assert {slugs(draw(wanted, pool, bytes([n])))[0] for n in range(20)} == {"right"}


def test_draw_goes_by_the_first_clause_cited():
    pool = [entry("counts-elsewhere", cites=["FD-PROC-1", "FD-LANG-1"])]
    with pytest.raises(CannotDraw):
        draw([row("FD-LANG")], pool, b"")


def test_draw_takes_the_newest_version_once():
    pool = [entry("one", number=number) for number in (2, 10, 3)]
    assert [line["number"] for line in draw([row("FD")], pool, b"")] == [10]
    with pytest.raises(CannotDraw):
        draw([row("FD", count=2)], pool, b"")


def test_draw_does_not_let_a_wide_row_starve_a_narrow_one():
    pool = [entry("proc", cites=["FD-PROC-1"]), entry("lang", cites=["FD-LANG-1"])]
    blueprint = [row("FD"), row("FD-PROC")]
    assert all(sorted(slugs(draw(blueprint, pool, bytes([n])))) == ["lang", "proc"] for n in range(20))


def test_cannot_draw_names_the_short_rows():
    with pytest.raises(CannotDraw) as refused:
        draw([row("FD-LANG", count=2), row("FD-PROC", count=2), row("FD-MANN")], POOL, b"")
    assert str(refused.value) == "Not enough items: row 2 of the blueprint lacks 2, row 3 of the blueprint lacks 1."
    assert refused.value.missing == {2: 2, 3: 1}


def test_truefalse_keeps_true_before_false():
    pool = [entry("tf", kind="truefalse", options=["false", "true"])]
    assert {tuple(draw([row("FD")], pool, bytes([n]))[0]["options"]) for n in range(9)} == {("true", "false")}


def test_single_options_come_in_every_order():
    shown = {tuple(draw([row("FD")], [entry("one")], bytes([n]))[0]["options"]) for n in range(60)}
    assert shown == set(permutations("abc"))


def test_ordering_is_never_shown_in_its_right_order():
    pool = [entry("steps", kind="ordering", right=["b", "a", "c"])]
    shown = {tuple(draw([row("FD")], pool, bytes([n]))[0]["options"]) for n in range(90)}
    assert shown == set(permutations("abc")) - {("b", "a", "c")}


def test_ordering_of_one_option_is_shown_as_it_is():
    pool = [entry("step", kind="ordering", options=["a"], right=["a"])]
    assert draw([row("FD")], pool, b"")[0]["options"] == ["a"]


@st.composite
def pools(draw):
    size = draw(st.integers(1, 6))
    groups = st.sampled_from(["FD-LANG-1", "FD-PROC-1", "FD-MANN-1"])
    kinds = st.sampled_from(["single", "ordering"])
    weights = st.sampled_from([("easy", 1), ("medium", 1), ("medium", 2), ("hard", 3)])
    return [weighing(f"i{n}", draw(weights), cites=[draw(groups)], kind=draw(kinds)) for n in range(size)]


def weighing(slug, weight, **more):
    return entry(slug, difficulty=weight[0], points=weight[1], **more)


rows = st.builds(
    lambda clauses, kinds, count: row(*sorted(clauses), types=sorted(kinds), count=count),
    st.sets(st.sampled_from(["FD-LANG", "FD-PROC", "FD-MANN"]), min_size=1),
    st.sets(st.sampled_from(["single", "ordering"])),
    st.integers(1, 2),
)
blueprints = st.lists(rows, min_size=1, max_size=3)


def fits(line, each):
    typed = not line["types"] or each["type"] in line["types"]
    return typed and each["cites"][0].rpartition("-")[0] in line["clauses"]


def possible(blueprint, pool):
    """Hall's condition: any slots together have at least as many items that fit one of them."""
    slots = [line for line in blueprint for _ in range(line["count"])]
    return all(
        sum(any(fits(line, each) for line in chosen) for each in pool) >= size
        for size in range(1, len(slots) + 1)
        for chosen in combinations(slots, size)
    )


@quick
@given(blueprints, pools(), st.binary(max_size=4), st.randoms())
def test_draw_succeeds_exactly_when_some_assignment_exists(blueprint, pool, seed, random):
    if not possible(blueprint, pool):
        with pytest.raises(CannotDraw):
            draw(blueprint, pool, seed)
        return
    paper = draw(blueprint, pool, seed)
    assert len(paper) == len(set(slugs(paper))) == sum(line["count"] for line in blueprint)
    assert possible(blueprint, [each for each in pool if each["slug"] in slugs(paper)])
    assert paper == draw(blueprint, random.sample(pool, len(pool)), seed)


def weight(paper, pool):
    """What a paper weighs: its difficulties and points."""
    by_slug = {each["slug"]: each for each in pool}
    return sorted((by_slug[slug]["difficulty"], by_slug[slug]["points"]) for slug in slugs(paper))


@quick
@given(blueprints, pools(), st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_two_papers_weigh_the_same_whoever_draws_them_and_hold_as_many_unseen_items_as_can_be(first, pool, one, two):
    if not possible(first, pool):
        return
    seen = [frozenset(f"i{n}" for n in numbers) for numbers in (one, two)]
    papers = [draw(first, pool, bytes([n]), seen=dict.fromkeys(each, 1)) for n, each in enumerate(seen)]
    assert weight(papers[0], pool) == weight(papers[1], pool)
    newest = sorted(pool, key=lambda each: each["slug"])
    for drawn, old in zip(papers, seen, strict=True):
        slots = [
            [newest[n]["slug"] for n in found if newest[n]["slug"] not in old]
            for _row, found in slots_of(first, newest)
        ]
        assert len(set(slugs(drawn)) - old) == most_matched(slots, frozenset())


def most_matched(slots, taken):
    """The largest number of slots that can each have an item of their own, by trying everything."""
    if not slots:
        return 0
    tries = [1 + most_matched(slots[1:], taken | {slug}) for slug in slots[0] if slug not in taken]
    return max([most_matched(slots[1:], taken), *tries])


def test_places_are_spread_over_difficulties_and_points_as_the_bank_is():
    pool = [weighing(f"e{n}", ("easy", 1)) for n in range(6)] + [weighing(f"h{n}", ("hard", 2)) for n in range(3)]
    for n in range(20):
        assert weight(draw([row("FD", count=3)], pool, bytes([n])), pool) == [("easy", 1), ("easy", 1), ("hard", 2)]


def test_the_spread_gives_way_where_the_rows_could_not_be_filled_otherwise():
    hard = weighing("hard", ("hard", 1), cites=["FD-PROC-1"])
    pool = [weighing(f"easy-{n}", ("easy", 1)) for n in range(2)] + [hard, hard | {"slug": "harder"}]
    blueprint = [row("FD", count=2), row("FD-PROC", count=2)]
    assert sorted(slugs(draw(blueprint, pool, b""))) == ["easy-0", "easy-1", "hard", "harder"]


def test_a_fixed_paper_keeps_its_order_when_it_is_not_to_be_shuffled():
    fixed = [{"items": ["item-5", "item-1", "item-3"], "count": 3}, row("FD", count=1)]
    for n in range(9):
        found = draw(fixed, POOL, bytes([n]), shuffle=False)
        assert slugs(found)[:3] == ["item-5", "item-1", "item-3"]
        assert {tuple(each["options"]) for each in found} == {("a", "b", "c")}
    assert len({tuple(slugs(draw(fixed, POOL, bytes([n])))) for n in range(9)}) > 1


def test_what_is_to_be_put_in_order_is_shuffled_in_any_case():
    pool = [entry("steps", kind="ordering", right=["a", "b", "c"])]
    assert all(draw([row("FD")], pool, bytes([n]), shuffle=False)[0]["options"] != ["a", "b", "c"] for n in range(9))


def test_sections_stand_one_after_another_with_their_own_whole_marks():
    pool = [weighing(f"a{n}", ("easy", 2), cites=["FD-LANG-1"]) for n in range(3)]
    pool += [weighing(f"b{n}", ("easy", 1), cites=["FD-PROC-1"]) for n in range(4)]
    parts = [
        Section("words", {}, (row("FD-LANG", count=3),), 40),
        Section("deeds", {}, (row("FD-PROC", count=4),), None),
    ]
    found = paper(parts, pool, b"seed")
    assert [each["section"] for each in found] == ["words"] * 3 + ["deeds"] * 4
    assert [each.get("weight") for each in found] == ["20/3"] * 3 + [None] * 4


def test_what_is_wanted_least_is_drawn_last():
    seen = {f"item-{n}": 1 + (n < 4) for n in range(8) if n > 0}
    for n in range(9):
        drawn = draw([row("FD", count=5)], POOL, bytes([n]), seen=seen)
        assert sorted(slugs(drawn)) == ["item-0", "item-4", "item-5", "item-6", "item-7"]
