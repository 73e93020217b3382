"""A body as the form of its type holds it: (initial values, [initial values of each row]). Pure."""


def typed(body: dict) -> tuple[dict, list[dict]]:
    return TYPED.get(body["type"], _options)(body)


def as_line(row: dict) -> str:
    """An accepted variant as it is typed."""
    whole = row["percent"] == 100 and not row["text"].rstrip().endswith(("%", "％"))
    return row["text"] if whole else "{text} = {percent}%".format(**row)


def _options(body):
    found, right = {option["key"]: option["text"] for option in body["options"]}, body.get("right", ())
    order = right if body["type"] in ("ordering", "rank") else list(found)
    if body["type"] == "truefalse":
        order = ["true", "false"]
    credit, panel = body.get("credit", {}), body.get("panel", {})
    judged = {body.get(which): which for which in ("best", "worst")}
    rows = [
        {
            "key": key,
            "right": key in right,
            "judged": judged.get(key, ""),
            "weight": credit.get("weights", {}).get(key),
            **found[key],
        }
        for key in order
    ]
    rule = credit.get("rule", "")
    fields = {"credit": "" if rule == "hits_minus_false" else rule}
    fields |= {"experts": panel.get("experts"), "polled": panel.get("on", "")}
    return fields | _named("note", panel.get("note")), rows


def _pairs(body):
    partners, pairs = {choice["key"]: choice["text"] for choice in body["choices"]}, body["pairs"]
    rows = [
        {"key": option["key"], "choice": pairs[option["key"]], **option["text"]}
        | _named("partner", partners[pairs[option["key"]]])
        for option in body["options"]
    ]
    left = [key for key in partners if key not in pairs.values()]
    return {}, rows + [{"choice": key} | _named("partner", partners[key]) for key in left]


def _number(body):
    unit = body.get("unit", {})
    others = "\n".join(f"{row['text']} = {row['factor']}" for row in unit.get("others", ()))
    return {"others": others} | _named("unit", unit.get("text")), body["answers"]


def _blanks(body):
    lines = [(blank["key"], "\n".join(map(as_line, blank["accepted"]))) for blank in body["blanks"]]
    return {"ignore": body.get("ignore", [])}, [{"key": key, "accepted": words} for key, words in lines]


def _rubric(body):
    fields = {name: body.get(name) for name in ("longest", "criteria_shown", "accepts")}
    rows = [{"key": row["key"], "points": row["points"], **row["text"]} for row in body["rubric"]]
    return fields | _named("sample", body.get("sample")), rows


def _named(name, text):
    return {f"{name}_{language}": words for language, words in (text or {}).items()}


TYPED = {"matching": _pairs, "numeric": _number, "fill": _blanks, "short": _rubric, "upload": _rubric}
