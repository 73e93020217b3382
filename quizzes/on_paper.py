"""Questions as they are printed, and their answers for the sheet of the key. Pure."""

from typing import NamedTuple

LISTED = ("single", "multiple", "truefalse", "bestworst")
SORTED = ("ordering", "rank")


class Printed(NamedTuple):
    """options: texts in the order of the paper, with a letter each; boxes: an order is written into boxes; partners:
    the texts to match with, numbered; lines: how many lines there are to write on; answer: [(letter or label, text)];
    either may be None."""

    type: str
    stem: dict
    points: int
    clause: str
    options: list
    boxes: bool
    partners: list
    lines: int
    answer: list


def questions(entries: list[tuple[dict, dict]]) -> list[Printed]:
    """entries: (place on a paper, body of its item)."""
    return [_printed(entry, body) for entry, body in entries]


def _printed(entry, body):
    kind, texts = body["type"], {option["key"]: option["text"] for option in body.get("options", ())}
    order = [key for key in entry.get("options") or texts if key in texts]
    partners = {choice["key"]: choice["text"] for choice in body.get("choices", ())}
    chosen = [key for key in entry.get("choices") or partners if key in partners]
    return Printed(
        kind,
        body["stem"],
        body["points"],
        body["cites"][0],
        [texts[key] for key in order],
        kind in SORTED,
        [partners[key] for key in chosen],
        _lines(kind, body),
        _answer(body, order, texts, chosen),
    )


def _lines(kind, body):
    return {"numeric": 1, "fill": len(body.get("blanks", ())), "short": 6, "upload": 1, "matching": 0}.get(kind, 0)


def _answer(body, order, texts, chosen):
    place = {key: number for number, key in enumerate(order, start=1)}
    kind = body["type"]
    if kind in ("single", "multiple", "truefalse"):
        return [(place[key], texts[key]) for key in order if key in body["right"]]
    if kind in SORTED:
        return [(place[key], texts[key]) for key in body["right"]]
    if kind == "bestworst":
        return [(place[body[end]], texts[body[end]]) for end in ("best", "worst")]
    if kind == "matching":
        return [(place[key], {"zh": str(at), "en": str(at)}) for key in order
                for at, choice in enumerate(chosen, start=1) if body["pairs"].get(key) == choice]  # fmt: skip
    return [(None, _both(words)) for words in _written(body)]


def _written(body):
    """What is accepted where people write, in full."""
    if body["type"] == "numeric":
        unit = body.get("unit", {}).get("text", {})
        for row in body["answers"]:
            within = f" ± {row['tolerance']}" if row.get("tolerance") else ""
            share = "" if row["percent"] == 100 else f" ({row['percent']} %)"
            yield f"{row['value']}{within} {unit.get('zh') or unit.get('en') or ''}".rstrip() + share
    for blank in body.get("blanks", ()):
        yield " / ".join(row["text"] for row in blank["accepted"])
    for row in body.get("rubric", ()):
        yield f"{row['text'].get('zh') or row['text'].get('en')} ({row['points']})"


def _both(words):
    return {"zh": words, "en": words}
