"""Finding clauses, lessons, items and scenes by their words (docs/decisions/0036-search.md)."""

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from operator import itemgetter, or_

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from standards.folding import Asked, asked
from standards.models import GENERAL, IMPORTANT, RED_LINE, Citation, Clause, Passage
from standards.passages import FOUND_AS

MOST, PER_PAGE = 1000, 20
FILTERS = ("kind", "standard", "weight")
EXACT, IN_NAME, PHRASE, WORDS = range(4)
HEAVIEST = {RED_LINE: 0, IMPORTANT: 1, GENERAL: 2}
KINDS = list(FOUND_AS.values())
# Where a row of `_matches` says what can be chosen.
PLACES = {"kind": -2, "standard": 3, "weight": -3}


@dataclass
class Found:
    """What a search found. `page` holds Passages; `counts` is {filter: {value: how many}}, each counted under the
    other filters; `more`: over 1,000 passages hold the words, and only so many were looked at."""

    asked: Asked
    chosen: dict
    total: int = 0
    more: bool = False
    counts: dict | None = None
    page: object = None


def search(query, *, kinds=KINDS, chosen=None, page=1, per_page=PER_PAGE):
    """What holds every word of a query, among `kinds` (what the person may see): whole keys, printed numbers and
    titles first, then the whole phrase in a name, then in the text; the heavier first, then in reading order.
    chosen: {"kind", "standard", "weight": value}. At most four statements, whatever the number of passages."""
    words = asked(query)
    chosen = {name: value for name, value in (chosen or {}).items() if name in FILTERS and value}
    found = Found(words, chosen, counts={name: {} for name in FILTERS})
    rows = _matches(words, kinds) if words.words else []
    found.more, rows = len(rows) > MOST, rows[:MOST]
    found.counts = {name: _counted(rows, name, chosen) for name in FILTERS}
    if found.more:
        rows = _beyond(words, kinds, chosen, rows)
    rows = sorted(_fitting(rows, chosen))
    found.total = len(rows)
    found.page = Paginator([row[-1] for row in rows], per_page).get_page(page)
    passages = Passage.objects.defer("plain", "grams", "names").in_bulk(list(found.page.object_list))
    found.page.object_list = [passages[pk] for pk in found.page.object_list if pk in passages]
    return found


def _matches(words, kinds, **only):
    """MOST rows and perhaps one more, sorting as results do: (rank, weight, kind, standard, slug, position, …, id)."""
    only |= {} if set(kinds) == set(KINDS) else {"kind__in": kinds}
    passages = Passage.objects.filter(**only).holding(words.words).annotate(rank=_rank(words))
    fields = ("rank", "weight", "kind", "standard", "slug", "position", "pk")
    rows = passages.values_list(*fields)[: MOST + 1]
    return [
        (rank, HEAVIEST.get(weight, 3), KINDS.index(kind), standard, slug, position, weight, kind, pk)
        for rank, weight, kind, standard, slug, position, pk in rows
    ]


def _beyond(words, kinds, chosen, rows):
    """When too many hold the words: those that fit what is chosen, and the clauses of that printed number, which
    must not be left out for the many that hold it as a part."""
    if chosen:
        wanted = {name: value for name, value in chosen.items() if name != "kind"}
        rows = _matches(words, [kind for kind in kinds if chosen.get("kind", kind) == kind], **wanted)[:MOST]
    numbered = _matches(words, kinds, printed__in={words.phrase, words.phrase.upper()}) if len(words.words) == 1 else []
    return set(rows) | set(numbered)


def _rank(words):
    whens = [
        When(GreaterThan(StrIndex("names", Value(f"\n{words.phrase}\n")), 0), then=Value(EXACT)),
        When(GreaterThan(StrIndex("names", Value(words.phrase)), 0), then=Value(IN_NAME)),
    ]
    if len(words.words) > 1:
        whens.append(When(GreaterThan(StrIndex("plain", Value(words.phrase)), 0), then=Value(PHRASE)))
    return Case(*whens, default=Value(WORDS), output_field=IntegerField())


def _fitting(rows, chosen):
    for name, value in chosen.items():
        place = PLACES[name]
        rows = [row for row in rows if row[place] == value]
    return rows


def _counted(rows, name, chosen):
    others = {other: value for other, value in chosen.items() if other != name}
    counts = Counter(map(itemgetter(PLACES[name]), _fitting(rows, others)))
    return {value: n for value, n in counts.items() if value}


def used(passages):
    """({clause key: {kind of content: how many places cite it}}, {passage id: [Wording it cites]}). Two statements."""
    keys = [passage.place for passage in passages if passage.kind == "clause"]
    content = {
        (passage.kind, passage.slug, passage.place): passage.pk for passage in passages if passage.kind != "clause"
    }
    counted = Citation.objects.of_clauses(keys).order_by().values_list("wording__clause__key", "kind")
    uses = {}
    for key, kind, n in counted.annotate(n=Count("pk")) if keys else ():
        uses.setdefault(key, {})[kind] = n
    cites = {}
    for citation in _citing(content) if content else ():
        pk = content[FOUND_AS[citation.kind], citation.slug, citation.place]
        cites.setdefault(pk, []).append(citation.wording)
    return uses, cites


def _citing(content):
    together = {}
    for kind, slug, place in content:
        together.setdefault((kind, place), []).append(slug)
    sources = {kind: source for source, kind in FOUND_AS.items()}
    these = [Q(kind=sources[kind], place=place, slug__in=slugs) for (kind, place), slugs in together.items()]
    rows = Citation.objects.filter(reduce(or_, these)).select_related("wording__clause")
    return rows.order_by("wording__clause__key")


def removed(words):
    """The clause of this key that is in force no more, or None: a search finds only words in force."""
    if len(words.words) != 1:
        return None
    return Clause.objects.filter(key__iexact=words.words[0]).first()
