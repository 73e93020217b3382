from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.drawing import CannotDraw, draw

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
    return [entry(f"i{n}", cites=[draw(groups)], kind=draw(kinds)) for n in range(size)]


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
