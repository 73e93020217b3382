"""Cutting, joining, moving and taking in: which key goes on is said, no line and no word is lost, all can be undone."""

import re

import pytest

from staff.publishing import publish
from standards.changes import between
from standards.formats.decoding import Refused
from standards.importing import import_document
from standards.models import Standard
from standards.reshaping import last_change
from standards.reviewing import accept, seen

pytestmark = pytest.mark.slow

DOCUMENT = """# Ward rules

## Greeting

- Greet first. Stand up at once.
- Use the name,
- not the bed number.

> A saying nobody follows.

## 交接 | Handing over

- Read the list aloud | 大声念清单
"""


@pytest.fixture
def draft(people):
    return import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward")[0]


@pytest.fixture
def ana(people, sign_in):
    return sign_in(people.ana)


def body(draft):
    return Standard.objects.get(pk=draft.pk).body


def row_of(draft, key):
    return next(row for row in body(draft)["clauses"] if row["key"] == key)


def key_of(draft, words):
    return next(row["key"] for row in body(draft)["clauses"] if words in "".join(row["text"].values()))


def keys(draft):
    return [row["key"] for row in body(draft)["clauses"]]


def texts(draft):
    return ["".join(row["text"].values()) for row in body(draft)["clauses"]]


def press(browser, draft, key, what, **fields):
    """Presses a button of a clause's form as the page shows it."""
    row = row_of(draft, key)
    data = {"shown": seen(row), "kind": row["kind"], "weight": row["weight"], "number": row["number"], "do": what}
    words = {name: row["text"].get(name, "") for name in ("zh", "en")}
    return browser.post(f"/standards/ward/review/{key}/", data | words | fields)


def undo(browser, draft, shown=None):
    return browser.post("/standards/ward/review/undo/", {"shown": last_change(body(draft)) if shown is None else shown})


def lines(draft):
    """Every line, with how often it is a clause's, a heading's or left out."""
    found = body(draft)
    spans = [span for row in found["clauses"] for span in (row["lines"], *row.get("more", []))]
    of_clauses = [line for first, last in spans for line in range(first, last + 1)]
    return sorted([*of_clauses, *(row["line"] for row in [*found["headings"], *found["skipped"]])])


# --- cutting ---------------------------------------------------------------------------------


def test_the_first_part_keeps_the_key_and_the_page_says_so(draft, ana):
    key = key_of(draft, "Greet first")
    before = keys(draft)
    answer = press(ana, draft, key, "split", en="Greet first.\n\nStand up at once.")
    assert answer.status_code == 302
    first, second = body(draft)["clauses"][:2]
    assert (first["key"], first["text"], first["reviewed"]) == (key, {"en": "Greet first."}, False)
    assert (second["key"] not in before, second["text"]) == (True, {"en": "Stand up at once."})
    assert (second["split_from"], second["heading"], second["lines"]) == (key, first["heading"], first["lines"])
    page = ana.get(answer["Location"]).content.decode()
    assert f"前一部分沿用 {key}，后面的部分是 {second['key']}" in page


def test_without_an_empty_line_nothing_is_cut_and_a_place_is_proposed(draft, ana):
    key = key_of(draft, "Greet first")
    before = body(draft)
    answer = press(ana, draft, key, "split")
    assert (answer.status_code, body(draft)) == (422, before)
    assert "Greet first.\n\nStand up at once." in answer.content.decode()


def test_both_languages_are_cut_each_at_its_own_place(draft, ana):
    key = key_of(draft, "Greet first")
    both = {"en": "Greet first.\n\nStand up at once.", "zh": "先问好，\n\n再起身。"}
    assert press(ana, draft, key, "split", **both | {"zh": "先问好，再起身。"}).status_code == 422
    assert press(ana, draft, key, "split", **both).status_code == 302
    found = body(draft)["clauses"][:2]
    assert [row["text"] for row in found] == [
        {"en": "Greet first.", "zh": "先问好，"},
        {"en": "Stand up at once.", "zh": "再起身。"},
    ]


def test_a_limit_goes_with_the_words_that_give_it(people, ana):
    draft = import_document("w.md", "- 见面先问好。五分钟内到场。\n".encode(), by=people.ana, slug="ward")[0]
    limit = {"op": "<=", "amount": "5", "unit": "minute"}
    assert press(ana, draft, keys(draft)[0], "split", zh="见面先问好。\n\n五分钟内到场。", **limit).status_code == 302
    assert [row["threshold"] and row["threshold"]["number"] for row in body(draft)["clauses"]] == [None, "5"]


def test_what_was_changed_meanwhile_is_not_cut(draft, ana, people, sign_in):
    key = key_of(draft, "Greet first")
    late = seen(row_of(draft, key))
    press(sign_in(people.root), draft, key, "", en="Root's own words.")
    answer = press(ana, draft, key, "split", en="Greet first.\n\nStand up at once.", shown=late)
    page = answer.content.decode()
    assert (answer.status_code, "Root&#x27;s own words." in page or "Root&#39;s own words." in page) == (409, True)
    assert "Greet first." in page
    assert len(keys(draft)) == 4


def test_cut_again_in_the_next_version_a_clause_has_its_key_again(draft, ana, people):
    """The second part keeps its lessons and questions though the document has one line again."""
    press(ana, draft, key_of(draft, "Greet first"), "split", en="Greet first.\n\nStand up at once.")
    second = keys(draft)[1]
    publish_all(draft, people)
    again = import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward")[0]
    key = key_of(again, "Greet first")
    press(ana, again, key, "split", en="Greet first.\n\nStand up at once.")
    assert keys(again)[1] == second


# --- joining ---------------------------------------------------------------------------------


def test_imported_again_what_was_cut_or_joined_has_its_published_key(draft, ana, people):
    accept(draft, {row["key"]: seen(row) for row in body(draft)["clauses"]})
    published = publish(Standard.objects.draft_of("ward"), people.ana)
    before = {row["key"]: row["text"] for row in published.body["clauses"]}
    for what, key, fields in (
        ("merge_up", key_of(published, "not the bed"), {}),
        ("split", key_of(published, "Greet first"), {"en": "Greet first.\n\nStand up at once."}),
    ):
        again = import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward")[0]
        assert press(ana, again, key, what, **fields).status_code == 302
        assert {row["key"]: row["text"] for row in body(again)["clauses"]} != before
        with pytest.raises(Refused):  # what the review made of it is not lost without a question
            accept(again, {row["key"]: seen(row) for row in body(again)["clauses"]})
            import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward", replace=False)
        again = import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward")[0]
        assert {row["key"]: row["text"] for row in again.body["clauses"]} == before
        assert not any("joined" in row or not row["reviewed"] for row in again.body["clauses"])


def test_the_first_key_goes_on_and_the_row_remembers_the_other(draft, ana):
    above, gone = key_of(draft, "Use the name"), key_of(draft, "bed number")
    before = lines(draft)
    assert press(ana, draft, gone, "merge_up").status_code == 302
    row = row_of(draft, above)
    assert (row["text"], row["joined"]) == ({"en": "Use the name, not the bed number."}, [gone])
    assert (row["reviewed"], gone in keys(draft), lines(draft)) == (False, False, before)


def test_a_part_put_back_leaves_no_trace(draft, ana):
    key = key_of(draft, "Greet first")
    before = row_of(draft, key)
    press(ana, draft, key, "split", en="Greet first.\n\nStand up at once.")
    press(ana, draft, keys(draft)[1], "merge_up")
    after = row_of(draft, key)
    assert (after["text"], after["lines"], after.get("more", [])) == (before["text"], before["lines"], [])
    assert "joined" not in after


@pytest.mark.parametrize(
    ("above", "below", "weight", "suggested"),
    [("general", "red_line", "red_line", ["kind", "threshold", "weight"]),
     ("red_line", "general", "red_line", ["kind", "threshold"])],
)  # fmt: skip
def test_a_red_line_and_a_limit_are_not_lost_by_joining(people, ana, above, below, weight, suggested):
    words = {"general": "一般", "red_line": "红线"}
    text = f"- 【{words[above]}】见面先问好。\n- 【{words[below]}】五分钟内到场。\n"
    draft = import_document("w.md", text.encode(), by=people.ana, slug="ward")[0]
    limit = {"op": "<=", "amount": "5", "unit": "minute"}
    assert press(ana, draft, keys(draft)[1], "merge_up", **limit).status_code == 302
    (row,) = body(draft)["clauses"]
    assert (row["weight"], row["threshold"]["number"], row["suggested"]) == (weight, "5", suggested)


def test_what_was_typed_is_taken_along(draft, ana):
    gone = key_of(draft, "bed number")
    press(ana, draft, gone, "merge_up", en="never the bed number.")
    assert texts(draft)[1] == "Use the name, never the bed number."


def publish_all(draft, people):
    draft = Standard.objects.get(pk=draft.pk)
    accept(draft, {row["key"]: seen(row) for row in draft.body["clauses"]})
    return publish(Standard.objects.get(pk=draft.pk), people.ana)


def test_two_versions_say_where_a_clause_came_from_and_went(draft, ana, people, sign_in):
    one = publish_all(draft, people)
    next_ = import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward")[0]
    first, above, gone = keys(next_)[:3]
    press(ana, next_, first, "split", en="Greet first.\n\nStand up at once.")
    press(ana, next_, gone, "merge_up")
    second = keys(next_)[1]
    two = publish_all(next_, people)
    found = between(one, two)
    assert [(row["key"], row["cut_from"]) for row in found["added"]] == [(second, first)]
    assert [(row["key"], row["joined_to"]) for row in found["removed"]] == [(gone, above)]
    page = sign_in(people.mira).get("/standards/ward/compare/").content.decode()
    assert (f"拆自 {first}" in page, f"条文并入 {above}" in page) == (True, True)
    third = publish_all(import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward")[0], people)
    assert "joined_to" not in str(between(two, third)["removed"])


# --- moving ----------------------------------------------------------------------------------


def test_up_and_down_change_the_place_and_over_a_heading_the_section(draft, ana):
    first, second, third, last = keys(draft)
    press(ana, draft, second, "up")
    assert keys(draft) == [second, first, third, last]
    press(ana, draft, last, "up")
    assert (keys(draft)[-1], row_of(draft, last)["heading"]) == (last, row_of(draft, first)["heading"])
    press(ana, draft, last, "up")
    press(ana, draft, second, "down")
    assert keys(draft) == [first, second, last, third]


@pytest.mark.parametrize(("place", "way"), [(0, "up"), (3, "down")])
def test_at_the_end_of_the_document_there_is_nowhere_to_go(draft, ana, place, way):
    before = body(draft)
    assert press(ana, draft, keys(draft)[place], way).status_code == 409
    assert body(draft) == before


def test_a_clause_is_moved_before_another_and_to_the_end_of_a_section(draft, ana):
    first, second, third, last = keys(draft)
    assert press(ana, draft, first, "move", before=f" {last.lower()} ").status_code == 302
    assert keys(draft) == [second, third, first, last]
    assert row_of(draft, first)["heading"] == row_of(draft, last)["heading"]
    assert press(ana, draft, second, "move", after=last).status_code == 302
    assert keys(draft) == [third, first, last, second]


@pytest.mark.parametrize("to", [{}, {"before": "XX-NONE-001"}, {"after": "XX-NONE-001"}, {"before": "\0<script>"}])
def test_nowhere_is_told_beside_what_was_typed_and_nothing_moves(draft, ana, to):
    before = body(draft)
    answer = press(ana, draft, keys(draft)[0], "move", zh="还没保存的话。", **to)
    page = answer.content.decode()
    assert (answer.status_code, "还没保存的话。" in page, "<script>" in page) == (422, True, False)
    assert ("草稿里没有另一条" if to else "请说明") in page
    assert body(draft) == before


def test_a_clause_is_not_moved_before_itself(draft, ana):
    key, before = keys(draft)[0], body(draft)
    assert press(ana, draft, key, "move", before=key).status_code == 422
    assert body(draft) == before


# --- taking in -------------------------------------------------------------------------------


def take(browser, line):
    return browser.post("/standards/ward/review/add/", {"line": line})


def test_a_line_left_out_becomes_a_clause_where_it_stood(draft, ana):
    before = lines(draft)
    assert take(ana, 9).status_code == 302
    row = body(draft)["clauses"][3]
    assert (row["text"], row["heading"], row["reviewed"]) == ({"en": "A saying nobody follows."}, ["Greeting"], False)
    assert (body(draft)["skipped"], lines(draft)) == ([], before)
    assert row["key"] in ana.get("/standards/ward/review/").content.decode()


def test_a_line_is_taken_in_once(draft, ana):
    assert [take(ana, 9).status_code, take(ana, 9).status_code] == [302, 409]
    assert len(keys(draft)) == 5


@pytest.mark.parametrize(("line", "status"), [("", 404), ("0", 404), ("999", 404), ("²", 404), ("2", 409), ("5", 409)])
def test_what_is_no_line_left_out_is_refused(draft, ana, line, status):
    before = body(draft)
    assert (take(ana, line).status_code, body(draft)) == (status, before)


def test_a_heading_becomes_a_clause_and_what_stood_under_it_goes_up(draft, ana):
    before = lines(draft)
    assert take(ana, 11).status_code == 302
    found = body(draft)["clauses"]
    assert [row["heading"] for row in found] == [["Greeting"]] * 5
    assert found[3]["text"] == {"zh": "交接", "en": "Handing over"}
    assert lines(draft) == before


def test_made_a_heading_and_taken_back_a_clause_stands_as_it_did(draft, ana):
    before = [(row["text"], row["heading"]) for row in body(draft)["clauses"]]
    row = body(draft)["clauses"][1]
    press(ana, draft, row["key"], "as_heading")
    assert [each["heading"] for each in body(draft)["clauses"]][1] == ["Use the name,"]
    take(ana, row["lines"][0])
    assert [(row["text"], row["heading"]) for row in body(draft)["clauses"]] == before


def test_a_clause_left_out_and_taken_back_has_its_key_again(draft, ana, people):
    publish_all(draft, people)
    again = import_document("ward.md", DOCUMENT.encode(), by=people.ana, slug="ward")[0]
    key, line = keys(again)[0], row_of(again, keys(again)[0])["lines"][0]
    press(ana, again, key, "leave_out")
    assert key not in keys(again)
    take(ana, line)
    assert keys(again)[0] == key


def test_after_a_clause_is_left_out_the_next_one_is_open(draft, ana):
    _first, second, third, _last = keys(draft)
    assert f"clause={third}&" in press(ana, draft, second, "leave_out")["Location"]


# --- undoing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["split", "merge_up", "leave_out", "as_heading", "up", "down", "move"])
def test_every_deed_is_undone_by_one_press(draft, ana, what):
    before, (_first, second, _third, last) = body(draft), keys(draft)
    fields = {"split": {"en": "Use the\n\nname,"}, "move": {"before": last}}.get(what, {})
    assert press(ana, draft, second, what, **fields).status_code == 302
    assert body(draft)["clauses"] != before["clauses"]
    assert undo(ana, draft).status_code == 302
    assert body(draft) == before


def test_undoing_never_takes_back_what_was_saved_since(draft, ana, people, sign_in):
    press(ana, draft, keys(draft)[1], "leave_out")
    press(sign_in(people.root), draft, keys(draft)[0], "", en="Root's own words.")
    assert undo(ana, draft).status_code == 409
    assert texts(draft)[0] == "Root's own words."


def test_only_the_change_one_sees_is_undone(draft, ana, people, sign_in):
    first, second, third, last = keys(draft)
    press(ana, draft, third, "merge_up")
    mine = re.search(r'name="shown" value="(\w+)"><svg', ana.get("/standards/ward/review/").content.decode())[1]
    press(sign_in(people.root), draft, last, "leave_out")
    late = undo(ana, draft, shown=mine)
    assert (late.status_code, keys(draft)) == (409, [first, second])
    assert undo(sign_in(people.root), draft).status_code == 302
    assert (keys(draft), undo(ana, draft, shown=mine).status_code) == ([first, second, last], 409)


def test_a_clause_is_joined_to_the_one_that_was_shown_above_it(draft, ana, people, sign_in):
    first, second, third, last = keys(draft)
    press(sign_in(people.root), draft, last, "move", before=third)
    late = press(ana, draft, third, "merge_up", above=second, en="never the bed number.")
    assert (late.status_code, keys(draft)) == (409, [first, second, last, third])
    told = late.content.decode()
    assert "never the bed number." in told and f'name="above" value="{last}"' in told
    assert press(ana, draft, third, "merge_up", above=last).status_code == 302
    assert keys(draft) == [first, second, last]


@pytest.mark.parametrize("what", ["", "split", "leave_out", "merge_up"])
def test_typed_words_are_told_when_the_draft_was_published_meanwhile(draft, ana, people, what):
    key, row = keys(draft)[1], row_of(draft, keys(draft)[1])
    publish_all(draft, people)
    told = {"shown": seen(row), "kind": "rule", "weight": "general", "do": what, "en": "My own words.", "zh": "我的话"}
    for address, data in (
        (f"{key}/", told),
        ("section/", {"key": key}),
        ("undo/", {"shown": "x"}),
        ("add/", {"line": "9"}),
    ):
        late = ana.post(f"/standards/ward/review/{address}", data, headers={"accept-language": "en"})
        assert late.status_code == 409 and "published" in late.content.decode()
        assert ("My own words." in late.content.decode()) == (data is told)
    assert ana.post(f"/standards/nowhere/review/{key}/", told).status_code == 404
