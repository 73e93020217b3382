"""Draws a paper from a pool of items by a blueprint, the same paper for the same seed."""

import hashlib
from collections import deque
from random import Random


class CannotDraw(ValueError):
    """The pool cannot fill the blueprint; str() names each short row (from 1) and how many.

    `missing` is {row number: items missing}.
    """

    def __init__(self, missing: dict[int, int]):
        rows = [f"row {row} of the blueprint lacks {count}" for row, count in missing.items()]
        super().__init__("Not enough items: " + ", ".join(rows) + ".")
        self.missing = missing


def draw(blueprint: list[dict], pool: list[dict], seed: bytes) -> list[dict]:
    """The paper: [{"item": id, "slug", "number", "options": [keys as shown]}] in shuffled order, for matching also
    "choices": [keys as shown].

    A pool entry is {"slug", "number", "id", "type", "difficulty", "cites", "options": [keys]},
    for ordering and rank also "right", for matching also "choices"; of one slug only the highest
    number is drawn. Whenever some choice of items fills every row, one is found; otherwise raises CannotDraw.
    """
    random = Random(int.from_bytes(hashlib.sha256(seed).digest(), "big"))  # noqa: S311  the seed is the secret
    newest = {entry["slug"]: entry for entry in sorted(pool, key=lambda e: (e["slug"], e["number"]))}
    drawn = fill(blueprint, list(newest.values()), random=random)
    random.shuffle(drawn)
    return [on_paper(entry, random) for entry in drawn]


def fill(blueprint: list[dict], pool: list[dict], *, random: Random) -> list[dict]:
    """One entry for every slot, by augmenting paths, so that overlapping rows do not starve."""
    fits = [[i for i, entry in enumerate(pool) if suits(row, entry)] for row in blueprint]
    # No more slots than items that fit: a count of millions must not build a list of millions.
    most = [min(row["count"], len(found)) for row, found in zip(blueprint, fits, strict=True)]
    slots = [number for number, count in enumerate(most) for _ in range(count)]
    wanted = [random.sample(fits[row], len(fits[row])) for row in slots]
    holder: dict[int, int] = {}
    missing = {number: row["count"] - most[number - 1] for number, row in enumerate(blueprint, start=1)}
    for slot, row in enumerate(slots):
        if not augment(slot, wanted, holder=holder):
            missing[row + 1] += 1
    if any(missing.values()):
        raise CannotDraw({row: count for row, count in missing.items() if count})
    return [pool[item] for item in sorted(holder)]


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


def on_paper(entry: dict, random: Random) -> dict:
    place = {
        "item": entry["id"],
        "slug": entry["slug"],
        "number": entry["number"],
        "options": shown(entry, random),
    }
    choices = entry.get("choices")
    return place | {"choices": random.sample(choices, len(choices))} if choices else place


def shown(entry: dict, random: Random) -> list[str]:
    """Option keys as shown: true before false; an ordering or a ranking never already in its right order."""
    if entry["type"] == "truefalse":
        return sorted(entry["options"], reverse=True)
    options = random.sample(entry["options"], len(entry["options"]))
    while entry["type"] in ("ordering", "rank") and options == entry.get("right") and len(set(options)) > 1:
        random.shuffle(options)
    return options
