"""msgids are the English sentences, so English needs no catalogue; the Chinese one is kept here."""

import io
import re

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from jinja2.ext import babel_extract

try:  # a development package
    from babel.messages.extract import extract_python
except ImportError:
    extract_python = None

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATE = {"encoding": "utf-8", "newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
WITHOUT_MESSAGES = {"tests", "bench", "migrations", "var"}
CATALOGUE = settings.LOCALE_PATHS[0] / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "Decorum",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
SHOWN = 50  # faults printed by --check
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|\{\w+\}")


class Command(BaseCommand):
    help = "Collects the interface's sentences into the Chinese catalogue (no GNU gettext needed)."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if a sentence or its Chinese is missing"
        )
        parser.add_argument("--prune", action="store_true", help="drop the translations nothing uses any more")

    def handle(self, *, check, prune, **options):
        if extract_python is None:
            raise CommandError("This needs Babel: make messages, or pip install -r requirements-dev.txt")
        found = collected(settings.BASE_DIR)
        catalogue = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
        if check:
            return self._check(found, catalogue)
        merged = merge(found, catalogue, prune=prune)
        text = f"{merged}\n"
        if not CATALOGUE.exists() or CATALOGUE.read_text(encoding="utf-8") != text:
            CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
            CATALOGUE.write_text(text, encoding="utf-8")
        empty = sum(bool(wrong(entry)) for entry in merged if not entry.obsolete)
        unused = len(merged.obsolete_entries())
        self.stdout.write(f"{len(found)} sentences, {empty} to translate, {unused} unused")

    def _check(self, found, catalogue):
        entries = {key(entry): entry for entry in catalogue if not entry.obsolete}
        faults = []
        for msgid, context in sorted(found):
            entry = entries.get((msgid, context))
            if fault := wrong(entry) if entry else "not in the catalogue":
                faults.append(f"{msgid!r}{f' ({context})' if context else ''}: {fault}")
        if faults:
            shown = [*faults[:SHOWN], f"{len(faults)} sentences to mend: make messages, then translate."]
            raise CommandError("\n".join(shown))
        self.stdout.write(f"{len(found)} sentences, all translated")


def collected(folder):
    """{(msgid, context): msgid of the plural or ""} of every Python file and template under a folder."""
    found = {}
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]):
        inside = path.relative_to(folder).parts
        if WITHOUT_MESSAGES & set(inside) or inside[0].startswith("."):
            continue
        if path.suffix == ".py" or "templates" in inside:
            messages(path.read_bytes(), found, template=path.suffix != ".py")
    return found


def messages(source, found, *, template=False):
    """Adds the sentences of a piece of Python, or of a template, to found."""
    if template:
        rows = babel_extract(io.BytesIO(source), KEYWORDS, (), TEMPLATE)
    else:
        rows = extract_python(io.BytesIO(source), KEYWORDS, (), {"encoding": "utf-8"})
    for _line, function, texts, _comments in rows:
        texts = list(texts) if isinstance(texts, tuple) else [texts]
        context = texts.pop(0) if "pgettext" in function else ""
        plural = texts[1] if function.startswith("n") and len(texts) > 1 else ""
        if texts[0] and context is not None:
            found[texts[0], context] = plural or found.get((texts[0], context), "")


def key(entry):
    return entry.msgid, entry.msgctxt or ""


def merge(found, catalogue, *, prune=False):
    """A new catalogue, sorted, without line numbers. Translations no longer used stay as comments
    until they are pruned."""
    known = {key(entry): entry for entry in sorted(catalogue, key=lambda entry: not entry.obsolete)}
    merged = polib.POFile(wrapwidth=0)
    merged.metadata = HEADER
    for msgid, context in sorted(found):
        merged.append(entry_of(msgid, context, found[msgid, context], known.get((msgid, context))))
    if not prune:
        unused = [known[each] for each in sorted(known.keys() - found.keys())]
        merged.extend(polib.POEntry(**texts_of(entry), obsolete=True) for entry in unused if not untranslated(entry))
    return merged


def texts_of(entry):
    names = ("msgid", "msgstr", "msgid_plural", "msgstr_plural", "msgctxt", "tcomment")
    return {name: getattr(entry, name) for name in names}


def entry_of(msgid, context, plural, known):
    before = (known.msgstr or known.msgstr_plural.get(0, "")) if known else ""
    return polib.POEntry(
        msgid=msgid,
        msgctxt=context or None,
        msgid_plural=plural,
        msgstr="" if plural else before,
        msgstr_plural={0: before} if plural else {},
        flags=["python-format"] if "%(" in msgid else [],
        tcomment=known.tcomment if known else "",
    )


def untranslated(entry):
    return not (all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr)


def wrong(entry):
    """What is wrong with an entry's Chinese, or ""."""
    if untranslated(entry):
        return "no Chinese"
    if entry.fuzzy:
        return "marked fuzzy"
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    # A singular may leave its number out ("the question"); a plural may not.
    allowed = wanted | set(PLACEHOLDER.findall(entry.msgid))
    for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
        used = set(PLACEHOLDER.findall(text))
        if not wanted <= used <= allowed:
            return f"has the placeholders {sorted(used)}, not {sorted(wanted)}"
        if "python-format" in entry.flags and not formats(text):
            return "has a single % where %% is meant"
    return ""


def formats(text):
    try:
        text % dict.fromkeys(re.findall(r"%\((\w+)\)", text), 0)
    except (TypeError, ValueError):
        return False
    return True
