"""Clauses are reviewed by several people at once: nobody's words are lost, nothing unseen is accepted."""

import re

import pytest

from evidence.models import Observation
from staff.models import JobRole
from staff.publishing import publish
from standards.importing import import_document
from standards.models import Standard
from standards.reshaping import last_change
from standards.reviewing import accept, edit, seen
from tests import make
from tests.standards.office import excel

KEYS = ("FD-LANG-001", "FD-MANN-001")


@pytest.fixture
def draft(people):
    return make.draft_standard(by=people.ana, clauses=KEYS, reviewed=False)


def shown(draft, key):
    """What a form shown now would carry."""
    return seen(next(row for row in Standard.objects.get(pk=draft.pk).body["clauses"] if row["key"] == key))


def form(draft, key, zh, **fields):
    return {"shown": shown(draft, key), "zh": zh, "kind": "manner", "weight": "general"} | fields


def save(browser, key, data):
    return browser.post(f"/standards/front-desk/review/{key}/", data)


def words(draft):
    return [(row["text"]["zh"], row["reviewed"]) for row in Standard.objects.get(pk=draft.pk).body["clauses"]]


def test_two_trainers_save_two_clauses(people, draft, sign_in):
    first, second = (form(draft, key, f"新的{key}。") for key in KEYS)
    assert save(sign_in(people.ana), KEYS[0], first).status_code == 302
    assert save(sign_in(people.root), KEYS[1], second).status_code == 302
    assert words(draft) == [("新的FD-LANG-001。", True), ("新的FD-MANN-001。", True)]


def test_who_comes_second_sees_both_texts_and_saves_again(people, draft, sign_in):
    late = form(draft, KEYS[0], "安娜写的。")
    save(sign_in(people.root), KEYS[0], form(draft, KEYS[0], "管理员写的。"))
    browser = sign_in(people.ana)
    answer = save(browser, KEYS[0], late)
    page = answer.content.decode()
    assert answer.status_code == 409 and "安娜写的。" in page and "管理员写的。" in page
    again = re.search(rf'id="{KEYS[0]}-shown" value="(\w+)"|value="(\w+)" id="{KEYS[0]}-shown"', page)
    assert save(browser, KEYS[0], late | {"shown": again[1] or again[2]}).status_code == 302
    assert words(draft)[0] == ("安娜写的。", True)


def test_words_for_a_clause_that_is_gone_are_given_back(people, draft, sign_in):
    data = form(draft, KEYS[0], "写了很久的话。")
    draft.delete()
    make.draft_standard(by=people.root, clauses=KEYS[1:])
    answer = save(sign_in(people.ana), KEYS[0], data)
    assert (answer.status_code, "写了很久的话。" in answer.content.decode()) == (409, True)


def test_what_was_changed_meanwhile_is_not_accepted_unseen(people, draft, sign_in):
    data = {"key": list(KEYS), "shown": [shown(draft, key) for key in KEYS]}
    row = draft.body["clauses"][0]
    draft = edit(draft, KEYS[0], {"text": {"zh": "别人改的。"}}, shown=seen(row))
    Standard.objects.filter(pk=draft.pk).update(
        body=draft.body | {"clauses": [row | {"reviewed": False} for row in draft.body["clauses"]]}
    )
    answer = sign_in(people.ana).post("/standards/front-desk/review/section/", data)
    assert (answer.status_code, words(draft)) == (409, [("别人改的。", False), ("FD-MANN-001 的条文。", True)])


def test_a_form_of_the_draft_before_accepts_nothing_of_the_next(people, draft, sign_in):
    data = {"key": [KEYS[0]], "shown": [shown(draft, KEYS[0])]}
    draft.delete()
    other = make.draft_standard(by=people.root, clauses=KEYS[:1], reviewed=False)
    rows = [row | {"text": make.words("Another.", "别的话。")} for row in other.body["clauses"]]
    Standard.objects.filter(pk=other.pk).update(body=other.body | {"clauses": rows})
    assert sign_in(people.ana).post("/standards/front-desk/review/section/", data).status_code == 409
    assert words(other) == [("别的话。", False)]


def test_nothing_is_published_before_all_is_reviewed(people, draft, sign_in):
    browser = sign_in(people.ana)
    assert browser.post("/standards/front-desk/publish/").status_code == 409
    accept(draft, {key: shown(draft, key) for key in KEYS})
    shown_now = f"{draft.pk}-{Standard.objects.get(pk=draft.pk).revision}"
    assert browser.post("/standards/front-desk/publish/", {"shown": shown_now}).status_code == 302
    assert browser.get("/standards/front-desk/review/")["Location"] == "/standards/front-desk/"


# --- the next version -------------------------------------------------------------------------


@pytest.fixture
def next_draft(world):
    """A next version: one clause reworded, one gone, one new."""
    kept = [key for key in make.CLAUSES if key != "FD-LANG-001"]
    draft = make.draft_standard(by=world.ana, clauses=(*kept, "FD-DUTY-001"))
    rows = draft.body["clauses"]
    rows[0]["text"] = make.words("Stand up and greet.", "起身问好。")
    Standard.objects.filter(pk=draft.pk).update(body=draft.body | {"clauses": rows})
    return Standard.objects.get(pk=draft.pk)


def test_the_publishing_page_says_what_changes(world, next_draft, sign_in):
    page = re.sub("</?(ins|del)>", "", sign_in(world.ana).get("/standards/front-desk/publish/").content.decode())
    assert "2项未变，改写1项，新增1项，不再有效1项。" in page
    assert "起身问好。" in page and "FD-MANN-001 的条文。" in page and "被引用" in page


def test_the_next_version_keeps_the_thread(world, next_draft, sign_in):
    """What cites a clause is found on its page whichever version's words it cites."""
    publish(next_draft, world.ana)
    browser = sign_in(world.ana)
    assert "onboarding" in browser.get("/clauses/FD-MANN-001/").content.decode()
    assert browser.get("/clauses/FD-LANG-001/").status_code == 200
    assert "被引用" in browser.get("/standards/front-desk/").content.decode()


def test_a_checklist_whose_clause_is_gone_can_still_be_filled(world, next_draft, sign_in):
    publish(next_draft, world.ana)
    before = Observation.objects.count()
    data = {"key": "after", "outcome-p1": "met", "outcome-p2": "met", "outcome-p3": "na"}
    assert sign_in(world.otto).post(f"/observe/desk-round/{world.mira.pk}/", data).status_code == 302
    assert Observation.objects.count() == before + 1


# --- mending what was read -------------------------------------------------------------------


@pytest.fixture
def read(people):
    text = (
        "Cloakroom rules\n\nGreeting the guest\n\n- Hang up the coat.\n- Give the number,\n\nForbidden\n\n- Go away.\n"
    )
    return import_document("rules.txt", text.encode(), by=people.ana, slug="cloakroom")[0]


def do(browser, draft, words, what):
    row = next(row for row in Standard.objects.get(pk=draft.pk).body["clauses"] if row["text"]["en"] == words)
    data = {"shown": seen(row), "en": words, "kind": row["kind"], "weight": row["weight"], "do": what}
    return browser.post(f"/standards/cloakroom/review/{row['key']}/", data)


def shape(draft):
    body = Standard.objects.get(pk=draft.pk).body
    return [(row["heading"], row["text"]["en"]) for row in body["clauses"]]


def accounted(draft):
    body = Standard.objects.get(pk=draft.pk).body
    clauses = [line for row in body["clauses"] for line in range(row["lines"][0], row["lines"][1] + 1)]
    return sorted(clauses + [row["line"] for row in [*body["headings"], *body["skipped"]]])


def test_lines_that_are_no_clauses_are_mended_in_the_review(read, people, sign_in):
    browser, lines = sign_in(people.ana), accounted(read)
    assert do(browser, read, "Cloakroom rules", "leave_out").status_code == 302
    assert do(browser, read, "Greeting the guest", "as_heading").status_code == 302
    assert do(browser, read, "Forbidden", "as_heading").status_code == 302
    assert shape(read) == [
        (["Greeting the guest"], "Hang up the coat."),
        (["Greeting the guest"], "Give the number,"),
        (["Forbidden"], "Go away."),
    ]
    assert accounted(read) == lines
    assert do(browser, read, "Give the number,", "merge_up").status_code == 302
    assert shape(read)[0] == (["Greeting the guest"], "Hang up the coat. Give the number,")


def undo(browser):
    body = Standard.objects.draft_of("cloakroom").body
    return browser.post("/standards/cloakroom/review/undo/", {"shown": last_change(body)})


def test_the_last_mending_can_be_undone(read, people, sign_in):
    browser, before = sign_in(people.ana), shape(read)
    do(browser, read, "Forbidden", "leave_out")
    assert "review/undo/" in browser.get("/standards/cloakroom/review/").content.decode()
    assert undo(browser).status_code == 302
    assert shape(read) == before
    assert undo(browser).status_code == 409


def test_the_first_clause_has_none_above(read, people, sign_in):
    before = shape(read)
    assert do(sign_in(people.ana), read, before[0][1], "merge_up").status_code == 409
    assert shape(read) == before


def test_what_can_be_undone_is_not_published(read, people, sign_in):
    do(sign_in(people.ana), read, "Forbidden", "leave_out")
    draft = Standard.objects.get(pk=read.pk)
    accept(draft, {row["key"]: seen(row) for row in draft.body["clauses"]})
    assert "undo" not in publish(Standard.objects.get(pk=read.pk), people.ana).body


def test_two_versions_are_compared_word_by_word(world, next_draft, sign_in):
    publish(next_draft, world.ana)
    page = sign_in(world.mira).get("/standards/front-desk/compare/?old=1&new=2").content.decode()
    assert "2项未变，改写1项，新增1项，不再有效1项。" in page
    assert "<ins>" in page and "<del>" in page
    assert sign_in(world.mira).get("/standards/front-desk/compare/").status_code == 200
    assert sign_in(world.mira).get("/standards/front-desk/compare/?old=9&new=2").status_code == 404


# --- numbers and limits ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "threshold"),
    [
        ({"op": "<=", "amount": "5", "unit": "minute"}, {"op": "<=", "number": "5", "unit": "minute", "per": ""}),
        ({"op": ">=", "amount": "2.50", "unit": "time", "per": "day"},
         {"op": ">=", "number": "2.5", "unit": "time", "per": "day"}),
        ({"op": ">=", "amount": "1", "unit": "time", "per": "2 month"},
         {"op": ">=", "number": "1", "unit": "time", "per": "2 month"}),
        ({"op": ">=", "amount": "100", "unit": "percent"}, {"op": ">=", "number": "100", "unit": "percent", "per": ""}),
        ({}, None),
    ],
)  # fmt: skip
def test_a_limit_is_set_and_taken_away(people, draft, sign_in, limit, threshold):
    data = form(draft, KEYS[0], "五分钟内到。", number="3.2", **limit)
    assert save(sign_in(people.ana), KEYS[0], data).status_code == 302
    row = Standard.objects.get(pk=draft.pk).body["clauses"][0]
    assert (row["threshold"], row["number"]) == (threshold, "3.2")


@pytest.mark.parametrize(
    "limit",
    [{"op": "<="}, {"op": "<=", "amount": "5"}, {"op": "<=", "amount": "五", "unit": "minute"},
     {"op": "≈", "amount": "5", "unit": "minute"}, {"op": "<=", "amount": "5", "unit": "league"}],
)  # fmt: skip
def test_half_a_limit_is_refused_and_the_words_stay(people, draft, sign_in, limit):
    answer = save(sign_in(people.ana), KEYS[0], form(draft, KEYS[0], "写了很久的话。", **limit))
    assert (answer.status_code, "写了很久的话。" in answer.content.decode()) == (422, True)
    assert words(draft)[0] == ("FD-LANG-001 的条文。", False)


def test_a_page_of_the_review_stays_small(people, sign_in):
    """60 KB at most, whether the forms of its clauses stand open or not."""
    for count in (6, 7, 40):
        Standard.objects.drafts().delete()
        make.draft_standard(by=people.ana, clauses=[f"FD-RULE-{place:03}" for place in range(count)], reviewed=False)
        assert len(sign_in(people.ana).get("/standards/front-desk/review/").content) < 60_000


# --- suggestions -----------------------------------------------------------------------------

SUGGESTING = "# 规范\n\n## 导医\n\n- 必须五分钟内到场。\n- [RU-DUTY-001]【红线】不得脱岗。\n- 见面先问好。\n"


@pytest.fixture
def proposed(people):
    return import_document("rules.md", SUGGESTING.encode(), by=people.ana, slug="cloakroom")[0]


def suggested(draft):
    return [row["suggested"] for row in Standard.objects.get(pk=draft.pk).body["clauses"]]


def test_what_the_wording_suggests_is_told_from_what_the_document_prints(proposed, people, sign_in):
    assert suggested(proposed) == [["kind", "weight", "threshold"], [], ["kind", "weight"]]
    page = sign_in(people.ana).get("/standards/cloakroom/review/").content.decode()
    assert page.count("建议：") == 2


def test_a_role_that_a_heading_names_is_a_suggestion_and_one_in_a_column_is_not(people):
    JobRole.objects.filter(slug="guide").update(name_zh="导医")
    draft = import_document("rules.md", SUGGESTING.encode(), by=people.ana, slug="cloakroom")[0]
    assert "roles" in suggested(draft)[0]
    rows = [["条款", "岗位", "级别", "类别"], ["见面先问好。", "导医", "重要", "用语"]]
    sheet = import_document("rules.xlsx", excel(甲=rows), by=people.ana, slug="sheet")[0]
    assert (suggested(sheet), sheet.body["clauses"][0]["roles"]) == ([[]], ["guide"])


def test_accepted_or_saved_nothing_is_a_suggestion_any_more(proposed, people, sign_in):
    browser = sign_in(people.ana)
    rows = proposed.body["clauses"]
    accepted = {"key": rows[0]["key"], "shown": seen(rows[0]), "only": rows[0]["key"]}
    assert browser.post("/standards/cloakroom/review/section/", accepted).status_code == 302
    data = {"shown": seen(rows[2]), "zh": "见面先问好。", "kind": "language", "weight": "important"}
    assert browser.post(f"/standards/cloakroom/review/{rows[2]['key']}/", data).status_code == 302
    assert suggested(proposed) == [[], [], []]
    assert [row["reviewed"] for row in Standard.objects.get(pk=proposed.pk).body["clauses"]] == [True, False, True]


def test_imported_again_what_was_decided_is_no_suggestion_and_what_was_not_still_is(proposed, people):
    rows = proposed.body["clauses"]
    accept(proposed, {rows[0]["key"]: seen(rows[0])})
    again = import_document("rules.md", SUGGESTING.encode(), by=people.ana, slug="cloakroom")[0]
    assert suggested(again) == [[], [], ["kind", "weight"]]


def test_one_button_accepts_one_clause_as_it_was_shown(draft, people, sign_in):
    data = {"key": list(KEYS), "shown": [shown(draft, key) for key in KEYS], "only": KEYS[1]}
    answer = sign_in(people.ana).post("/standards/front-desk/review/section/", data)
    assert (answer.status_code, f"clause={KEYS[0]}" in answer["Location"]) == (302, True)
    assert [reviewed for _, reviewed in words(draft)] == [False, True]
    late = data | {"shown": ["0" * 16, "0" * 16], "only": KEYS[0]}
    assert sign_in(people.ana).post("/standards/front-desk/review/section/", late).status_code == 409


# --- the page --------------------------------------------------------------------------------


def test_saving_goes_on_to_the_next_clause_to_review(draft, people, sign_in):
    answer = save(sign_in(people.ana), KEYS[0], form(draft, KEYS[0], "新的话。"))
    assert answer["Location"] == f"/standards/front-desk/review/?clause={KEYS[1]}&saved={KEYS[0]}#{KEYS[1]}"


def test_the_page_opens_where_there_is_something_to_review(people, sign_in):
    draft = make.draft_standard(by=people.ana, clauses=[f"FD-RULE-{place:03}" for place in range(90)], reviewed=False)
    rows = [row | {"reviewed": place < 81} for place, row in enumerate(draft.body["clauses"])]
    Standard.objects.filter(pk=draft.pk).update(body=draft.body | {"clauses": rows})
    page = sign_in(people.ana).get("/standards/front-desk/review/").content.decode()
    assert 'id="FD-RULE-081-zh"' in page and 'id="FD-RULE-000"' not in page


@pytest.mark.parametrize(
    "query", ["section=0", "section=99", "section=²", "section=-1", "clause=XX-NONE-001", "clause=%00"]
)
def test_a_wrong_address_shows_the_nearest_section(draft, people, sign_in, query):
    answer = sign_in(people.ana).get(f"/standards/front-desk/review/?{query}&saved=<script>")
    assert (answer.status_code, "FD-LANG-001" in answer.content.decode()) == (200, True)


def test_a_section_of_forty_clauses_with_their_source_stays_under_sixty_kilobytes(people, sign_in):
    lines = "".join(
        f"- 第{place}项必须五分钟内办结，不得让病人久等，说明去处，必要时陪同前往。\n" for place in range(40)
    )
    import_document("a.md", ("# 规范\n" + lines).encode(), by=people.ana, slug="ward")
    page = sign_in(people.ana).get("/standards/ward/review/").content
    assert page.count(b"data-clause") == 40
    assert len(page) < 60_000


def test_a_document_of_many_sections_keeps_its_pages_small_and_every_section_in_reach(people, sign_in):
    text = "".join(f"# 第{place}章 服务规范\n- 见面先问好{place}。\n" for place in range(1, 401))
    import_document("a.md", text.encode(), by=people.ana, slug="ward")
    page = sign_in(people.ana).get("/standards/ward/review/?section=200").content.decode()
    assert len(page.encode()) < 60_000
    listed = re.findall(r'<option value="(\d+)"', page)
    assert (listed[0], listed[-1], "?section=199" in page, "?section=201" in page) == ("1", "400", True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_the_review_costs_the_same_whatever_it_shows(people, sign_in, django_assert_num_queries, count):
    import_document("a.md", ("# 规范\n" + "- 见面先问好。\n" * count).encode(), by=people.ana, slug="ward")
    browser = sign_in(people.ana)
    browser.get("/standards/ward/review/")  # the session and the document are warm
    with django_assert_num_queries(6):
        browser.get("/standards/ward/review/")


def test_a_section_that_is_accepted_leads_to_the_next_one_to_review(people, sign_in):
    text = "".join(f"# 第{place}章 服务规范\n- 见面先问好{place}。\n" for place in range(1, 4))
    draft = import_document("a.md", text.encode(), by=people.ana, slug="ward")[0]
    browser, rows = sign_in(people.ana), draft.body["clauses"]
    for row, leads_to in ((rows[1], 1), (rows[0], 3), (rows[2], 3)):
        number = rows.index(row) + 1
        answer = browser.post(
            f"/standards/ward/review/section/?section={number}", {"key": row["key"], "shown": seen(row)}
        )
        assert (answer.status_code, answer["Location"]) == (302, f"/standards/ward/review/?section={leads_to}")
    assert "前往发布" in browser.get(answer["Location"]).content.decode()


def test_drafts_are_told_apart_by_short_name_version_and_what_is_left(people, draft, sign_in):
    accept(draft, {KEYS[0]: shown(draft, KEYS[0])})
    browser = sign_in(people.ana)
    for path in ("/", "/standards/"):
        page = browser.get(path).content.decode()
        assert "已核对1项，共2项" in page and "front-desk" in page and "已核对，待发布" not in page
    accept(draft, {KEYS[1]: shown(draft, KEYS[1])})
    assert all("已核对，待发布" in browser.get(path).content.decode() for path in ("/", "/standards/"))
    publish(Standard.objects.draft_of("front-desk"), people.ana)
    make.draft_standard(by=people.ana, clauses=KEYS, reviewed=False)
    assert "将成为第2版" in browser.get("/standards/").content.decode()


def test_where_only_the_other_language_changed_its_words_are_compared(people, sign_in):
    first = "# A | A\n- [CL-LANG-001] 先问好。 | Greet first.\n- [CL-LANG-002] 慢些说。 | Speak slowly.\n"
    for text in (first, first.replace("先问好", "先开口问好")):
        draft = import_document("a.md", text.encode(), by=people.ana, slug="cloakroom")[0]
        accept(draft, {row["key"]: seen(row) for row in draft.body["clauses"]})
        publish(Standard.objects.draft_of("cloakroom"), people.ana)
    browser = sign_in(people.mira)
    page = browser.get("/standards/cloakroom/compare/", headers={"accept-language": "en"}).content.decode()
    assert "Only the Chinese words changed." in page and "<ins>开口</ins>" in page
    page = browser.get("/standards/cloakroom/compare/").content.decode()
    assert "条文有变动" not in page and "<ins>开口</ins>" in page
