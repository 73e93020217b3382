"""The documents keep up: what operations.md must name, what the READMEs begin with."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.urls import get_resolver

ROOT = Path(settings.BASE_DIR)
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
READMES = ["README.md", "README.zh-Hans.md"]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FROM_LIBRARIES = {"migrate", "collectstatic", "createsuperuser", "changepassword", "check", "shell", "db_worker"}


def our_commands():
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    return {command for command, app in get_commands().items() if getattr(app, "name", app) in ours}


def settings_read():
    """Names given to env.bool("…") and its like in the settings file."""
    tree = ast.parse((ROOT / "config" / "settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env")]
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def routes(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        yield from routes(pattern.url_patterns, route) if hasattr(pattern, "url_patterns") else [route]


def url_families():
    return {route.split("/")[0] for route in routes(get_resolver().url_patterns)} - {""}


def without_code(text):
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def headings(name):
    text = without_code((ROOT / name).read_text(encoding="utf-8"))
    return [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]


def anchors(path):
    """The fragments GitHub gives the headings of a page."""
    found = re.findall(r"^#+ (.+)$", without_code(path.read_text(encoding="utf-8")), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def links(path):
    """(file, fragment) of every link of a document to a file of ours; pictures are made by `make shots`."""
    text = without_code(path.read_text(encoding="utf-8"))
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", text):
        if "://" not in target:
            file, _, fragment = target.partition("#")
            yield (path.parent / file).resolve() if file else path, fragment


def test_operations_names_every_command_of_ours():
    assert sorted(name for name in our_commands() if f"manage.py {name}" not in OPERATIONS) == []


def test_operations_names_every_environment_setting():
    read = settings_read()
    assert "SECRET_KEY" in read
    assert sorted(name for name in read if f"`{name}`" not in OPERATIONS) == []


def test_operations_names_every_url_family():
    families = url_families()
    assert {"appraisals", "api", "accounts"} <= families
    assert sorted(family for family in families if f"`/{family}/" not in OPERATIONS) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_document_names_only_commands_that_exist(path):
    named = set(re.findall(r"manage\.py ([a-z_]+)", path.read_text(encoding="utf-8")))
    assert sorted(named - our_commands() - FROM_LIBRARIES) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_documents_links_lead_somewhere(path):
    broken = [
        f"{file.name}#{fragment}"
        for file, fragment in links(path)
        if not file.exists() or (fragment and fragment not in anchors(file))
    ]
    assert broken == []


def test_every_required_library_has_its_decision():
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    required = [line for line in lines if line.strip() and not line.startswith(("#", "-"))]
    decided = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [line for line in required if f"Required: `{line}`" not in decided] == []


@pytest.mark.parametrize("name", READMES)
@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_a_readme_begins_with_the_two_commands(name, command):
    assert command in "\n".join((ROOT / name).read_text(encoding="utf-8").splitlines()[:25])


def test_both_readmes_have_the_same_headings():
    first, second = map(headings, READMES)
    assert len(first) > 5
    assert first == second
