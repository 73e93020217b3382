"""Loading a pack of content as published versions (docs/formats.md). All or nothing."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.db import transaction

from config.shapes import misfits
from courses.models import Course
from courses.models import Path as LearningPath
from evidence.models import Checklist
from quizzes import play, script
from quizzes.drawing import CannotDraw, draw
from quizzes.marking import check_item
from quizzes.models import Item, Quiz, Scenario
from quizzes.taking import item_entry, pool
from scoring.appraising import check_plan
from scoring.models import Plan
from staff.frozen import digest
from staff.models import Event, JobRole
from staff.publishing import publish
from standards.models import Wording


class PackProblems(Exception):
    """[(file, line, sentence)]"""

    def __init__(self, problems):
        super().__init__("\n".join(f"{file}:{line}: {sentence}" for file, line, sentence in problems))
        self.problems = problems


class Loader(yaml.SafeLoader):
    """YAML with plain strings: only whole numbers and null are read as such; dates, "on" and "true" stay text."""


Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in found if tag == "tag:yaml.org,2002:int" or tag == "tag:yaml.org,2002:null"
    ]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass
class Piece:
    """One piece of content of a pack: its kind, where it stands, and what it says."""

    model: type
    file: str
    line: int
    slug: str
    title: dict
    body: dict
    lines: dict = field(default_factory=dict)


FOLDERS = {
    "items": Item,
    "courses": Course,
    "quizzes": Quiz,
    "scenarios": Scenario,
    "checklists": Checklist,
    "paths": LearningPath,
    "plans": Plan,
}


def load(folder, *, by, dry_run=False):
    """{"new": [...], "changed": [...], "same": [...]} of "kind:slug". Raises PackProblems, then nothing is written."""
    pieces = read(Path(folder))
    problems = list(check(pieces))
    if problems:
        raise PackProblems(problems)
    report = {"new": [], "changed": [], "same": []}
    with transaction.atomic():
        for piece in pieces:
            report[_load(piece, by, dry_run)].append(f"{piece.model._meta.model_name}:{piece.slug}")
        if not dry_run and (report["new"] or report["changed"]):
            Event.write("load-pack", actor=by, subject=f"pack:{Path(folder).name}", after=report)
    return report


def read(folder):
    """Every Piece of a pack, in the order they may cite one another."""
    if not folder.is_dir():
        raise PackProblems([(str(folder), 0, "No such folder. Give the path of a pack, such as packs/etiquette.")])
    pieces, problems = [], []
    for name, model in FOLDERS.items():
        for path in sorted((folder / name).glob("*.*")):
            try:
                pieces += _pieces(path, model, str(path.relative_to(folder)))
            except PackProblems as found:
                problems += found.problems
    if problems:
        raise PackProblems(problems)
    return pieces


def _pieces(path, model, file):
    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PackProblems([(file, 1, "This file is not UTF-8. Save it as UTF-8.")]) from None
    if model is Scenario:
        return [_scenario(source, file)]
    return list(_yaml(source, model, file))


def _scenario(source, file):
    try:
        slug, title, body = script.parse(source)
    except script.ScriptProblems as found:
        raise PackProblems([(file, line, sentence) for line, sentence in found.problems]) from None
    return Piece(Scenario, file, 1, slug, title, body, script.cited_lines(source))


def _yaml(source, model, file):
    try:
        root = yaml.compose(source, Loader=Loader)
        data = yaml.load(source, Loader=Loader)  # noqa: S506  a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PackProblems(
            [(file, mark.line + 1 if mark else 1, f"Not valid YAML: {error.args[-2] or error}")]
        ) from None
    if not data:
        raise PackProblems([(file, 1, "This file says nothing. Fill it, or take it away.")])
    nodes = root.value if isinstance(data, list) else [root]
    rows = data if isinstance(data, list) else [data]
    for node, row in zip(nodes, rows, strict=True):
        line = node.start_mark.line + 1
        missing = [name for name in ("slug", "title") if not isinstance(row, dict) or not row.get(name)]
        if missing:
            raise PackProblems([(file, line, f"{' and '.join(missing)} missing.")])
        body = {key: value for key, value in row.items() if key not in ("slug", "title")}
        yield Piece(model, file, line, row["slug"], row["title"], body, dict(_scalar_lines(node)))


def _scalar_lines(node):
    if isinstance(node, yaml.ScalarNode):
        yield node.value, node.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _scalar_lines(inner)
    elif isinstance(node, yaml.MappingNode):
        for _, inner in node.value:
            yield from _scalar_lines(inner)


def check(pieces):
    """Problems as (file, line, sentence): unknown clauses, items without key, scenarios nobody can pass."""
    sound = []
    for piece in pieces:
        found = misfits(piece.model._meta.model_name, piece.slug, piece.title, piece.body)
        yield from ((piece.file, piece.line, f"{piece.slug}: {sentence}") for sentence in found)
        sound += [] if found else [piece]
    yield from _contents(sound)


def _contents(pieces):
    known = Wording.objects.of_keys({key for piece in pieces for key in cited(piece)})
    for piece in pieces:
        for key in dict.fromkeys(cited(piece)):
            if key not in known:
                line = piece.lines.get(key, piece.line)
                yield (
                    piece.file,
                    line,
                    f"No published standard holds clause {key}. Publish its standard first, or mend the key.",
                )
        for sentence in _own_problems(piece, pieces):
            yield piece.file, piece.line, f"{piece.slug}: {sentence}"


def cited(piece):
    """The clause keys a piece cites, in order."""
    body = piece.body
    if piece.model is Item:
        return body.get("cites", [])
    if piece.model is Course:
        return [key for lesson in body.get("lessons", []) for key in lesson.get("cites", [])]
    if piece.model is Checklist:
        return [point["cite"] for point in body.get("points", [])]
    if piece.model is Scenario:
        return [key for scene in body["scenes"] for choice in scene["choices"] for key in choice["cites"]]
    return []


def _own_problems(piece, pieces):
    if piece.model is Item:
        return check_item(piece.body)
    if piece.model is Plan:
        return check_plan(piece.body)
    if piece.model is Quiz:
        return _unfilled(piece.body, pieces)
    return []


def _unfilled(quiz, pieces):
    """A blueprint that the bank, with this pack's items in it, cannot fill."""
    own = [item_entry(0, piece.slug, 0, piece.body) for piece in pieces if piece.model is Item]
    slugs = {entry["slug"] for entry in own}
    bank = [entry for entry in pool(quiz["standard"]) if entry["slug"] not in slugs]
    try:
        draw(quiz["blueprint"], bank + own, b"")
    except CannotDraw as short:
        return [str(short)]
    return []


def _load(piece, by, dry_run):
    newest = piece.model.objects.newest().filter(slug=piece.slug).first()
    draft = piece.model(
        slug=piece.slug,
        title_zh=piece.title.get("zh", ""),
        title_en=piece.title.get("en", ""),
        body=piece.body,
        owner=by,
        **_columns(piece),
    )
    if newest and newest.digest == digest(draft.content()):
        return "same"
    if not dry_run:
        piece.model.objects.drafts().filter(slug=piece.slug).delete()
        draft.save()
        publish(draft, by)
    return "changed" if newest else "new"


def _columns(piece):
    if piece.model in (LearningPath, Plan):
        return {"job_role": JobRole.objects.filter(slug=piece.body["role"]).first()}
    if piece.model is Scenario:
        return {"analysis": play.analyse(piece.body)}
    return {}
