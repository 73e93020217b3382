"""Loading a pack of content as published versions (docs/formats.md). All or nothing."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.db import transaction

from config.shapes import cited, meant, misfits, named, prefixes
from courses.models import Course
from courses.models import Path as LearningPath
from evidence.models import Checklist
from quizzes import play, script
from quizzes.drawing import CannotDraw, draw
from quizzes.drawing import named as asked
from quizzes.models import Item, Quiz, Scenario
from quizzes.taking import item_entry, pool
from scoring.models import Plan
from staff.frozen import digest
from staff.models import Event, JobRole
from staff.publishing import publish
from staff.shapes import CONTENT, shown
from standards.models import Standard, Wording

FOLDERS = {
    "items": Item,
    "courses": Course,
    "quizzes": Quiz,
    "scenarios": Scenario,
    "checklists": Checklist,
    "paths": LearningPath,
    "plans": Plan,
}
KINDS = {model._meta.model_name: model for model in FOLDERS.values()}
MOST_BYTES = 1_000_000
MOST_NODES = 50_000
DEEPEST = 20
MOST_TOLD = 100
# Neither YAML nor PostgreSQL holds these, whether they stand in a file or come out of an escape such as "\0".
ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class PackProblems(Exception):
    """[(file, line, sentence)]; line 0 where no line is meant."""

    def __init__(self, problems):
        told = [f"{file}:{line}: {said}" if line else f"{file}: {said}" for file, line, said in problems[:MOST_TOLD]]
        if len(problems) > MOST_TOLD:
            told.append(f"… and {len(problems) - MOST_TOLD} more. Mend these first.")
        # One line each, whatever it quotes: a slug may hold a line break.
        super().__init__("\n".join("".join(c if c.isprintable() else "\ufffd" for c in line) for line in told))
        self.problems = problems


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

    @property
    def kind(self):
        return self.model._meta.model_name

    def problem(self, place, sentence):
        """(file, line, sentence) for a place of this piece, or for the nearest place around it."""
        known = (place[:end] for end in range(len(place), 0, -1) if place[:end] in self.lines)
        line = self.lines.get(next(known, ""), self.line)
        return self.file, line, f"{self.slug}: {sentence}" if CONTENT.fits(self.slug) else sentence


def load(folder, *, by, dry_run=False):
    """{"new": [...], "changed": [...], "same": [...]} of "kind:slug", and "ignored": [names of files].
    Raises PackProblems, then nothing is written."""
    folder = Path(folder)
    pieces, problems, ignored = read(folder)
    problems += check(pieces, whole=not problems)
    if problems:
        raise PackProblems(sorted(problems))
    report = {"new": [], "changed": [], "same": []}
    with transaction.atomic():
        for piece in pieces:
            report[_load(piece, by, dry_run)].append(f"{piece.kind}:{piece.slug}")
        if not dry_run and (report["new"] or report["changed"]):
            Event.write("load-pack", actor=by, subject=f"pack:{_name(Path(folder.resolve().name))[:100]}", after=report)
    return report | {"ignored": ignored}


# --- files ------------------------------------------------------------------


def read(folder):
    """(every Piece of a pack in the order they may cite one another, problems, names of files not read)."""
    wanted, ignored = _files(folder)
    pieces, problems = [], []
    for model, file, path in wanted:
        try:
            found, wrong = _pieces(_source(path, file, folder.resolve()), model, file)
        except PackProblems as refusal:
            found, wrong = [], refusal.problems
        pieces += found
        problems += wrong
    return pieces, problems, ignored


def _files(folder):
    """([(model, name, path)] in the order of FOLDERS, names of everything else but the standards)."""
    try:
        found = [path for path in sorted(folder.iterdir()) if path.name != "standards"]
        inside = {path.name: sorted(path.iterdir()) for path in found if path.name in FOLDERS and path.is_dir()}
        others = [path for path in found if path.name not in inside]
        wanted = []
        for name, model in FOLDERS.items():
            for path in inside.get(name, []):
                if _wanted(path, model):
                    wanted.append((model, _name(path, folder), path))
                else:
                    others.append(path)
        names = [f"{_name(path, folder)}{'/' if path.is_dir() else ''}" for path in others]
    except (FileNotFoundError, NotADirectoryError):
        sentence = "No such folder. Give the path of a pack, such as packs/etiquette."
        raise PackProblems([(_name(folder), 0, sentence)]) from None
    except OSError as error:
        raise PackProblems([(_name(folder), 0, f"Cannot read this folder: {error.strerror}.")]) from None
    if not wanted:
        sentence = f"Nothing to load here. A pack holds folders such as {', '.join(FOLDERS)}, with files in them."
        raise PackProblems([(_name(folder), 0, sentence)])
    return wanted, names


def _wanted(path, model):
    return path.suffix.lower() in ((".txt",) if model is Scenario else (".yaml", ".yml"))


def _name(path, folder=None):
    """A name that can be printed whatever bytes it is made of."""
    return os.fsencode(path.relative_to(folder) if folder else path).decode("utf-8", "replace")


def _source(path, file, root):
    """The text of a file of the pack. Raises PackProblems."""
    data = _bytes(path, file, root)
    try:
        source = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PackProblems([(file, line, "This file is not UTF-8. Save it as UTF-8.")]) from None
    if odd := ODD.search(source):
        line = source.count("\n", 0, odd.start()) + 1
        raise PackProblems([(file, line, f"Character U+{ord(odd[0]):04X} cannot be read. Take it out.")])
    return source


def _bytes(path, file, root):
    try:
        if not path.resolve().is_relative_to(root):
            sentence = "This link leads out of the pack. Put the file itself here."
        elif not path.is_file():
            sentence = "This is no ordinary file. Put a file here, or take it away."
        elif (size := path.stat().st_size) > MOST_BYTES:
            sentence = f"This file has {size:,} bytes; at most {MOST_BYTES:,} are read. Split it."
        else:
            return path.read_bytes()
    except (OSError, RuntimeError) as error:  # a link that leads to itself is a RuntimeError
        sentence = f"Cannot read this file: {getattr(error, 'strerror', None) or 'its link leads nowhere'}."
    raise PackProblems([(file, 0, sentence)])


def _pieces(source, model, file):
    """(pieces, problems) of one file."""
    if model is Scenario:
        return [_scenario(source, file)], []
    root = _composed(source, file)
    pieces, problems = [], []
    for node in root.value if isinstance(root, yaml.SequenceNode) else [root]:
        line, lines, wrong = node.start_mark.line + 1, {}, []
        row = _plain(node, "", lines, wrong)
        problems += [(file, *problem) for problem in wrong]
        if isinstance(row, dict):
            row = meant(model._meta.model_name, row)
            pieces.append(Piece(model, file, line, row.pop("slug", None), row.pop("title", None), row, lines))
        else:
            problems.append((file, line, f"An entry is a set of fields, such as slug: …, not {shown(row)}."))
    return pieces, problems


def _scenario(source, file):
    try:
        slug, title, body = script.parse(source)
    except script.ScriptProblems as found:
        raise PackProblems([(file, line, sentence) for line, sentence in found.problems]) from None
    headers = re.finditer(r"^(slug|standard|role)\s*[:：]", source, re.MULTILINE)
    lines = {found[1]: source.count("\n", 0, found.start()) + 1 for found in headers}
    return Piece(Scenario, file, 1, slug, title, body, lines | script.cited_lines(source))


# --- YAML -------------------------------------------------------------------


class Refusal(yaml.MarkedYAMLError):
    """YAML that is sound but that a pack does not use."""


class Loader(yaml.SafeLoader):
    """YAML without its surprises: plain decimal numbers and null, all else is words; no anchors, aliases or tags."""

    def __init__(self, source):
        super().__init__(source)
        self.depth = self.nodes = 0

    def compose_node(self, parent, index):
        event = self.peek_event()
        self.nodes += 1
        if getattr(event, "anchor", None):
            self.refuse(event, "& and * in front are not read here. Put the words in quotes, or write them out.")
        if getattr(event, "tag", None):
            self.refuse(event, "! in front is not read here. Put the words in quotes.")
        if self.depth == DEEPEST:
            self.refuse(event, f"Nested more than {DEEPEST} deep. A bracket may be missing.")
        if self.nodes > MOST_NODES:
            self.refuse(event, f"More than {MOST_NODES:,} entries in one file. Split it.")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def refuse(self, event, sentence):
        raise Refusal(problem=sentence, problem_mark=event.start_mark)


NUMBER, NULL = "tag:yaml.org,2002:int", "tag:yaml.org,2002:null"
Loader.yaml_implicit_resolvers = {}
# At most 18 digits: more are no number of ours, and Python refuses to read thousands of them.
Loader.add_implicit_resolver(NUMBER, re.compile(r"(?:0|[1-9][0-9]{0,17})\Z"), list("0123456789"))
Loader.add_implicit_resolver(NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""])


def _composed(source, file):
    """The root node of a YAML file. Raises PackProblems."""
    loader = Loader(source)
    try:
        root = loader.get_single_node()
    except Refusal as refusal:
        raise PackProblems([(file, refusal.problem_mark.line + 1, refusal.problem)]) from None
    # Escapes such as "\UFFFFFFFF" and a version of thousands of digits end in Python's own errors.
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        said = [getattr(error, name, None) for name in ("context", "problem")]
        reason = ", ".join(filter(None, said)) or "no such character or number"
        line = (mark.line if mark else loader.line) + 1
        sentence = f"Not valid YAML: {reason}. Put the words in quotes, or mend them."
        raise PackProblems([(file, line, sentence)]) from None
    if root is None or root.tag == NULL or root.value == []:
        raise PackProblems([(file, 1, "This file says nothing. Fill it, or take it away.")])
    return root


def _plain(node, place, lines, wrong):
    """A node as lists, dicts, words and whole numbers; fills {place: line} and [(line, sentence)]."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        if odd := ODD.search(node.value):
            wrong.append((lines[place], f"{place}: character U+{ord(odd[0]):04X} cannot be kept. Take it out."))
        return int(node.value) if node.tag == NUMBER else None if node.tag == NULL else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(inner, f"{place}[{number}]", lines, wrong) for number, inner in enumerate(node.value, start=1)]
    found = {}
    for key, inner in node.value:
        line, name = key.start_mark.line + 1, key.value
        if not isinstance(key, yaml.ScalarNode) or ODD.search(name):
            wrong.append((line, f"{place or 'Here'}: the name of a field is a word."))
        elif name in found:
            wrong.append((line, f"{place + '.' if place else ''}{name[:60]} is given twice. Keep one."))
        else:
            inside = f"{place}.{name[:60]}" if place else name[:60]
            lines.setdefault(inside, line)
            found[name] = _plain(inner, inside, lines, wrong)
    return found


# --- checks -----------------------------------------------------------------


def check(pieces, *, whole):
    """[(file, line, sentence)] of all that keeps these pieces from being published. Not `whole` when a file
    could not be read: then nothing is said about content that may stand in it."""
    problems, sound = list(_twice(pieces)), []
    for piece in pieces:
        found = misfits(piece.kind, piece.slug, piece.title, piece.body)
        problems += [piece.problem(place, sentence) for place, sentence in found]
        sound += [] if found else [piece]
        whole = whole and CONTENT.fits(piece.slug)
    problems += _strangers(sound, pieces, whole)
    if whole and not problems:
        problems += _unfilled(pieces)
    return problems


def _twice(pieces):
    first = {}
    for piece in pieces:
        if isinstance(piece.slug, str):
            other = first.setdefault((piece.model, piece.slug), piece)
            if other is not piece:
                sentence = f"slug is given twice, before in {other.file}:{other.line}. Rename one, or take it away."
                yield piece.problem("slug", sentence)


def _strangers(pieces, all_pieces, whole):
    """Clauses, standards, job roles and content that a piece names and nobody has."""
    clauses = set(Wording.objects.current().values_list("clause__key", flat=True))
    slugs = {kind: set(model.objects.newest().values_list("slug", flat=True)) for kind, model in KINDS.items()}
    for piece in all_pieces:
        slugs[piece.kind] |= {piece.slug} if isinstance(piece.slug, str) and not _stays_retired(piece) else set()
    slugs["standard"] = set(Standard.objects.newest().values_list("slug", flat=True))
    slugs["role"] = set(JobRole.objects.values_list("slug", flat=True))
    for piece in pieces:
        for place, key in cited(piece.kind, piece.body):
            if key not in clauses:
                sentence = "Publish its standard first, or mend the key."
                yield piece.problem(place, f"{place}: no published standard holds clause {key}. {sentence}")
        for place, prefix in prefixes(piece.body):
            if not any(key.startswith(prefix) for key in clauses):
                yield piece.problem(place, f"{place}: no published clause begins with {prefix}. Mend it.")
        for place, sort, slug in named(piece.kind, piece.body):
            if slug not in slugs[sort] and (whole or sort not in KINDS):
                yield piece.problem(place, f"{place}: {MISSING.get(sort, STRANGE).format(sort=sort, slug=slug)}")


STRANGE = "there is no {sort} “{slug}”, neither in this pack nor published. Add it, or mend the slug."
MISSING = {
    "standard": "there is no published standard “{slug}”. Publish it first, or mend the slug.",
    "role": "there is no job role “{slug}”. Create it first, or mend the slug.",
}


def _unfilled(pieces):
    """Blueprints that the bank, with this pack's items in it, cannot fill."""
    items = {piece.slug: piece for piece in pieces if piece.model is Item}
    for piece in pieces:
        if piece.model is Quiz:
            standard = piece.body["standard"]
            own = [row for row in items.values() if row.body["standard"] == standard and not _stays_retired(row)]
            bank = [entry for entry in pool(standard, asked(piece.body["blueprint"])) if entry["slug"] not in items]
            try:
                draw(piece.body["blueprint"], bank + [item_entry(0, row.slug, 0, row.body) for row in own], b"")
            except CannotDraw as short:
                yield piece.problem("blueprint", f"blueprint: {short} Write more items, or ask for fewer.")


# --- writing ----------------------------------------------------------------


def _last(piece):
    """The last published version of a piece, retired or not, or None."""
    return piece.model.objects.filter(slug=piece.slug, number__isnull=False).order_by("-number").first()


def _stays_retired(piece):
    """Whether this content was retired as the pack has it: loading does not bring it back."""
    last = _last(piece) if isinstance(piece.title, dict) else None
    return bool(last and last.retired_at) and last.digest == digest(_draft(piece, None).content())


def _draft(piece, by):
    titles = {"title_zh": piece.title.get("zh", ""), "title_en": piece.title.get("en", "")}
    return piece.model(slug=piece.slug, body=piece.body, owner=by, **titles)


def _load(piece, by, dry_run):
    newest, draft = _last(piece), _draft(piece, by)
    for name, value in _columns(piece).items():
        setattr(draft, name, value)
    if newest and newest.digest == digest(draft.content()):
        return "same"
    if not dry_run:
        piece.model.objects.drafts().filter(slug=piece.slug).delete()
        draft.save()
        publish(draft, by)
    return "changed" if newest else "new"


def _columns(piece):
    if piece.model in (LearningPath, Plan):
        return {"job_role": JobRole.objects.get(slug=piece.body["role"])}
    if piece.model is Scenario:
        return {"analysis": play.analyse(piece.body)}
    return {}
