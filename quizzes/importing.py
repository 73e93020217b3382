"""A file of questions becomes items of the bank: first a plan that writes nothing, then all of it in one transaction,
or nothing."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from unicodedata import normalize

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from quizzes import landing, writing
from quizzes.building import Known, build, changes, is_slug
from quizzes.clause_finding import Clauses
from quizzes.formats.raw import Trouble, Unreadable, _
from quizzes.formats.reading import read
from quizzes.item_rules import MADE
from quizzes.models import Item
from staff.models import JobRole

NEW, CHANGED, SAME, REFUSED, DUPLICATE = "new", "changed", "same", "refused", "duplicate"
RESERVED = {"new", "import", "export", "images"}
NO_CLAUSE = _("No clause is named, and none was chosen for all: name a clause in force, or choose one for the file.")
NOT_IN_FORCE = _("“{words}” is no clause in force: name its key, or words that stand in it alone.")
SAME_AS = _("This is the same as row {row}.")
RETIRED = _("The item {slug} was taken out of the bank: take its short name out of the row, or bring it back first.")
NO_ROLE = _("There is no job role “{role}”.")
NO_QUESTIONS = _("No column holds the questions; the headers are {headers}. Call the column 题干 or Question.")
NO_SUCH_CLAUSE = _("{key} is no clause in force: choose another.")


@dataclass
class Row:
    """One question of a file and what becomes of it."""

    row: int
    name: str
    state: str
    slug: str = ""
    type: str = ""
    stem: str = ""
    problems: list = field(default_factory=list)  # of Trouble
    notes: list = field(default_factory=list)
    changes: list = field(default_factory=list)  # [[field, old, new]]
    body: dict = field(default_factory=dict)
    title: dict = field(default_factory=dict)
    pictures: list = field(default_factory=list)


@dataclass
class Plan:
    """format, headers [(header, field)], and the rows in the order of the file."""

    format: str
    headers: list
    rows: list

    def of(self, *states):
        return [row for row in self.rows if row.state in states]

    def counted(self):
        """{"read", "new", "changed", "same", "refused": [{"row", "field", "problem"}], "types": {type: n}}"""
        states = Counter(row.state for row in self.rows)
        return {
            "read": len(self.rows),
            **{state: states[state] for state in (NEW, CHANGED, SAME)},
            "refused": [
                {"row": row.row, "field": row.problems[0].field, "problem": told(self.format, row)}
                for row in self.of(REFUSED, DUPLICATE)
            ],
            "types": dict(Counter(row.type for row in self.rows if row.type)),
        }


class RefusedRows(Exception):
    """Some rows are refused and the others were not asked for alone: nothing was written."""

    def __init__(self, plan):
        self.plan, self.count = plan, len(plan.of(REFUSED, DUPLICATE))
        super().__init__(f"{self.count} rows are refused: nothing was written.")


ROW_OF = {
    "xlsx": _("row {row}, column {field}: {problem}"),
    "csv": _("row {row}, column {field}: {problem}"),
    "text": _("line {row}, {field}: {problem}"),
    "gift": _("line {row}, {field}: {problem}"),
    "aiken": _("line {row}, {field}: {problem}"),
    "moodlexml": _("question {row}, {field}: {problem}"),
}


def told(format, row):
    """All that is wrong in a row, as English sentences that name the place."""
    return " ".join(say_troubles(format, row.row, row.problems, str))


def say_troubles(format, row, troubles, say):
    """Sentences such as “row 8, column 答案: option E does not exist.” say: gives the words of a sentence."""
    named = {} if format in ("xlsx", "csv") else FIELDS  # a column is called as it is printed
    return [
        say(ROW_OF[format]).format(
            row=row, field=say(named.get(field, field)), problem=_going_on(say(sentence), values)
        )
        for field, sentence, values in troubles
    ]


def _going_on(sentence, values):
    """A sentence as it stands after a colon."""
    low = sentence[:1].lower() if sentence[1:2].islower() or sentence[1:2] == " " else sentence[:1]
    return f"{low}{sentence[1:]}".format(**values)


FIELDS = {
    "stem": _("question"),
    "question": _("question"),
    "answer": _("answer"),
    "options": _("options"),
    "clause": _("clause"),
    "type": _("type"),
    "points": _("points"),
    "difficulty": _("difficulty"),
    "feedback": _("feedback"),
    "rubric": _("rubric"),
    "roles": _("job roles"),
    "slug": _("slug"),
} | {f"option{each}": _("options") for each in "ABCDEFGHI"}


def import_items(
    name, data, *, by, format="auto", mapping=None, clause="", publish=False, good_rows_only=False, dry_run=False
):
    """The Plan of a file, carried out unless it is a dry run: drafts, or with `publish` published versions. Raises
    Unreadable, standards' Refused, and RefusedRows where rows are refused and the good ones were not asked for."""
    plan = planned(name, data, format=format, mapping=mapping, clause=clause)
    if dry_run:
        return plan
    try:
        return _carry_out(plan, by, publish, good_rows_only)
    except (IntegrityError, writing.ChangedMeanwhile):  # somebody wrote one of them meanwhile: the bank is read again
        plan = planned(name, data, format=format, mapping=mapping, clause=clause)
        return _carry_out(plan, by, publish, good_rows_only)


def _carry_out(plan, by, publish, good_rows_only):
    if plan.of(REFUSED, DUPLICATE) and not good_rows_only:
        raise RefusedRows(plan)
    with transaction.atomic():
        landing.land(plan.of(NEW), plan.of(CHANGED), by=by, publish=publish)
    return plan


def planned(name, data, *, format="auto", mapping=None, clause=""):
    """The Plan of a file; writes nothing."""
    found = read(name, data, format, mapping)
    if not found.raws and found.headers and not any(field == "stem" for _header, field in found.headers):
        headers = ", ".join(header for header, _field in found.headers)
        unreadable = Unreadable(NO_QUESTIONS, headers=headers[:200])
        unreadable.headers = found.headers
        raise unreadable
    planner = _Planner(found, clause)
    return Plan(found.format, found.headers, [planner.row(raw) for raw in found.raws])


class _Planner:
    def __init__(self, found, clause):
        self.found, self.clauses = found, Clauses()
        self.clause = clause and self.clauses.find(clause)
        if clause and self.clause is None:
            raise Unreadable(NO_SUCH_CLAUSE, key=clause[:60])
        self.roles = _roles()
        self.bank = _Bank()
        self.stems, self.slugs = {}, {}

    def row(self, raw):
        said, problems = dict(raw.said), list(raw.problems)
        stem = said.get("stem", "")
        row = Row(raw.row, raw.name, REFUSED, type=said.get("type", ""), stem=_first(stem))
        row.notes = list(raw.notes)
        cites, lacking = self._cites(said)
        self._named_roles(said, problems)
        if stem and (first := self.stems.setdefault(folded(_first(stem)), raw.row)) != raw.row:
            row.state, problems = DUPLICATE, [Trouble("stem", SAME_AS, {"row": first})]
        elif not problems:
            self._decide(row, said, cites, lacking, problems)
        row.problems = [self._at(each) for each in problems]
        return row

    def _at(self, trouble):
        """With the header as the file prints it, where there is one."""
        at, plain = self.found.at, trouble.field.partition(".")[0]
        return trouble._replace(field=at.get(trouble.field) or at.get(f"{plain}.zh") or at.get(plain) or trouble.field)

    def _cites(self, said):
        """(the clauses a row names, what is wrong where it names none). Words that name none become a tag where the
        row has a clause all the same."""
        words, category = said.pop("clause", []), said.pop("category", "")
        words = words or ([category] if category else [])
        found = [self.clauses.find(each) for each in words]
        keys = list(dict.fromkeys(key for key in found if key))
        strange = [each for each, key in zip(words, found, strict=True) if not key]
        if strange and (keys or self.clause):
            said["tags"] = list(dict.fromkeys([*said.get("tags", []), *(each[:40] for each in strange)]))[:20]
        if strange:
            return keys, Trouble("clause", NOT_IN_FORCE, {"words": strange[0][:60]})
        return keys, Trouble("clause", NO_CLAUSE, {})

    def _named_roles(self, said, problems):
        known = [self.roles.get(folded(name)) for name in said.get("roles", ())]
        for name, slug in zip(said.get("roles", ()), known, strict=True):
            if slug is None:
                problems.append(Trouble("roles", NO_ROLE, {"role": name[:60]}))
        if "roles" in said:
            said["roles"] = [slug for slug in known if slug]

    def _decide(self, row, said, cites, lacking, problems):
        row.slug, retired = self._identity(said)
        if retired:
            return problems.append(Trouble("slug", RETIRED, {"slug": row.slug}))
        if row.slug and (first := self.slugs.setdefault(row.slug, row.row)) != row.row:
            row.state = DUPLICATE
            return problems.append(Trouble("slug", SAME_AS, {"row": first}))
        row.pictures = said.get("images", [])
        versions = self.bank.versions(row.slug)
        if not cites and not versions and not self.clause:
            return problems.append(lacking)
        built = [self._built(said, cites, Known(each.body, each.title)) for each in versions]
        built = built or [self._built(said, cites, None)]
        row.body, row.title, row.type = built[0].body, built[0].title, built[0].body["type"]
        if any(self._is(each, version) for each, version in zip(built, versions, strict=False)):
            row.state = SAME
        elif built[0].problems or self._out_of_force(row.body):
            problems += built[0].problems or self._out_of_force(row.body)
        elif versions:
            row.state, row.changes = CHANGED, changes(row.body, versions[0].body)
        else:
            row.state, row.slug = NEW, row.slug or self._new_slug(row.body)
            self.slugs[row.slug] = row.row
        return None

    def _is(self, built, version):
        return (built.body, built.title) == (version.body, version.title)

    def _out_of_force(self, body):
        strange = [key for key in body["cites"] if key not in self.clauses]
        return [Trouble("clause", NOT_IN_FORCE, {"words": strange[0]})] if strange else []

    def _built(self, said, cites, before):
        """What a row does not say of a known item stays, its clauses too."""
        if before and (not cites or set(cites) == set(before.body["cites"])):
            cites = before.body["cites"]
        cites = cites or [self.clause]
        known = cites[0] in self.clauses
        images = [
            {"key": each.key, "sha256": hashlib.sha256(each.data).hexdigest(), "alt": each.alt}
            for each in said.get("images", ())
        ]
        return build(
            said,
            cites=cites,
            standard=self.clauses.standard(cites[0]) if known else before.body["standard"],
            words=self.clauses.words(cites[0]) if known else {},
            title_of=writing.title_of,
            images=images,
            before=before,
        )

    def _identity(self, said):
        """(slug of the item this is or is to be, "" for a new name; is that one retired)."""
        name = _slug_of(said.pop("slug", ""))
        if name:
            return name, name in self.bank.retired
        return self.bank.by_stem.get(folded(_first(said.get("stem", ""))), ""), False

    def _new_slug(self, body):
        """From the clause, the first English words and the question: the same question gets the same name."""
        words = slugify(body["stem"].get("en", "")).split("-")[:5]
        stem = "".join(body["stem"].values())
        base = "-".join([slugify(body["cites"][0]) or "item", *filter(None, words)])[:60].strip("-")
        base = f"item-{base}" if base.startswith(MADE) else base
        mark = hashlib.sha256(folded(stem).encode()).hexdigest()
        lengths = (name for name in (f"{base}-{mark[:most]}" for most in range(6, 20)))
        return next(name for name in lengths if name not in self.bank.taken and name not in self.slugs)


class _Bank:
    """What stands in the bank, read once."""

    def __init__(self):
        self.newest = {item.slug: item for item in Item.objects.newest().exclude(slug__startswith=MADE)}
        self.drafts = {item.slug: item for item in Item.objects.drafts().exclude(slug__startswith=MADE)}
        self.taken = set(Item.objects.values_list("slug", flat=True))
        self.retired = self.taken - self.newest.keys() - self.drafts.keys()
        self.by_stem = {}
        for slug, item in sorted({**self.newest, **self.drafts}.items()):
            for words in item.body["stem"].values():
                self.by_stem.setdefault(folded(words), slug)

    def versions(self, slug):
        """What one goes on from, first; and beside a draft what is published."""
        return [found[slug] for found in (self.drafts, self.newest) if slug in found]


def _roles():
    """{name or slug, folded: slug}"""
    rows = list(JobRole.objects.values_list("slug", "name_zh", "name_en"))
    return {folded(name): slug for slug, zh, en in rows for name in (slug, zh, en) if name}


def folded(words):
    """Words as a question is known again: no width, no case, no white space."""
    return "".join(normalize("NFKC", words).casefold().split())


def _first(text):
    return text if isinstance(text, str) else text.get("zh") or text.get("en", "")


def _slug_of(words):
    """A short name that a file gives; digits alone are a number in somebody's list, and no name."""
    name = words if is_slug(words) else slugify(words)[:80]
    return "" if name.isdigit() or name in RESERVED or name.startswith(MADE) else name
