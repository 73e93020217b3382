"""An answer beside its key, part by part, as whoever gave it or judges it reads it. Pure."""

from fractions import Fraction

from quizzes.marking import blank_share, numeric
from staff.text import text


def answered(body: dict, response: list | dict | None, shown: list[str] | None = None) -> dict:
    """{kind, points, feedback, images} and, by the type: `options` [{text, chosen, right, percent}] in the order
    `shown`; `steps` [{text, place}] in the right order; `judged` [{text, picked, keyed}], each "best", "worst" or "";
    `pairs` [{text, own, right, ok}] and the partners that lead `astray`; `number` with `percent`, `unit`, `others` and
    `accepted` [{value, tolerance, percent}]; `blanks` [{own, accepted, percent}]; `words` or `file` with the `sample`
    and the `criteria` [{text, points}]. What was not given is None or ""."""
    kind = body["type"]
    found = {"kind": kind, "points": body["points"], "feedback": body["feedback"], "images": body.get("images", [])}
    return found | BY_TYPE[kind](body, response or BLANK[kind], shown)


def _picked(body, response, shown):
    texts, right = _texts(body["options"]), body["right"]
    weights = body.get("credit", {}).get("weights", {})
    rows = [
        {"text": texts[key], "chosen": key in response, "right": key in right, "percent": weights.get(key)}
        for key in shown or texts
    ]
    return {"options": rows}


def _ordered(body, response, shown):
    texts = _texts(body["options"])
    places = {key: place for place, key in enumerate(response, start=1)}
    return {"steps": [{"text": texts[key], "place": places.get(key)} for key in body["right"]]}


def _judged(body, response, shown):
    texts = _texts(body["options"])
    rows = [{"text": texts[key], "picked": _which(response, key), "keyed": _which(body, key)} for key in shown or texts]
    return {"judged": rows}


def _which(named, key):
    return next((name for name in ("best", "worst") if named.get(name) == key), "")


def _matched(body, response, shown):
    texts, choices, pairs = _texts(body["options"]), _texts(body["choices"]), body["pairs"]
    rows = [
        {
            "text": texts[key],
            "own": choices.get(response.get(key)),
            "right": choices[pairs[key]],
            "ok": response.get(key) == pairs[key],
        }
        for key in shown or texts
    ]
    return {"pairs": rows, "astray": [text for key, text in choices.items() if key not in pairs.values()]}


def _number(body, response, shown):
    share = numeric(body, response) if response else Fraction(0)
    unit = body.get("unit", {})
    return {
        "number": response.get("number", ""),
        "percent": int(100 * share),
        "unit": unit.get("text"),
        "others": unit.get("others", []),
        "accepted": body["answers"],
    }


def _filled(body, response, shown):
    rows = []
    for blank in body["blanks"]:
        own = response.get(blank["key"], "")
        rows.append({"own": own, "accepted": blank["accepted"], "percent": int(100 * blank_share(body, blank, own))})
    return {"blanks": rows}


def _open(body, response, shown):
    found = {"words": response.get("text", ""), "file": response if response.get("file") else None}
    return found | {"sample": body.get("sample"), "criteria": body["rubric"]}


def _texts(rows):
    return {row["key"]: row["text"] for row in rows}


BY_TYPE = dict.fromkeys(("single", "multiple", "truefalse"), _picked) | {
    "ordering": _ordered,
    "rank": _ordered,
    "bestworst": _judged,
    "matching": _matched,
    "numeric": _number,
    "fill": _filled,
    "short": _open,
    "upload": _open,
}
LISTED = ("single", "multiple", "truefalse", "ordering", "rank")
BLANK = {kind: [] if kind in LISTED else {} for kind in BY_TYPE}


def in_words(body: dict, response: list | dict | None, language: str) -> str:
    """A response in a line, as lists quote it; "" for none."""
    if not response:
        return ""
    kind = body["type"]
    if kind in LISTED:
        texts = _texts(body["options"])
        return "；".join(text(texts[key], language)[0] for key in response)
    return "；".join(words for words in SAID.get(kind, _fields)(body, response, language) if words)


def _fields(body, response, language):
    return [response[name] for name in sorted(response)]


def _said_judged(body, response, language):
    texts = _texts(body["options"])
    signs = {"best": "＋", "worst": "－"}
    return [f"{sign} {text(texts[response[name]], language)[0]}" for name, sign in signs.items() if name in response]


def _said_matched(body, response, language):
    texts, choices = _texts(body["options"]), _texts(body["choices"])
    pairs = [(texts[key], choices[response[key]]) for key in texts if key in response]
    return [f"{text(one, language)[0]} → {text(other, language)[0]}" for one, other in pairs]


def _said_filled(body, response, language):
    return [response.get(blank["key"], "") for blank in body["blanks"]]


SAID = {
    "bestworst": _said_judged,
    "matching": _said_matched,
    "fill": _said_filled,
    "upload": lambda body, response, language: [response.get("name", "")],
}
