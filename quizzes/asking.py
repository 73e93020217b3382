"""What the browser may see of an item: its words in the order of the paper, and nothing that tells the answer. Pure."""


def question(body: dict, entry: dict) -> dict:
    """{type, stem, points, images, options} and what the type asks with besides: choices of a matching item in the
    paper's order, the unit of a number, the keys of the blanks, the longest short answer, the files an upload takes,
    and the words of the criteria where the item shows them. entry: the item's place on a paper (quizzes.drawing)."""
    seen = {"type": body["type"], "stem": body["stem"], "points": body["points"], "images": body.get("images", [])}
    return (
        seen | {"options": _in_order(body.get("options", ()), entry["options"])} | ASKED_WITH[body["type"]](body, entry)
    )


def _in_order(rows, keys):
    texts = {row["key"]: row["text"] for row in rows}
    return [{"key": key, "text": texts[key]} for key in keys]


def _options(body, entry):
    return {}


def _matching(body, entry):
    return {"choices": _in_order(body["choices"], entry["choices"])}


def _numeric(body, entry):
    return {"unit": body.get("unit", {}).get("text")}


def _fill(body, entry):
    return {"blanks": [blank["key"] for blank in body["blanks"]]}


def _short(body, entry):
    return {"longest": body.get("longest", LONGEST_SHORT), "criteria": _criteria(body)}


def _upload(body, entry):
    return {"accepts": body["accepts"], "criteria": _criteria(body)}


def _criteria(body):
    return [row["text"] for row in body["rubric"]] if body.get("criteria_shown") else []


LONGEST_SHORT = 2000  # characters, where the item says nothing
PICKING = ("single", "multiple", "truefalse", "ordering", "rank", "bestworst")
ASKED_WITH = dict.fromkeys(PICKING, _options) | {
    "matching": _matching,
    "numeric": _numeric,
    "fill": _fill,
    "short": _short,
    "upload": _upload,
}
