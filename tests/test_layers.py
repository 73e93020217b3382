"""Imports go down, links go up: the order of the apps, proved for every import and every foreign key."""

import ast
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ORDER = ["staff", "jobs", "standards", "courses", "quizzes", "evidence", "scoring", "config"]
PURE = {
    "staff/shapes.py",
    "staff/text.py",
    "standards/comparing.py",
    "standards/formats/decoding.py",
    "standards/formats/docx.py",
    "standards/formats/html.py",
    "standards/formats/zipped.py",
    "standards/formats/text.py",
    "standards/formats/wording.py",
    "standards/matching.py",
    "standards/proposing.py",
    "standards/ribbons.py",
    "standards/splitting.py",
    "quizzes/answered.py",
    "quizzes/asking.py",
    "quizzes/drawing.py",
    "quizzes/forecasting.py",
    "quizzes/item_rules.py",
    "quizzes/marking.py",
    "quizzes/play.py",
    "quizzes/quiz_rules.py",
    "quizzes/script.py",
    "quizzes/typed.py",
    "scoring/appraising.py",
    "scoring/delta.py",
}
SAYS_NOTHING = {"utils", "util", "helpers", "common", "core", "services", "managers", "misc"}
FILES = sorted(path for app in ORDER for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def name(path):
    return path.relative_to(ROOT).as_posix()


def imported(path):
    """Dotted names of every import in a file, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno} is a relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def app_of(dotted):
    return dotted.split(".")[0]


def upward(app, dotted):
    return app_of(dotted) in ORDER and ORDER.index(app_of(dotted)) > ORDER.index(app)


def as_file(dotted):
    return dotted.replace(".", "/") + ".py"


def test_no_app_imports_one_above_it():
    assert [
        f"{name(path)} imports {dotted}"
        for path in FILES
        for dotted in imported(path)
        if upward(app_of(name(path).replace("/", ".")), dotted)
    ] == []


def test_no_foreign_key_points_upwards():
    ours = [model for app in ORDER if app != "config" for model in apps.get_app_config(app).get_models()]
    assert [
        f"{model.__name__}.{field.name}"
        for model in ours
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.is_relation and upward(model._meta.app_label, field.related_model._meta.app_label)
    ] == []


def test_the_apps_are_exactly_those_of_the_order():
    installed = [config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir()]
    assert installed == ORDER
    assert list(apps.get_app_config("config").get_models()) == []


def test_no_migration_depends_on_an_app_above_it():
    found = []
    for path in (path for app in ORDER for path in (ROOT / app / "migrations").glob("0*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and node.targets[0].id == "dependencies":
                pairs = [pair for pair in node.value.elts if isinstance(pair, ast.Tuple)]
                found += [name(path) for pair in pairs if upward(path.parts[-3], pair.elts[0].value)]
    assert found == []


def test_only_jobs_imports_the_task_library():
    users = {
        app_of(name(path).replace("/", "."))
        for path in FILES
        for dotted in imported(path)
        if app_of(dotted) == "django_tasks"
    }
    assert users == {"jobs"}


@pytest.mark.parametrize("file", sorted(PURE))
def test_a_judging_module_imports_nothing_but_python_and_its_like(file):
    roots = {dotted for dotted in imported(ROOT / file) if app_of(dotted) not in sys.stdlib_module_names}
    ours = {dotted for dotted in roots if as_file(dotted) in PURE or as_file(dotted.rpartition(".")[0]) in PURE}
    assert roots - ours == set()


def test_no_file_is_named_for_nothing():
    assert [name(path) for path in FILES if {path.stem, *path.parent.relative_to(ROOT).parts} & SAYS_NOTHING] == []


def test_no_app_but_the_roof_reads_the_roof():
    assert [
        name(path)
        for path in FILES
        if not name(path).startswith("config/")
        for dotted in imported(path)
        if app_of(dotted) == "config"
    ] == []


def views():
    """Files whose functions take a request."""
    return [path for path in FILES if path.stem.endswith("views") or name(path) == "config/home.py"]


def calls(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node.lineno


def test_no_view_filters_or_saves():
    assert [
        f"{name(path)}:{line} .{call}(" for path in views() for call, line in calls(path) if call in ("filter", "save")
    ] == []


def test_no_import_hides_in_a_function():
    """An import inside a function is a cycle in disguise; AppConfig.ready is the one place that needs it."""
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name != "ready":
                found += [
                    f"{name(path)}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                ]
    assert found == []


def test_no_file_grows_past_four_hundred_lines():
    """The reader of documents, a state machine over one document, is the one exception."""
    long = {name(path) for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 400}
    assert long - {"standards/formats/text.py"} == set()


def test_no_test_is_skipped():
    """A test that does not belong to a run is deselected by its marker, where it can be counted."""
    skips = ("pytest" + ".skip", "mark" + ".skip", "import" + "orskip", "mark" + ".xfail")
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    assert [name(path) for path, source in sources.items() if any(word in source for word in skips)] == []
