"""Tells two versions of a standard apart."""

import re
from bisect import bisect_left
from difflib import SequenceMatcher

# A Latin word or a number is one piece, a Hanzi or a mark each its own.
PIECES = re.compile(r"[A-Za-z0-9_.'’-]+|\s+|.", re.DOTALL)
LONGEST = 3_000


def compare(old, new):
    """What changed between two lists of {"key", "position", "text"}; a text is a string or a {"zh", "en"}.

    added, removed  the entries themselves, by position
    changed         [{"key", "old", "new"}], the texts
    moved           [{"key", "old", "new"}], the positions; as few clauses as explain the new order,
                    so one put in or taken out moves nothing
    """
    old, new = _by_position(old), _by_position(new)
    before = {clause["key"]: clause for clause in old}
    after = {clause["key"]: clause for clause in new}
    kept = [clause for clause in new if clause["key"] in before]
    changed = [clause for clause in kept if clause["text"] != before[clause["key"]]["text"]]
    return {
        "added": [clause for clause in new if clause["key"] not in before],
        "removed": [clause for clause in old if clause["key"] not in after],
        "changed": [_change(before[clause["key"]], clause, "text") for clause in changed],
        "moved": [_change(before[clause["key"]], clause, "position") for clause in _out_of_order(kept, before)],
    }


def _by_position(clauses):
    return sorted(clauses, key=lambda clause: clause["position"])


def _change(old, new, what):
    return {"key": new["key"], "old": old[what], "new": new[what]}


def _out_of_order(kept, before):
    """The clauses outside a longest run that kept its order."""
    staying = _longest_rising([before[clause["key"]]["position"] for clause in kept])
    return [clause for place, clause in enumerate(kept) if place not in staying]


def _longest_rising(numbers):
    """The places of a longest strictly rising subsequence."""
    tails, ends, previous = [], [], []
    for place, number in enumerate(numbers):
        length = bisect_left(tails, number)
        previous.append(ends[length - 1] if length else None)
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [place]
    return _chain(ends[-1] if ends else None, previous)


def _chain(place, previous):
    found = set()
    while place is not None:
        found.add(place)
        place = previous[place]
    return found


def marked(old, new):
    """Two texts with the words that differ: ([(text, gone)], [(text, added)]), each list joined is the text."""
    before, after = PIECES.findall(old), PIECES.findall(new)
    if len(before) > LONGEST or len(after) > LONGEST:
        return [(old, old != new)], [(new, old != new)]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    left, right = [], []
    for what, at, to, start, end in matcher.get_opcodes():
        _add(left, "".join(before[at:to]), what != "equal")
        _add(right, "".join(after[start:end]), what != "equal")
    return left, right


def _add(parts, text, differs):
    if text:
        parts.append((text, differs))
