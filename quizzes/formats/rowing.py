"""An item as a row of a table: what `row` reads, written. Pure."""

import quizzes.formats.cells as cells
from quizzes.formats.vocabulary import MOST_LETTERS

# Columns in their order, with their headers; a field of two languages has a second column.
HEADERS = {
    "slug": ("短名", "Slug"),
    "type": ("题型", "Type"),
    "stem": ("题干", "Question"),
    "stem.en": ("题干（英文）", "Question (English)"),
    **{f"option{each}": (f"选项{each}", f"Option {each}") for each in "ABCDEFGH"},
    **{f"option{each}.en": (f"选项{each}（英文）", f"Option {each} (English)") for each in "ABCDEFGH"},
    "answer": ("答案", "Answer"),
    "answer.en": ("答案（英文）", "Answer (English)"),
    "feedback": ("解析", "Explanation"),
    "feedback.en": ("解析（英文）", "Explanation (English)"),
    "difficulty": ("难度", "Difficulty"),
    "points": ("分值", "Points"),
    "clause": ("条款", "Clause"),
    "roles": ("岗位", "Job roles"),
    "tags": ("标签", "Tags"),
    "credit": ("计分规则", "Credit"),
    "weights": ("选项权重", "Option weights"),
    "choices": ("配对项", "Partners"),
    "choices.en": ("配对项（英文）", "Partners (English)"),
    "unit": ("单位", "Unit"),
    "unit.en": ("单位（英文）", "Unit (English)"),
    "units": ("其他单位", "Other units"),
    "ignore": ("忽略", "Ignore"),
    "rubric": ("评分细则", "Rubric"),
    "rubric.en": ("评分细则（英文）", "Rubric (English)"),
    "accepts": ("上传类型", "Accepts"),
    "criterion": ("必留", "Keep always"),
    "title": ("标题", "Title"),
    "title.en": ("标题（英文）", "Title (English)"),
}
TYPES = {
    "single": ("单选", "single"),
    "multiple": ("多选", "multiple"),
    "truefalse": ("判断", "truefalse"),
    "ordering": ("排序", "ordering"),
    "matching": ("配对", "matching"),
    "numeric": ("数值", "numeric"),
    "fill": ("填空", "fill"),
    "short": ("简答", "short"),
    "rank": ("情境判断", "rank"),
    "bestworst": ("最佳最差", "bestworst"),
    "upload": ("上传", "upload"),
}
DIFFICULTIES = {"easy": ("易", "easy"), "medium": ("中", "medium"), "hard": ("难", "hard")}


def row_of(slug, title, body, language):
    """{field, or field.en: words} of an item; its Chinese stands in the plain columns."""
    at = 0 if language.startswith("zh") else 1
    row = {
        "slug": slug,
        "type": TYPES[body["type"]][at],
        "difficulty": DIFFICULTIES[body["difficulty"]][at],
        "points": body["points"],
        "clause": cells.listed_written(body["cites"]),
        "roles": cells.listed_written(body.get("roles", ())),
        "tags": cells.listed_written(body.get("tags", ())),
        "criterion": ("是", "yes")[at] if body.get("criterion") else "",
    }
    for name, text in (("stem", body["stem"]), ("feedback", body["feedback"]), ("title", title)):
        row |= _spoken(name, text)
    for place, option in enumerate(body.get("options", ())):
        row |= _spoken(f"option{MOST_LETTERS[place]}", option["text"])
    return row | KEYS.get(body["type"], _picked)(body)


def _spoken(name, text):
    return {name: text.get("zh", ""), f"{name}.en": text.get("en", "")}


def _places(body):
    return {option["key"]: place for place, option in enumerate(body["options"])}


def _picked(body):
    places = _places(body)
    row = {
        "answer": cells.written([places[key] for key in body["right"]]),
        "credit": body.get("credit", {}).get("rule", ""),
    }
    weights = body.get("credit", {}).get("weights", {})
    row["weights"] = ", ".join(f"{MOST_LETTERS[places[key]]}={weight}" for key, weight in weights.items())
    return row


def _truefalse(body):
    texts = {option["key"]: option["text"] for option in body["options"]}
    row = {"answer": "√" if body["right"] == ["true"] else "×"}
    return row | _spoken("optionA", texts["true"]) | _spoken("optionB", texts["false"])


def _bestworst(body):
    places = _places(body)
    return {"answer": "/".join(MOST_LETTERS[places[body[name]]] for name in ("best", "worst"))}


def _matching(body):
    partners = {choice["key"]: place for place, choice in enumerate(body["choices"], start=1)}
    pairs = (f"{MOST_LETTERS[place]}{partners[body['pairs'][key]]}" for key, place in _places(body).items())
    return {"answer": ", ".join(pairs)} | _lines("choices", [choice["text"] for choice in body["choices"]])


def _lines(name, texts, written=None):
    written = written or (lambda words, at: cells.shielded(words, ()))
    spoken = {each: [text.get(each, "") for text in texts] for each in ("zh", "en")}
    told = {
        each: "\n".join(written(words, at) for at, words in enumerate(rows))
        for each, rows in spoken.items()
        if any(rows)
    }
    return _spoken(name, told)


def _numeric(body):
    row = {"answer": "\n".join(cells.numeric_written(each) for each in body["answers"])}
    unit = body.get("unit", {})
    others = (f"{cells.shielded(each['text'], '=')} ={each['factor']}" for each in unit.get("others", ()))
    return row | _spoken("unit", unit.get("text", {})) | {"units": "\n".join(others)}


def _fill(body):
    answer = "\n".join(cells.variants_written(blank["accepted"]) for blank in body["blanks"])
    return {"answer": answer, "ignore": ", ".join(body.get("ignore", ())) or "none"}


def _open(body):
    points = [criterion["points"] for criterion in body["rubric"]]

    def written(words, at):
        return f"{cells.shielded(words, '=')} ={points[at]}"

    row = _lines("rubric", [criterion["text"] for criterion in body["rubric"]], written)
    row |= _spoken("answer", body.get("sample", {}))
    return row | {"accepts": ", ".join(body.get("accepts", ()))}


KEYS = {
    "truefalse": _truefalse,
    "bestworst": _bestworst,
    "matching": _matching,
    "numeric": _numeric,
    "fill": _fill,
    "short": _open,
    "upload": _open,
}
