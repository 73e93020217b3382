"""The item bank as a page shows it: what fits the choices, how many each choice would leave, in what order.

The rows are light (no bodies) and are counted here: what a bank holds is read in as many statements for ten items as
for ten thousand."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import CharField, Count, Value

from quizzes.item_rules import DIFFICULTIES
from quizzes.marking import EVERY_TYPE
from quizzes.models import Item
from staff.models import JobRole
from staff.text import text
from standards.folding import asked, fold
from standards.models import Citation, Passage, Standard, Wording

PAGE = 50
STATES = ("draft", "published", "retired")
NEVER = "never"
# What a person chooses by; each is a set of values that a row has.
FILTERS = ("standard", "role", "tag", "type", "difficulty", "state", "owner", "use")
SORTS = ("newest", "title", "clause", "difficulty", "use")
# Those whose values are known beforehand.
FIXED = {"type": EVERY_TYPE, "difficulty": DIFFICULTIES, "state": STATES, "use": (NEVER,), "sort": SORTS}

# What can be done with several at once (scoring.bulk).
DEEDS = ("easy", "medium", "hard", "add_tag", "drop_tag", "add_role", "drop_role", "owner", "publish", "retire")


@dataclass
class Row:
    """One item: its newest version, or its draft where none is published. `values` is {filter: its values}."""

    pk: int
    slug: str
    number: int
    title: dict
    difficulty: str
    begun: bool
    at: datetime
    owner: str
    values: dict
    clauses: list = field(default_factory=list)  # of what is published, the first cited first
    drafted: list = field(default_factory=list)  # those a draft cites
    item: object = None

    @property
    def retired(self):
        return "retired" in self.values["state"]


@dataclass
class Bank:
    """`page` holds Rows, each with the `item` itself; `counts` is {filter: {value: how many}}, each counted under the
    other choices; `names` is {filter: {value: text in both languages}} of those whose values are short names."""

    chosen: dict
    page: object
    counts: dict
    names: dict
    weights: dict


def bank(chosen, *, page=1, language="zh"):
    """What fits `chosen`: {filter: value} and besides `q` (words), `clause` (a key) and `sort`."""
    rows, weights = _cited(_rows())
    rows = _holding(rows, chosen.get("q", ""))
    if key := chosen.get("clause"):
        rows = [row for row in rows if key in row.clauses or key in row.drafted]
    wanted = {name: chosen[name] for name in FILTERS if chosen.get(name)}
    # Retired ones are out of the bank: they are shown to who asks for them.
    listed = rows if wanted.get("state") == "retired" else [row for row in rows if not row.retired]
    fitting = _ordered(_fitting(listed, wanted), chosen.get("sort") or SORTS[0], language)
    shown = Paginator(fitting, PAGE).get_page(page)
    _fill(shown)
    unknown = {row.clauses[0] for row in shown.object_list} - weights.keys()  # of drafts alone
    weights |= {key: wording.weight for key, wording in Wording.objects.last_of(unknown).items()} if unknown else {}
    counts = {name: _counted(rows if name == "state" else listed, name, wanted) for name in FILTERS}
    return Bank(chosen, shown, counts, _names(rows), weights)


def _rows():
    fields = ("pk", "slug", "number", "title_zh", "title_en", "type", "difficulty", "labels", "owner__employee_number")
    fields += ("owner__name", "begun", "used", "published_at", "retired_at")
    return [_row(*values) for values in Item.objects.shelved().values_list(*fields)]


def _row(pk, slug, number, zh, en, type, difficulty, labels, owner, name, begun, used, at, retired):
    labels = [label.partition(":") for label in labels.split("\n")]
    values = {
        "type": [type],
        "difficulty": [difficulty],
        "state": _states(number, begun, retired),
        "owner": [owner] if owner else [],
        "use": [] if used else [NEVER],
        "standard": [],
        "role": [value for kind, _, value in labels if kind == "role"],
        "tag": [value for kind, _, value in labels if kind == "tag"],
    }
    return Row(pk, slug, number, {"zh": zh, "en": en}, difficulty, begun, at, name or "", values)


def _states(number, begun, retired):
    if retired:
        return ["retired"]
    return [state for state, holds in (("draft", begun or not number), ("published", number)) if holds]


def _cited(rows):
    """The rows with their clauses and standards, and {key: weight}: the published ones' from the register, the
    drafts' from their bodies."""
    by_slug, weights = {row.slug: row for row in rows}, {}
    found = Citation.objects.filter(kind="item").order_by("pk")
    fields = ("slug", "wording__clause__key", "wording__clause__standard_slug", "wording__weight")
    for slug, key, standard, weight in found.values_list(*fields):
        weights[key] = weight
        if row := by_slug.get(slug):
            row.clauses.append(key)
            _has(row, "standard", standard)
    for slug, body in Item.objects.drafts().values_list("slug", "body"):
        if row := by_slug.get(slug):
            row.drafted += body["cites"]
            _has(row, "standard", body["standard"])
    return rows, weights


def _has(row, name, value):
    if value and value not in row.values[name]:
        row.values[name].append(value)


def _holding(rows, query):
    """Those that hold every word: the published ones by the index of the search, the others by their titles."""
    words = asked(query).words
    if not words:
        return rows
    found = set(Passage.objects.filter(kind="item").holding(words).values_list("slug", flat=True))
    return [row for row in rows if row.slug in found or _titled(row, words)]


def _titled(row, words):
    said = fold(f"{row.slug}\n{row.title['zh']}\n{row.title['en']}")
    return all(word in said for word in words)


def _fitting(rows, wanted):
    return [row for row in rows if all(value in row.values[name] for name, value in wanted.items())]


def _counted(rows, name, wanted):
    others = {other: value for other, value in wanted.items() if other != name}
    return dict(Counter(value for row in _fitting(rows, others) for value in row.values[name]))


def _ordered(rows, sort, language):
    rows = sorted(rows, key=lambda row: row.slug)
    if sort == "use":
        papers = dict(Item.objects.values_list("slug").annotate(n=Count("marks__score__attempt", distinct=True)))
        return sorted(rows, key=lambda row: -papers.get(row.slug, 0))
    keys = {
        "title": lambda row: fold(text(row.title, language)[0]),
        "clause": lambda row: (row.clauses or row.drafted or ["~"])[0],
        "difficulty": lambda row: DIFFICULTIES.index(row.difficulty) if row.difficulty in DIFFICULTIES else 9,
    }
    if sort in keys:
        return sorted(rows, key=keys[sort])
    drafts, others = [row for row in rows if not row.at], [row for row in rows if row.at]
    return drafts + sorted(others, key=lambda row: row.at, reverse=True)


def _fill(page):
    """The items of a page, with the number of papers each was on."""
    items = Item.objects.with_papers().in_bulk([row.pk for row in page.object_list])
    for row in page.object_list:
        row.item = items[row.pk]
        row.clauses = row.item.body["cites"]


def _names(rows):
    """Standards and job roles by name, in one statement; owners as the rows have them."""
    standards, roles = Standard.objects.newest(), JobRole.objects.all()
    named = _named(standards, "standard", "title").union(_named(roles, "role", "name"), all=True)
    found = {"role": {}, "standard": {}, "owner": {}}
    for kind, slug, zh, en in named:
        found[kind][slug] = {"zh": zh, "en": en}
    for row in rows:
        found["owner"] |= {number: {"zh": row.owner, "en": row.owner} for number in row.values["owner"]}
    return found


def _named(rows, kind, column):
    kinds = rows.order_by().annotate(kind=Value(kind, CharField()))
    return kinds.values_list("kind", "slug", f"{column}_zh", f"{column}_en")


def offered(bank, name):
    """[(value, how many)] of one filter, in its order: those that would leave something, and the one chosen."""
    counts, chosen = bank.counts[name], bank.chosen.get(name)
    values = FIXED.get(name) or sorted(counts.keys() | ({chosen} if chosen else set()))
    return [(value, counts.get(value, 0)) for value in values if counts.get(value) or value == chosen]
