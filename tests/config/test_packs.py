"""Loading a pack: all or nothing, a mistake named by file, line and sentence, and twice is once."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from config.packs import PackProblems, load
from config.verifying import verify
from quizzes.models import Item, Quiz
from staff.models import Event
from staff.publishing import publish
from standards.importing import import_document
from tests import make

PACK = settings.BASE_DIR / "packs" / "etiquette"
DOCUMENT = PACK / "standards" / "hospital-front-desk.md"


@pytest.fixture
def root(people):
    for slug in ("registration_cashier_pharmacy", "unit_manager", "trainer"):
        make.job_role(slug=slug)
    draft, _ = import_document(DOCUMENT.name, DOCUMENT.read_bytes(), by=people.root, slug="hospital-front-desk")
    publish(draft, people.root)
    return people.root


@pytest.fixture
def pack(tmp_path):
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def change(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_bundled_pack_loads_whole_and_in_order(root):
    report = load(PACK, by=root)
    assert (len(report["new"]), report["changed"], report["same"]) == (24, [], [])
    assert verify()["differences"] == []


def test_loading_it_again_changes_nothing(root, pack):
    load(pack, by=root)
    events = Event.objects.count()
    report = load(pack, by=root)
    assert (report["new"], report["changed"], len(report["same"])) == ([], [], 24)
    assert Event.objects.count() == events


def test_what_changed_is_the_next_version(root, pack):
    load(pack, by=root)
    change(pack / "quizzes" / "guide-first-month.yaml", "minutes: 20", "minutes: 25")
    assert load(pack, by=root)["changed"] == ["quiz:guide-first-month"]
    assert [row.number for row in Quiz.objects.order_by("number")] == [1, 2]


def test_a_dry_run_writes_nothing(root):
    events = Event.objects.count()
    assert len(load(PACK, by=root, dry_run=True)["new"]) == 24
    assert (Item.objects.count(), Event.objects.count()) == (0, events)


def test_an_unknown_clause_is_refused_by_file_and_line_and_nothing_is_written(root, pack):
    file = pack / "checklists" / "front-desk-round.yaml"
    key = next(word for word in file.read_text(encoding="utf-8").replace(",", " ").split() if word.startswith("FD-"))
    line = 1 + next(n for n, row in enumerate(file.read_text(encoding="utf-8").splitlines()) if key in row)
    change(file, key, "FD-NONE-999")
    with pytest.raises(PackProblems) as refusal:
        load(pack, by=root)
    assert refusal.value.problems == [
        (
            "checklists/front-desk-round.yaml",
            line,
            "No published standard holds clause FD-NONE-999. Publish its standard first, or mend the key.",
        )
    ]
    assert Item.objects.count() == 0


def test_weights_that_do_not_sum_to_a_hundred_are_refused(root, pack):
    change(pack / "plans" / "front-desk-month.yaml", "weight: 40", "weight: 41")
    with pytest.raises(PackProblems) as refusal:
        load(pack, by=root)
    assert [(file, sentence) for file, _, sentence in refusal.value.problems] == [
        ("plans/front-desk-month.yaml", "front-desk-month: The weights sum to 101, not 100.")
    ]


@pytest.mark.parametrize("source", ["- [", "slug: only", "- just words", ""])
def test_what_is_no_pack_file_is_refused_with_its_name(root, pack, source):
    (pack / "items" / "broken.yaml").write_text(source, encoding="utf-8")
    with pytest.raises(PackProblems) as refusal:
        load(pack, by=root)
    assert {file for file, _, _ in refusal.value.problems} == {"items/broken.yaml"}


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("quizzes/guide-first-month.yaml", "minutes: 20", "minutes: 0", "minutes is a whole number from 1."),
        ("quizzes/guide-first-month.yaml", "attempts: 2", "attempts: two", "attempts is a whole number from 1."),
        (
            "quizzes/guide-first-month.yaml",
            "percent: 70",
            "percent: 101",
            "pass_mark.percent is a whole number from 0 to 100.",
        ),
        ("quizzes/guide-first-month.yaml", "attempts: 2", "attempts: 2\nmood: 3", "mood is no field of this file."),
        ("plans/front-desk-month.yaml", "use: feedback", "use: bonus", "use is one of feedback, pay."),
        (
            "quizzes/guide-first-month.yaml",
            'title: {zh: "',
            'title: {fr: "',
            "title is a text {zh: …, en: …}, each at most 200 characters long.",
        ),
        (
            "quizzes/guide-first-month.yaml",
            "slug: guide",
            "slug: 导医",
            "slug is Latin letters, digits and hyphens, at most 80.",
        ),
        (
            "quizzes/guide-first-month.yaml",
            "types: [ordering], count: 1",
            "types: [ordering], count: 9",
            "Not enough items: row 4 of the blueprint lacks 6.",
        ),
    ],
)
def test_a_field_of_the_wrong_sort_is_refused_with_a_sentence(root, pack, file, old, new, sentence):
    change(pack / file, old, new)
    with pytest.raises(PackProblems) as refusal:
        load(pack, by=root)
    assert [(name, said.split(": ", 1)[1]) for name, _, said in refusal.value.problems] == [(file, sentence)]


@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("plans/front-desk-month.yaml", "missing:"),
        ("plans/front-desk-month.yaml", "bands:"),
        ("checklists/front-desk-round.yaml", "cite:"),
        ("courses/guide-onboarding.yaml", "lessons:"),
        ("paths/guide-path.yaml", "steps:"),
        ("quizzes/guide-first-month.yaml", "minutes:"),
        ("quizzes/guide-first-month.yaml", "attempts:"),
        ("quizzes/guide-first-month.yaml", "blueprint:"),
    ],
)
def test_a_field_left_out_is_refused_with_its_file(root, pack, file, old):
    change(pack / file, old, f"un{old}")
    with pytest.raises(PackProblems) as refusal:
        load(pack, by=root)
    assert {name for name, _, _ in refusal.value.problems} == {file}


def test_the_command_says_where_it_is_wrong(root, pack):
    (pack / "items" / "broken.yaml").write_text("- [", encoding="utf-8")
    with pytest.raises(CommandError, match=r"items/broken\.yaml:1: "):
        call_command("load_pack", str(pack), stdout=StringIO())
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("load_pack", str(pack), "--json", stdout=out)
    assert list(json.loads(out.getvalue())) == ["error"]


def test_a_folder_that_is_not_there_is_a_sentence(root):
    with pytest.raises(CommandError, match="No such folder"):
        call_command("load_pack", "nowhere", stdout=StringIO())
