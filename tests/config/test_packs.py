"""Loading a pack: all or nothing, a mistake named by file, line and sentence, and twice is once."""

import json
import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.packs import PackProblems, load
from config.verifying import verify
from courses.models import Course
from quizzes.item_rules import shape_of
from quizzes.models import Item, Quiz, Scenario
from scoring.retiring import needed
from staff.models import Event
from staff.publishing import publish
from standards.importing import import_document
from tests import make

PACK = settings.BASE_DIR / "packs" / "etiquette"
DOCUMENT = PACK / "standards" / "hospital-front-desk.md"
COURSE, QUIZ, PATH, PLAN, CHECKLIST, ITEMS, SCENARIO = (
    "courses/guide-onboarding.yaml",
    "quizzes/guide-first-month.yaml",
    "paths/guide-path.yaml",
    "plans/front-desk-month.yaml",
    "checklists/front-desk-round.yaml",
    "items/front-desk.yaml",
    "scenarios/queue-jumper.txt",
)


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


def refused(pack, by):
    """The lines of a refusal, after which nothing is written."""
    events = Event.objects.count()
    with pytest.raises(PackProblems) as refusal:
        load(pack, by=by)
    assert (Item.objects.count(), Course.objects.count(), Event.objects.count()) == (0, 0, events)
    return str(refusal.value).splitlines()


def after(changes, pack, by):
    """The refusal of a pack after [(file, old, new)]."""
    for file, old, new in changes:
        change(pack / file, old, new)
    return refused(pack, by)


def test_the_bundled_pack_loads_whole_and_in_order(root):
    report = load(PACK, by=root)
    assert (len(report["new"]), report["changed"], report["same"], report["ignored"]) == (32, [], [], [])
    assert verify()["differences"] == []


@pytest.mark.slow
def test_loading_it_again_changes_nothing(root, pack):
    load(pack, by=root)
    events = Event.objects.count()
    report = load(pack, by=root)
    assert (report["new"], report["changed"], len(report["same"])) == ([], [], 32)
    assert Event.objects.count() == events


@pytest.mark.slow
def test_what_changed_is_the_next_version(root, pack):
    load(pack, by=root)
    change(pack / QUIZ, "minutes: 20", "minutes: 25")
    assert load(pack, by=root)["changed"] == ["quiz:guide-first-month"]
    assert [row.number for row in Quiz.objects.order_by("number")] == [1, 2]


def test_a_dry_run_writes_nothing(root):
    events = Event.objects.count()
    assert len(load(PACK, by=root, dry_run=True)["new"]) == 32
    assert (Item.objects.count(), Event.objects.count()) == (0, events)


# --- what fields say ----------------------------------------------------------


def test_every_field_that_does_not_fit_is_named_at_once(root, pack):
    changes = [
        (COURSE, "key: greet-first", "key: 第一课 a/b"),
        (COURSE, "minutes: 4", "minutes: 99999999999"),
        (ITEMS, "  options:\n", "  options: [{key: o, text: {zh: 一, en: One}}]\n  choices:\n"),
        (PATH, "slug: guide-first-month", "slug: guide first month"),
        (PATH, "due_day: 3", "due_day: 9999999999"),
        (PLAN, "{key: quiz", "{key: quiz score"),
        (PLAN, "excellent", "x" * 21),
        (PLAN, "use: feedback", "use: bonus"),
        (QUIZ, "count: 1", "count: 30000000"),
        (QUIZ, "minutes: 20", "minutes: 0"),
        (QUIZ, "attempts: 2", "attempts: " + "9" * 5000),
        (QUIZ, "percent: 70", "percent:"),
        (QUIZ, "on: 2026-10-01", "on: soon"),
    ]
    slug = "Latin letters, digits, hyphens and underscores, at most"
    fields = ", ".join(shape_of("multiple"))
    assert after(changes, pack, root) == [
        f"{COURSE}:6: guide-onboarding: lessons[1].key is {slug} 60, not “第一课 a/b”.",
        f"{COURSE}:8: guide-onboarding: lessons[1].minutes is a whole number from 1 to 240, not 99999999999.",
        f"{ITEMS}:12: fd-three-steps: options is a list of 2 to 8 entries, not of 1.",
        f"{ITEMS}:13: fd-three-steps: choices is no field here; known are {fields}.",
        f"{PATH}:8: guide-path: steps[1].due_day is a whole number from 0 to 1825, not 9999999999.",
        f"{PATH}:12: guide-path: steps[2].slug is {slug} 80, not “guide first month”.",
        f"{PLAN}:4: front-desk-month: use is one of feedback, pay, not “bonus”.",
        f"{PLAN}:6: front-desk-month: indicators[1].key is {slug} 60, not “quiz score”.",
        f"{PLAN}:11: front-desk-month: bands[1].key is {slug} 20, not “{'x' * 21}”.",
        f"{QUIZ}:5: guide-first-month: blueprint[1].count is a whole number from 1 to 100, not 30000000.",
        f"{QUIZ}:11: guide-first-month: minutes is a whole number from 1 to 480, not 0.",
        f"{QUIZ}:12: guide-first-month: attempts is a whole number from 1 to 100, not “{'9' * 60}…” (5000 characters).",
        f"{QUIZ}:14: guide-first-month: pass_mark.percent is a whole number from 0 to 100, not nothing.",
        f"{QUIZ}:19: guide-first-month: pass_mark.on is a date such as 2026-10-01, not “soon”.",
    ]


@pytest.mark.parametrize("written", ["010", "1_0", "0x1F", "0b1", "12:30", "2.5", "-5", "+5", "1e1", "٢٠", '"20"'])
def test_only_plain_decimal_digits_are_a_number(db, tmp_path, written):
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "quizzes" / "q.yaml").write_text(f"slug: q\nminutes: {written}\n", encoding="utf-8")
    words = written.strip('"')
    assert f"quizzes/q.yaml:2: q: minutes is a whole number from 1 to 480, not “{words}”." in refused(tmp_path, None)


def test_a_field_left_out_is_named_with_the_line_of_its_set(root, pack):
    changes = [
        (CHECKLIST, "cite:", "uncite:"),
        (COURSE, "lessons:", "unlessons:"),
        (PATH, "    due_day: 3\n", ""),
        (PLAN, "title: {zh", "titles: {zh"),
    ]
    missing = [line for line in after(changes, pack, root) if line.endswith("is missing.")]
    assert missing == [
        f"{CHECKLIST}:6: front-desk-round: points[1].cite is missing.",
        f"{COURSE}:1: guide-onboarding: lessons is missing.",
        f"{PATH}:5: guide-path: steps[1].due_day is missing.",
        f"{PLAN}:1: front-desk-month: title is missing.",
    ]


def test_what_no_single_field_can_tell_is_named(root, pack):
    changes = [
        (COURSE, "right: [b]", "right: [z]"),
        (PLAN, "weight: 40", "weight: 41"),
        (QUIZ, "blueprint:\n", "blueprint:\n" + "  - {clauses: [FD-LANG], count: 90}\n" * 3),
        (ITEMS, "  right: [b]\n", "  right: [b]\n  right: [c]\n"),
        (ITEMS, "slug: fd-sobbing-daughter", "slug: fd-three-steps"),
    ]
    assert after(changes, pack, root) == [
        f"{COURSE}:162: guide-onboarding: lessons[2].checks[1]: The right answer “z” is not an option.",
        f"{ITEMS}:22: right is given twice. Keep one.",
        f"{ITEMS}:27: fd-three-steps: slug is given twice, before in {ITEMS}:2. Rename one, or take it away.",
        f"{PLAN}:1: front-desk-month: The weights sum to 101, not 100.",
        f"{QUIZ}:4: guide-first-month: blueprint draws 280 items; a paper holds at most 200.",
    ]


def test_what_nobody_has_is_named(root, pack):
    changes = [
        (CHECKLIST, "cite: FD-LANG-002", "cite: FD-NONE-999"),
        (COURSE, "        cites: [FD-LANG-002]", '        cites: ["FD/../x"]'),
        (COURSE, "role: guide", "role: gude"),
        (PATH, "slug: queue-jumper", "slug: queue-jumpers"),
        (PLAN, "role: guide", "role: gude"),
        (PLAN, "slug: front-desk-round", "slug: guide-path"),
        (QUIZ, "standard: hospital-front-desk", "standard: hospital"),
        (QUIZ, "[FD-MANN, FD-PROC]", "[FD-NOPE, FD-PROC]"),
        (SCENARIO, "role: guide", "role: gude"),
    ]
    publish_it = "Publish its standard first, or mend the key."
    add_it = "neither in this pack nor published. Add it, or mend the slug."
    no_role = "role: there is no job role “gude”. Create it first, or mend the slug."
    assert after(changes, pack, root) == [
        f"{CHECKLIST}:7: front-desk-round: points[1].cite: no published standard holds clause FD-NONE-999. "
        f"{publish_it}",
        f"{COURSE}:4: guide-onboarding: {no_role}",
        f"{COURSE}:73: guide-onboarding: lessons[1].checks[1].cites[1]: no published standard holds clause FD/../x. "
        f"{publish_it}",
        f"{PATH}:17: guide-path: steps[3].slug: there is no scenario “queue-jumpers”, {add_it}",
        f"{PLAN}:3: front-desk-month: {no_role}",
        f"{PLAN}:8: front-desk-month: indicators[3].slug: there is no checklist “guide-path”, {add_it}",
        f"{QUIZ}:3: guide-first-month: standard: there is no published standard “hospital”. "
        "Publish it first, or mend the slug.",
        f"{QUIZ}:8: guide-first-month: blueprint[4].clauses[1]: no published clause begins with FD-NOPE. Mend it.",
        f"{SCENARIO}:4: queue-jumper: {no_role}",
    ]


def test_a_blueprint_that_the_bank_cannot_fill_is_named(root, pack):
    assert after([(QUIZ, "types: [ordering], count: 1", "types: [ordering], count: 9")], pack, root) == [
        f"{QUIZ}:4: guide-first-month: blueprint: Not enough items: row 4 of the blueprint lacks 6. "
        "Write more items, or ask for fewer."
    ]


@pytest.mark.slow
def test_what_was_published_before_need_not_stand_in_the_pack(root, pack):
    load(pack, by=root)
    for name in ("items", "courses", "quizzes", "scenarios", "checklists"):
        shutil.rmtree(pack / name)
    change(pack / PATH, "due_day: 21", "due_day: 28")
    report = load(pack, by=root)
    assert (report["changed"], report["same"]) == (["path:guide-path"], ["plan:front-desk-month"])


# --- files --------------------------------------------------------------------

BOMB = "\n".join(
    ["a: &a [x, x]", *(f"{new}: &{new} [*{old}, *{old}]" for old, new in zip("abcdef", "bcdefg", strict=True))]
)
NO_ANCHOR = "& and * in front are not read here. Put the words in quotes, or write them out."
TOO_DEEP = "Nested more than 20 deep. A bracket may be missing."
NO_ENTRY = "An entry is a set of fields, such as slug: …, not"
NOT_YAML = "Not valid YAML: {}. Put the words in quotes, or mend them."
SAYS_NOTHING = "This file says nothing. Fill it, or take it away."
WRITTEN = {
    "bomb": (BOMB, f":1: {NO_ANCHOR}"),
    "braces": ("{" * 5000, f":1: {TOO_DEEP}"),
    "brackets": ("[" * 5000, f":1: {TOO_DEEP}"),
    "dashes": ("- " * 5000, f":1: {TOO_DEEP}"),
    "empty": ("", f":1: {SAYS_NOTHING}"),
    "escape": ('- slug: "\\UFFFFFFFF"', f":1: {NOT_YAML.format('no such character or number')}"),
    "large": ("- a\n" * 250_001, ": This file has 1,000,004 bytes; at most 1,000,000 are read. Split it."),
    "latin": (b"a: 1\n- \xe9", ":2: This file is not UTF-8. Save it as UTF-8."),
    "many": ("- a\n" * 60_000, ":50000: More than 50,000 entries in one file. Split it."),
    "merge": ("- &self\n  <<: *self\n", f":1: {NO_ANCHOR}"),
    "nothing": ("[]", f":1: {SAYS_NOTHING}"),
    "nul": ("- a\n- b\0\n", ":2: Character U+0000 cannot be read. Take it out."),
    "recursive": ("&a [*a]", f":1: {NO_ANCHOR}"),
    "star": ("slug: *greet", f":1: {NO_ANCHOR}"),
    "tag": ("- !!python/object:os.system x", ":1: ! in front is not read here. Put the words in quotes."),
    "version": (f"%YAML 1.{'9' * 5000}\n--- a", f":1: {NOT_YAML.format('no such character or number')}"),
    "words": ("just words", f":1: {NO_ENTRY} “just words”."),
}


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read_on(root, pack):
    for name, (source, _) in WRITTEN.items():
        (pack / "items" / f"{name}.yaml").write_bytes(source if isinstance(source, bytes) else source.encode())
    change(pack / QUIZ, "minutes: 20", "minutes: 0")
    assert refused(pack, root) == [
        *(f"items/{name}.yaml{said}" for name, (_, said) in WRITTEN.items()),
        f"{QUIZ}:11: guide-first-month: minutes is a whole number from 1 to 480, not 0.",
    ]


def test_an_escape_that_no_database_keeps_is_refused_where_it_stands(root, pack):
    change(pack / PLAN, 'en: "Front desk, monthly"', 'en: "\\0", zh: "\\ud800"')
    assert refused(pack, root)[:2] == [
        f"{PLAN}:2: title.en: character U+0000 cannot be kept. Take it out.",
        f"{PLAN}:2: title.zh is given twice. Keep one.",
    ]


def test_only_ordinary_files_of_the_pack_itself_are_read(root, pack):
    (pack / "items" / "folder.yaml").mkdir()
    (pack / "items" / "loop.yaml").symlink_to("loop.yaml")
    (pack / "items" / "outside.yaml").symlink_to(settings.BASE_DIR / "LICENSE")
    (pack / "plans" / "outside.yaml").symlink_to("/dev/zero")
    os.mkfifo(pack / "quizzes" / "pipe.yaml")
    assert refused(pack, root) == [
        "items/folder.yaml: This is no ordinary file. Put a file here, or take it away.",
        "items/loop.yaml: Cannot read this file: its link leads nowhere.",
        "items/outside.yaml: This link leads out of the pack. Put the file itself here.",
        "plans/outside.yaml: This link leads out of the pack. Put the file itself here.",
        "quizzes/pipe.yaml: This is no ordinary file. Put a file here, or take it away.",
    ]


def test_what_is_not_read_is_told(root, pack):
    (pack / "quizes").mkdir()
    for name in ("README.md", "items/a.yaml.bak", "scenarios/x.yaml"):
        (pack / name).write_text("[", encoding="utf-8")
    shutil.move(pack / QUIZ, pack / "quizzes" / "renamed.YML")
    out = StringIO()
    call_command("load_pack", str(pack), "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert len(report["new"]) == 32
    assert report["ignored"] == ["README.md", "quizes/", "items/a.yaml.bak", "scenarios/x.yaml"]


# --- the command --------------------------------------------------------------


def test_the_command_says_where_it_is_wrong(root, pack):
    (pack / "items" / "broken.yaml").write_text("- [", encoding="utf-8")
    with pytest.raises(CommandError, match=r"items/broken\.yaml:1: "):
        call_command("load_pack", str(pack), stdout=StringIO())
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("load_pack", str(pack), "--json", stdout=out)
    assert list(json.loads(out.getvalue())) == ["error"]


def test_a_folder_that_is_no_pack_is_a_sentence(root, tmp_path):
    for folder, sentence in (
        ("nowhere", "nowhere: No such folder. Give the path of a pack, such as packs/etiquette."),
        (str(tmp_path), f"{tmp_path}: Nothing to load here. A pack holds folders such as items,"),
    ):
        with pytest.raises(CommandError) as refusal:
            call_command("load_pack", folder, stdout=StringIO())
        assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize("command", [["load_pack", str(PACK)], ["import_standard", str(DOCUMENT)]])
def test_a_publisher_nobody_knows_is_refused_on_a_dry_run_too(root, command):
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command(*command, "--by", "NOBODY", "--dry-run", "--json", stdout=out)
    assert json.loads(out.getvalue())["error"].startswith("Nobody has employee number NOBODY.")


@pytest.mark.slow
@pytest.mark.parametrize(("content", "reason"), [(b"", "no such table"), (b"no database" * 99, "not a database")])
def test_a_database_that_is_not_ready_is_one_sentence(tmp_path, content, reason):
    (tmp_path / "x.sqlite3").write_bytes(content)
    command = [sys.executable, "manage.py", "load_pack", str(PACK), "--json"]
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}"}
    ran = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (1, "")
    error = json.loads(ran.stdout)["error"]
    assert reason in error and error.endswith("Check DATABASE_URL, then run python manage.py migrate.")


# --- what was retired ------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_was_retired_stays_retired_while_the_pack_says_the_same(root, pack):
    load(pack, by=root)
    spare = next(item for item in Item.objects.newest() if not needed("item", item.slug))
    Item.objects.filter(pk=spare.pk).update(retired_at=timezone.now())
    assert f"item:{spare.slug}" in load(pack, by=root)["same"]
    assert not Item.objects.newest().filter(slug=spare.slug).exists()
    change(pack / ITEMS, f"slug: {spare.slug}\n  title: {{zh: ", f"slug: {spare.slug}\n  title: {{zh: 又")
    assert f"item:{spare.slug}" in load(pack, by=root)["changed"]
    assert Item.objects.newest().get(slug=spare.slug).number == 2


@pytest.mark.slow
def test_what_stays_retired_fills_no_quiz(root, pack):
    load(pack, by=root)
    Item.objects.update(retired_at=timezone.now())
    with pytest.raises(PackProblems, match="the blueprint lacks"):
        load(pack, by=root)


@pytest.mark.slow
def test_a_path_does_not_name_what_stays_retired(root, pack):
    load(pack, by=root)
    Scenario.objects.newest().filter(slug="queue-jumper").update(retired_at=timezone.now())
    with pytest.raises(PackProblems, match="queue-jumper"):
        load(pack, by=root)


# --- rows that name items ---------------------------------------------------------------------------


@pytest.mark.slow
def test_a_blueprint_row_asks_for_items_by_name(root, pack):
    load(pack, by=root)
    slugs = sorted(Item.objects.newest().values_list("slug", flat=True))[:2]
    write = (pack / "quizzes" / "two.yaml").write_text
    head = "slug: two\ntitle: {en: Two}\nstandard: hospital-front-desk\nminutes: 5\nattempts: 1\n"
    head += "pass_mark: {percent: 70, by: ROOT, how: {en: So.}, on: 2026-10-01}\nblueprint:\n"
    write(f"{head}  - {{items: [{', '.join(slugs)}], count: 2}}\n")
    assert load(pack, by=root)["new"] == ["quiz:two"]
    for row, sentence in [
        (f"{{items: [{slugs[0]}], count: 2}}", "row 1 of the blueprint lacks 1"),
        ("{items: [nobody-wrote-it], count: 1}", "blueprint[1].items[1]: there is no item “nobody-wrote-it”"),
        ("{count: 1}", "blueprint[1] asks either for clauses or for items."),
        (f"{{clauses: [FD-], items: [{slugs[0]}], count: 1}}", "blueprint[1] asks either for clauses or for items."),
        (f"{{items: {slugs[0]}, count: 1}}", "blueprint[1].items is a list"),
    ]:
        write(f"{head}  - {row}\n")
        with pytest.raises(PackProblems) as refusal:
            load(pack, by=root)
        assert sentence in str(refusal.value)


@pytest.mark.parametrize("line", ["changed_in: 2", "slug: delta-hospital-front-desk-2"])
def test_a_pack_does_not_pass_for_what_publishing_makes(root, pack, line):
    file = pack / "courses" / "more.yaml"
    source = next((pack / "courses").glob("*.yaml")).read_text(encoding="utf-8")
    slug = source.splitlines()[0]
    file.write_text(source.replace(slug, line if line.startswith("slug") else f"slug: more\n{line}"), encoding="utf-8")
    with pytest.raises(PackProblems, match=r"changed_in is no field here|slug begins with delta-"):
        load(pack, by=root)
