"""Draws a paper from a pool of items by a blueprint, the same paper for the same seed."""

import hashlib
from collections import Counter, defaultdict, deque
from fractions import Fraction
from random import Random
from types import MappingProxyType

from quizzes.item_rules import DIFFICULTIES
from quizzes.quiz_rules import Section

NOTHING = MappingProxyType({})


class CannotDraw(ValueError):
    """The pool cannot fill the blueprint; str() names each short row (from 1) and how many.

    `missing` is {row number: items missing}.
    """

    def __init__(self, missing: dict[int, int]):
        rows = [f"row {row} of the blueprint lacks {count}" for row, count in missing.items()]
        super().__init__("Not enough items: " + ", ".join(rows) + ".")
        self.missing = missing


def draw(blueprint: list[dict], pool: list[dict], seed: bytes, *, seen=NOTHING, shuffle: bool = True) -> list[dict]:
    """The paper of a quiz without sections: as paper()."""
    return paper([Section("", {}, tuple(blueprint))], pool, seed, seen=seen, shuffle=shuffle)


def paper(sections: list[Section], pool: list[dict], seed: bytes, *, seen=NOTHING, shuffle=True) -> list[dict]:
    """[{"item": id, "slug", "number", "options": [keys as shown]}], section after section, shuffled within each, else
    in the order of the rows and of the items they name; of a matching "choices" too. In a section with a key an entry
    says "section"; where the section has whole marks, "weight": what a point of the item is worth, as a fraction.

    A pool entry is {"slug", "number", "id", "type", "difficulty", "points", "cites", "options": [keys]}, with "right"
    and "choices" where the type has them; of one slug only the highest number is drawn. Whenever some choice of items
    fills every row, one is found; otherwise raises CannotDraw. What two papers have in common: slots_of(). seen:
    {slug: how little it is wanted again, from 1}: of what is wanted less as little as possible is drawn."""
    random = Random(int.from_bytes(hashlib.sha256(seed).digest(), "big"))  # noqa: S311  the seed is the secret
    newest = {entry["slug"]: entry for entry in sorted(pool, key=lambda e: (e["slug"], e["number"]))}
    rows = [row for section in sections for row in section.rows]
    drawn = iter(fill(rows, list(newest.values()), random=random, seen=seen))
    found = []
    for section in sections:
        filled = [(row, next(drawn)) for row in section.rows]
        entries = [entry for row, entries in filled for entry in in_order(row, entries)]
        if shuffle:
            random.shuffle(entries)
        found += [on_paper(entry, random, shuffle) | of_section(section, entries) for entry in entries]
    return found


def in_order(row: dict, entries: list[dict]) -> list[dict]:
    """As the row names them, else by their names."""
    places = {slug: place for place, slug in enumerate(row.get("items", ()))}
    return sorted(entries, key=lambda entry: (places.get(entry["slug"], 0), entry["slug"]))


def of_section(section: Section, entries: list[dict]) -> dict:
    """What an entry of the paper says of its section."""
    if not section.key:
        return {}
    if section.points is None:
        return {"section": section.key}
    own = sum(points_of(entry) for entry in entries)
    return {"section": section.key, "weight": str(Fraction(section.points, own))}


def fill(blueprint: list[dict], pool: list[dict], *, random: Random, seen=NOTHING) -> list[list[dict]]:
    """The entries of each row, by augmenting paths, so that overlapping rows do not starve; first with as many unseen
    ones as there can be, then with the others. An item that was given a place keeps one on the way."""
    slots = slots_of(blueprint, pool)
    wanted = [random.sample(found, len(found)) for _row, found in slots]
    holder: dict[int, int] = {}
    left = list(range(len(slots)))
    for worst in sorted({0, *seen.values()}):
        allowed = [[item for item in found if seen.get(pool[item]["slug"], 0) <= worst] for found in wanted]
        left = [slot for slot in left if not augment(slot, allowed, holder=holder)]
    filled: list[list[dict]] = [[] for _row in blueprint]
    for item, slot in sorted(holder.items()):
        filled[slots[slot][0]].append(pool[item])
    return filled


def slots_of(blueprint: list[dict], pool: list[dict]) -> list[tuple[int, list[int]]]:
    """[(row, items of the pool that may stand there)]: what every paper of one blueprint and one pool has in common. An
    item of a place weighs the same whoever draws it (difficulty and points), so papers have row by row the same
    difficulties and the same sum of points. A row's places are spread over its items' weights in proportion, as far as
    every row can still be filled. Raises CannotDraw."""
    fits = [[item for item, entry in enumerate(pool) if suits(row, entry)] for row in blueprint]
    rows, wanted = [], []
    for number, row in enumerate(blueprint):
        alike = by_weight(fits[number], pool)
        # No more slots than items that fit: a count of millions must not build a list of millions.
        shares = spread(min(row["count"], len(fits[number])), {weight: len(found) for weight, found in alike.items()})
        wanted += [alike[weight] for weight, share in shares.items() for _ in range(share)]
        rows += [number] * sum(shares.values())
    held = {slot: item for item, slot in match(rows, wanted, fits).items()}
    lack = Counter(rows[slot] for slot in range(len(rows)) if slot not in held)
    missing = {n + 1: row["count"] - rows.count(n) + lack[n] for n, row in enumerate(blueprint)}
    if any(missing.values()):
        raise CannotDraw({row: count for row, count in missing.items() if count})
    alike = [by_weight(found, pool) for found in fits]
    return [(row, alike[row][weight_of(pool[held[slot]])]) for slot, row in enumerate(rows)]


def match(rows: list[int], wanted: list[list[int]], fits: list[list[int]]) -> dict[int, int]:
    """{item: slot}: each slot the weight it wants; where that leaves slots open, these take any item of their row, and
    where that is not enough, all do. As many slots are filled as can be."""
    holder: dict[int, int] = {}
    left = [slot for slot in range(len(rows)) if not augment(slot, wanted, holder=holder)]
    for wider in (left, range(len(rows))):
        for slot in wider if left else ():
            wanted[slot] = fits[rows[slot]]
        left = [slot for slot in left if not augment(slot, wanted, holder=holder)]
    return holder


def spread(count: int, sizes: dict) -> dict:
    """How many of a count fall to each size in proportion: whole numbers by the largest remainder, the first first."""
    whole = sum(sizes.values())
    exact = {key: Fraction(count * size, whole) for key, size in sizes.items()}
    shares = {key: int(share) for key, share in exact.items()}
    over = count - sum(shares.values())
    for key in sorted(exact, key=lambda key: shares[key] - exact[key])[:over]:
        shares[key] += 1
    return shares


def by_weight(items: list[int], pool: list[dict]) -> dict[tuple, list[int]]:
    """{(difficulty, points): items}, the easiest first."""
    found = defaultdict(list)
    for item in items:
        found[weight_of(pool[item])].append(item)
    return dict(sorted(found.items(), key=lambda pair: (HARDER.get(pair[0][0], 3), pair[0][1])))


def weight_of(entry: dict) -> tuple:
    return entry["difficulty"], points_of(entry)


def points_of(entry: dict) -> int:
    return entry.get("points", 1)


HARDER = {difficulty: place for place, difficulty in enumerate(DIFFICULTIES)}


def named(blueprint: list[dict]) -> set[str]:
    """Slugs of the items that rows ask for by name."""
    return {slug for row in blueprint for slug in row.get("items", ())}


def suits(row: dict, entry: dict) -> bool:
    """Asked for by name, or the first cited clause decides: it is the one the item's mark counts under."""
    if "items" in row:
        if entry["slug"] not in row["items"]:
            return False
    elif not entry["cites"] or not entry["cites"][0].startswith(tuple(row["clauses"])):
        return False
    if row.get("types") and entry["type"] not in row["types"]:
        return False
    return not row.get("difficulties") or entry["difficulty"] in row["difficulties"]


def augment(slot: int, wanted: list[list[int]], *, holder: dict[int, int]) -> bool:
    """Gives the slot an item, moving earlier slots to other items where that is the only way."""
    came_from: dict[int, int] = {}
    queue = deque([slot])
    while queue:
        asking = queue.popleft()
        for item in wanted[asking]:
            if item in came_from:
                continue
            came_from[item] = asking
            if item not in holder:
                return hand_over(item, slot, came_from=came_from, holder=holder)
            queue.append(holder[item])
    return False


def hand_over(item: int, slot: int, *, came_from: dict[int, int], holder: dict[int, int]) -> bool:
    """Walks the path back from the free item; every slot on it takes the item it asked for."""
    held = {held_by: each for each, held_by in holder.items()}
    while came_from[item] != slot:
        asking = came_from[item]
        holder[item] = asking
        item = held[asking]
    holder[item] = slot
    return True


def on_paper(entry: dict, random: Random, shuffle: bool = True) -> dict:
    found = {
        "item": entry["id"],
        "slug": entry["slug"],
        "number": entry["number"],
        "options": shown(entry, random, shuffle),
    }
    if entry.get("choices"):
        found["choices"] = random.sample(entry["choices"], len(entry["choices"]))
    return found


def shown(entry: dict, random: Random, shuffle: bool = True) -> list[str]:
    """Option keys as shown: true before false; an ordering never already in its right order. Not to be shuffled, they
    stand as they are written; what is to be put in order, and the partners of a matching, are shuffled in any case."""
    if entry["type"] == "truefalse":
        return sorted(entry["options"], reverse=True)
    ordered = entry["type"] in ("ordering", "rank")
    if not shuffle and not ordered:
        return list(entry["options"])
    options = random.sample(entry["options"], len(entry["options"]))
    while ordered and options == entry.get("right") and len(set(options)) > 1:
        random.shuffle(options)
    return options
