"""A file of questions becomes items of the bank: a dry run first, then all of it in one transaction, or nothing."""

import io
import json
import zipfile

import pytest
from django.core.management import call_command
from django.urls import reverse

from config.verifying import deeds
from jobs import running
from jobs.models import Job
from quizzes import importing, landing
from quizzes.exporting import bank_items, export
from quizzes.importing import RefusedRows, import_items
from quizzes.models import Item
from staff.models import Event, File
from standards.models import Citation, Passage
from tests import make

BANK = """题型,题干,选项A,选项B,选项C,正确答案,解析,难度,知识点,分值
单选,见到客人先做什么？,低头,问好,转身,B,先问好,易,FD-LANG-001,2
多选,以下哪些得体？,起身,微笑,转身,"A,B",,中,FD-MANN-001,
判断,微笑服务。,,,,√,,1,FD-LANG-001,
"""
BAD = BANK + "单选,还有呢？,问好,低头,,E,,难,FD-LANG-001,\n"


@pytest.fixture
def standard(people):
    return make.standard(by=people.root)


def bring(text, by, **options):
    return import_items("bank.csv", text.encode(), by=by, **options)


def counts(plan):
    return {name: value for name, value in plan.counted().items() if name in ("read", "new", "changed", "same")}


def test_a_file_becomes_drafts_and_the_same_file_again_nothing(people, standard):
    assert counts(bring(BANK, people.ana)) == {"read": 3, "new": 3, "changed": 0, "same": 0}
    assert counts(bring(BANK, people.ana)) == {"read": 3, "new": 0, "changed": 0, "same": 3}
    first = Item.objects.get(type="single")
    assert (first.number, first.owner, first.difficulty, first.body["right"]) == (None, people.ana, "easy", ["b"])
    assert (first.body["cites"], first.body["standard"], first.body["points"]) == (["FD-LANG-001"], "front-desk", 2)
    assert first.body["feedback"] == {"zh": "先问好"}
    assert Item.objects.get(type="multiple").body["feedback"] == {"zh": "FD-MANN-001 的条文。"}
    assert deeds.events()[1] == []


def test_published_at_once_they_are_cited_found_and_told_as_one_by_one(people, standard):
    bring(BANK, people.ana, publish=True)
    one = Item.objects.get(type="single")
    assert (one.number, one.published_by) == (1, people.ana)
    assert Citation.objects.filter(kind="item").count() == Passage.objects.filter(kind="item").count() == 3
    assert deeds.events()[1] == []
    changed = BANK.replace("转身,B", "走开,B")
    assert counts(bring(changed, people.ana, publish=True)) == {"read": 3, "new": 0, "changed": 1, "same": 2}
    assert [each.number for each in Item.objects.filter(type="single").order_by("number")] == [1, 2]
    assert Citation.objects.filter(kind="item").count() == Passage.objects.filter(kind="item").count() == 3
    assert deeds.events()[1] == []


def test_what_a_file_changes_is_the_draft_of_the_next_version_and_is_told(people, standard):
    bring(BANK, people.ana, publish=True)
    plan = bring(BANK.replace("先问好", "先开口问好"), people.ana)
    assert plan.of("changed")[0].changes == [["feedback", "先问好", "先开口问好"]]
    assert [each.number for each in Item.objects.filter(type="single")] == [1, None]
    again = bring(BANK.replace("先问好", "先微笑再问好"), people.ana)
    assert counts(again)["changed"] == 1
    assert Item.objects.drafts().get().body["feedback"] == {"zh": "先微笑再问好"}
    assert deeds.events()[1] == []


def test_one_refused_row_keeps_all_of_them_out_unless_the_good_ones_are_asked_for(people, standard):
    with pytest.raises(RefusedRows) as refused:
        bring(BAD, people.ana)
    told = refused.value.plan.counted()["refused"]
    sentence = "row 5, column 正确答案: option E does not exist."
    assert told == [{"row": 5, "field": "正确答案", "problem": sentence}]
    assert (Item.objects.count(), Event.objects.filter(verb="draft-item").count()) == (0, 0)
    assert counts(bring(BAD, people.ana, good_rows_only=True)) == {"read": 4, "new": 3, "changed": 0, "same": 0}
    assert Item.objects.count() == 3


def test_a_question_that_stands_twice_in_a_file_names_the_first(people, standard):
    plan = bring(BANK + "判断,微笑 服务。,,,,×,,,FD-LANG-001,\n", people.ana, dry_run=True)
    assert plan.counted()["refused"][0]["problem"] == "row 5, column 题干: this is the same as row 4."


def test_a_row_without_a_clause_takes_the_one_chosen_for_all_or_is_refused(people, standard):
    text = "题干,答案,知识点\n微笑服务。,√,\n大声说话。,×,没有的条款\n"
    refused = bring(text, people.ana, dry_run=True).counted()["refused"]
    assert ["clause in force" in each["problem"] for each in refused] == [True, True]
    plan = bring(text, people.ana, clause="FD-PROC-001")
    assert [row.body["cites"] for row in plan.rows] == [["FD-PROC-001"]] * 2
    assert plan.rows[1].body["tags"] == ["没有的条款"]
    assert bring("题干,答案,条款\n甲。,√,FD-PROH-001 的条文\n", people.ana).rows[0].body["cites"] == ["FD-PROH-001"]


def test_what_dies_half_way_leaves_nothing(people, standard, monkeypatch):
    def dies(*told, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(landing.Event, "write_all", dies)
    with pytest.raises(KeyboardInterrupt):
        bring(BANK, people.ana)
    assert Item.objects.count() == 0


def test_two_at_once_are_one(people, standard, monkeypatch):
    """The second has planned before the first wrote: it finds that out, plans anew and writes nothing."""
    planned, began = importing.planned, []

    def meanwhile(*told, **options):
        plan = planned(*told, **options)
        if not began:
            began.append(True)
            bring(BANK, people.ana)
        return plan

    monkeypatch.setattr(importing, "planned", meanwhile)
    assert counts(bring(BANK, people.ana)) == {"read": 3, "new": 0, "changed": 0, "same": 3}
    assert Item.objects.count() == 3


def test_a_slug_of_the_bank_keeps_what_the_file_does_not_say(people, standard):
    item = make.item(by=people.root, slug="greet")
    text = (
        "slug,题干,答案,选项A,选项B,选项C\ngreet,中文 Question greet?,C,Option a of greet,Option b of greet,新的选项\n"
    )
    plan = bring(text, people.ana)
    draft = Item.objects.drafts().get()
    assert plan.rows[0].state == "changed"
    assert draft.body["right"] == ["c"]
    assert [option["key"] for option in draft.body["options"]] == ["a", "b", "c"]
    assert draft.body["feedback"] == item.body["feedback"]
    assert draft.body["stem"] == item.body["stem"]


@pytest.mark.parametrize("format", ["xlsx", "gift", "moodlexml"])
def test_our_own_export_changes_nothing(people, standard, format):
    make.items(by=people.root)
    bring(BANK, people.ana)
    items = bank_items()
    made = export(items, format, "en")
    plan = import_items(made.name, made.data, by=people.ana)
    assert len(items) > 5
    assert (plan.format, len(plan.rows), len(plan.of("same"))) == (format, made.written, made.written)
    assert made.written == len(items) - sum(made.left.values())
    make.forget()


def test_words_that_look_like_formulas_stay_words(people, standard):
    bring("题干,答案,知识点\n=1+1 是几？,=2,FD-LANG-001\n", people.ana)
    made = export(bank_items(), "xlsx", "zh-hans")
    sheet = zipfile.ZipFile(io.BytesIO(made.data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert len(import_items("x.xlsx", made.data, by=people.ana).of("same")) == 1


def test_a_cell_of_sixty_thousand_characters_is_refused_with_its_row(people, standard):
    plan = bring(f"题干,答案,知识点\n甲。,√,FD-LANG-001\n{'很' * 30_000},√,FD-LANG-001\n", people.ana, dry_run=True)
    assert (
        plan.counted()["refused"][0]["problem"]
        == "row 3, column 题干: the text has 30000 characters, and 20000 is the limit."
    )


# --- the command -------------------------------------------------------------------


def command(*arguments, capsys):
    try:
        call_command("import_items", *map(str, arguments), "--json")
        code = 0
    except SystemExit as ended:
        code = ended.code
    out, err = capsys.readouterr()
    return code, json.loads(out), err


def test_the_command_counts_and_writes_nothing_on_a_dry_run(people, standard, tmp_path, capsys):
    path = tmp_path / "bank.csv"
    path.write_text(BAD, encoding="gb18030")
    code, told, err = command(path, "--dry-run", capsys=capsys)
    assert (code, told["read"], told["new"], told["types"]) == (0, 4, 3, {"single": 2, "multiple": 1, "truefalse": 1})
    assert list(told) == ["read", "new", "changed", "same", "refused", "types"]
    assert "nothing was written" in err
    assert Item.objects.count() == 0
    assert command(path, capsys=capsys)[0] == 1
    assert Item.objects.count() == 0
    assert command(path, "--good-rows", "--publish", "--by", "ANA", capsys=capsys)[0] == 0
    assert Item.objects.published().count() == 3


def test_the_command_says_in_one_object_why_a_file_cannot_be_read(people, standard, tmp_path, capsys):
    path = tmp_path / "bank.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    code, told, _err = command(path, capsys=capsys)
    assert (code, list(told)) == (1, ["error"])
    assert command(tmp_path / "nowhere.csv", capsys=capsys)[0] == 1


# --- the pages ----------------------------------------------------------------------


def document(text):
    return {"document": make.document("bank.csv", text), "format": "auto", "clause": "", "pasted": ""}


def english(browser, url):
    return browser.get(url, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def work():
    """What the worker does with the newest job."""
    job = Job.objects.latest("pk")
    running.run.call(job.pk)
    return Job.objects.get(pk=job.pk)


def test_a_trainer_sees_what_a_file_would_do_and_imports_the_good_rows(people, standard, sign_in):
    browser = sign_in(people.ana)
    where = browser.post(reverse("quizzes:import_items"), document(BAD)).url
    assert "Reading the questions" in english(browser, where)
    preview = work()
    page = english(browser, where)
    assert "row 5, column 正确答案: option E does not exist." in page
    assert 'value="all" disabled' in page
    assert Item.objects.count() == 0
    only = english(browser, f"{where}?state=refused")
    assert ("还有呢" in only, "微笑服务" in only) == (True, False)
    assert str(reverse("quizzes:import_preview", args=[preview.pk])) in english(
        browser, reverse("quizzes:import_items")
    )
    done = browser.post(reverse("quizzes:write_items", args=[preview.pk]), {"rows": "good"}).url
    work()
    assert "The questions are in the bank" in english(browser, done)
    assert Item.objects.drafts().count() == 3
    assert "imported already" in english(browser, where)


def test_columns_are_mapped_by_hand_and_a_preview_is_put_away(people, standard, sign_in):
    browser = sign_in(people.ana)
    browser.post(
        reverse("quizzes:import_items"), document("Frage,Antwort,Wo\n你好？,√,FD-LANG-001\n") | {"format": "csv"}
    )
    first = work()
    page = english(browser, reverse("quizzes:import_preview", args=[first.pk]))
    assert "No column holds the questions" in page
    told = {"column-0": "stem", "column-1": "answer", "column-2": "clause"}
    browser.post(reverse("quizzes:map_columns", args=[first.pk]), told)
    second = work()
    assert second.result["counts"] == {"read": 1, "new": 1}
    browser.post(reverse("quizzes:discard_import", args=[second.pk]))
    assert (Job.objects.count(), Item.objects.count(), File.objects.filter(name="bank.csv").count()) == (0, 0, 1)


def test_an_unreadable_file_is_told_in_the_readers_language(people, standard, sign_in):
    browser = sign_in(people.ana)
    browser.post(reverse("quizzes:import_items"), document("题干,答案,题干\n甲,A,乙\n"))
    job = work()
    page = browser.get(
        reverse("quizzes:import_preview", args=[job.pk]), HTTP_ACCEPT_LANGUAGE="zh-hans"
    ).content.decode()
    assert job.state == Job.FAILED
    assert "表头“题干”出现了两次" in page


def test_the_template_and_the_exports_are_downloaded(people, standard, sign_in):
    browser = sign_in(people.ana)
    made = browser.get(reverse("quizzes:item_template"))
    plan = import_items("template.xlsx", made.content, by=people.ana, dry_run=True)
    assert (len(plan.rows), plan.of("refused")) == (11, [])
    make.item(by=people.root, slug="greet")
    for format in ("xlsx", "gift", "moodlexml"):
        response = browser.get(reverse("quizzes:export_items"), {"format": format, "clause": "FD-LANG-001"})
        assert response["Content-Disposition"].startswith("attachment")
        assert len(import_items("x", response.content, by=people.ana, dry_run=True).of("same")) == 1
    assert "a second language" in english(browser, reverse("quizzes:export_items"))
