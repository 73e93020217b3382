"""Finds, on a re-import, which clause each line of the new document is."""

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain
from unicodedata import normalize

from standards.proposing import KINDS

SAME_NUMBER = 0.6
SIMILAR = 0.8
# Similarity is quadratic in length; what differs only after so many characters is the same clause.
COMPARED = 300
WHITESPACE = re.compile(r"\s+")


def normalise(text):
    """The text as matching sees it: NFKC, case folded, no white space."""
    return WHITESPACE.sub("", normalize("NFKC", text).casefold())


def match(old, new):
    """Which old clause each new one is; `old` and `new` are lists of {"key", "number", "text"}, old keys all given.

    A list in the order of `new`: {"index", "key" or None, "by", "candidates"}. `by` is the first that holds:
    printed_key (kept, whether or not it is an old one); same_text; same_number (and similarity >= 0.6);
    similar (>= 0.8); new, key None. When several fit equally well it is "tie", key None, and the trainer
    chooses from `candidates` (old keys). No key is given twice, and none given is also a candidate.
    """
    return _Matching(old, new).run()


class _Matching:
    def __init__(self, old, new):
        self.old, self.new = old, new
        self.old_texts = [normalise(clause["text"]) for clause in old]
        self.new_texts = [normalise(clause["text"]) for clause in new]
        self.free = dict.fromkeys(range(len(old)))
        self.pending = dict.fromkeys(range(len(new)))
        self.results = {}
        self.tied = {}

    @cached_property
    def likeness(self):
        return _Likeness(self.old_texts, self.new_texts)

    def run(self):
        self.by_printed_key()
        self.by_text()
        self.by_likeness("same_number", self.with_the_same_number(), SAME_NUMBER)
        self.by_likeness("similar", lambda place: self.free, SIMILAR)
        for place in list(self.pending):
            self.settle(place, "new")
        return [self.results[place] | {"candidates": self.candidates(place)} for place in range(len(self.new))]

    def take(self, place, source, by):
        self.free.pop(source)
        self.settle(place, by, key=self.old[source]["key"])

    def settle(self, place, by, *, key=None):
        self.pending.pop(place)
        self.results[place] = {"index": place, "key": key, "by": by}

    def tie(self, place, sources):
        self.tied[place] = list(sources)
        self.settle(place, "tie")

    def candidates(self, place):
        return [self.old[source]["key"] for source in self.tied.get(place, ())]

    def reserved(self):
        """Old clauses the trainer is being asked about; nothing else may take them."""
        return set(chain.from_iterable(self.tied.values()))

    def by_printed_key(self):
        sources = {clause["key"]: source for source, clause in enumerate(self.old)}
        seen = {""}
        for place, clause in enumerate(self.new):
            if clause["key"] in seen:
                continue
            seen.add(clause["key"])
            self.free.pop(sources.get(clause["key"]), None)
            self.settle(place, "printed_key", key=clause["key"])

    # Equal text

    def by_text(self):
        groups = defaultdict(lambda: ([], []))
        for source in self.free:
            groups[self.old_texts[source]][0].append(source)
        for place in self.pending:
            groups[self.new_texts[place]][1].append(place)
        for text, (sources, places) in groups.items():
            if text and sources and places:
                self.pair_equals(sources, places)

    def pair_equals(self, sources, places):
        """As many as before keep their order; otherwise a printed number may tell them apart."""
        if len(sources) == len(places):
            for place, source in zip(places, sources, strict=True):
                self.take(place, source, "same_text")
            return
        for place, source in self.only_ones_numbered(sources, places):
            self.take(place, source, "same_text")
            sources.remove(source)
            places.remove(place)
        for place in places if sources else ():
            self.tie(place, sources)

    def only_ones_numbered(self, sources, places):
        old = Counter(self.old[source]["number"] for source in sources)
        new = Counter(self.new[place]["number"] for place in places)
        by_number = {self.old[source]["number"]: source for source in sources}
        once = [place for place in places if old[n := self.new[place]["number"]] == new[n] == 1 and n]
        return [(place, by_number[self.new[place]["number"]]) for place in once]

    # Similar text

    def with_the_same_number(self):
        groups = defaultdict(list)
        for source in self.free:
            groups[self.old[source]["number"]].append(source)
        groups.pop("", None)
        return lambda place: [source for source in groups.get(self.new[place]["number"], ()) if source in self.free]

    def by_likeness(self, by, sources_of, least):
        """Settle the likest pairs first; whoever loses a source to a better pair looks again."""
        best = {}
        while self.pending and self.free:
            for place in self.pending:
                if place not in best or not all(source in self.free for source in best[place][1]):
                    best[place] = self.likeness.best(place, sources_of(place), least)
            top = max(best[place][0] for place in self.pending)
            if top < least:
                return
            self.settle_the_likest([place for place in self.pending if best[place][0] == top], best, by)

    def settle_the_likest(self, places, best, by):
        wanted = Counter(chain.from_iterable(best[place][1] for place in places))
        reserved = self.reserved()
        for place in places:
            sources = best[place][1]
            if len(sources) == 1 and wanted[sources[0]] == 1 and sources[0] not in reserved:
                self.take(place, sources[0], by)
            else:
                self.tie(place, sources)


class _Likeness:
    """Similarity 0-1 of pairs of normalised texts, sparing most pairs the full comparison."""

    def __init__(self, old_texts, new_texts):
        self.old = [text[:COMPARED] for text in old_texts]
        self.new = [text[:COMPARED] for text in new_texts]
        bits = {}
        self.old_bags = [_bag(text, bits) for text in self.old]
        self.new_bags = [_bag(text, bits) for text in self.new]

    def best(self, place, sources, least):
        """(the highest ratio, every source that has it); (0, []) when none reaches `least`."""
        bounds = [(self.bound(place, source), source) for source in sources]
        bounds = sorted((pair for pair in bounds if pair[0] >= least), reverse=True)
        matcher = SequenceMatcher(None, "", self.new[place], autojunk=False)
        top, found = 0, []
        for bound, source in bounds:
            if bound < top:
                break
            matcher.set_seq1(self.old[source])
            ratio = matcher.ratio()
            if ratio >= least and ratio >= top:
                top, found = ratio, [*(found if ratio == top else ()), source]
        return top, sorted(found)

    def bound(self, place, source):
        """No less than the ratio: twice the shared characters over all of them."""
        size = len(self.new[place]) + len(self.old[source])
        return 2 * (self.new_bags[place] & self.old_bags[source]).bit_count() / size if size else 0


def _bag(text, bits):
    """A multiset of characters as one integer, a bit for each nth occurrence of a character."""
    seen, bag = Counter(), 0
    for character in text:
        seen[character] += 1
        bag |= 1 << bits.setdefault((character, seen[character]), len(bits))
    return bag


def new_key(prefix, taken, *, kind):
    """A key not in `taken`, such as "NHS-LANG-004": one above the highest, a gap only when none is left above.

    `taken` holds every key ever given. Raises ValueError after the 9,999th.
    """
    return NewKeys(prefix, taken).new(kind)


class NewKeys:
    """The same for many clauses: `taken` is read once, and no key is given twice."""

    def __init__(self, prefix, taken):
        self.prefix, self.taken, self.numbers = prefix, taken, {}

    def new(self, kind):
        stem = f"{self.prefix}-{KINDS[kind]}-"
        if stem not in self.numbers:
            used = {
                int(key[len(stem) :]) for key in self.taken if key.startswith(stem) and key[len(stem) :].isdecimal()
            }
            above = range(max(used, default=0) + 1, 10_000)
            below = range(1, min(above.start, 10_000))
            self.numbers[stem] = iter([number for number in chain(above, below) if number not in used])
        number = next(self.numbers[stem], None)
        if number is None:
            raise ValueError(f"All 9,999 keys {stem}… are taken: choose another prefix.")
        return f"{stem}{number:03}"
