"""An item as the person answering sees it, without an attempt: for whoever writes it."""

from random import Random

from quizzes.drawing import shown


def as_shown(item):
    """{type, points, stem, options: [{key, text}] as on a paper, right: [{key, text}] in the order of the key,
    wrong: the other options, feedback, languages}"""
    body = item.body
    texts = {option["key"]: option["text"] for option in body["options"]}
    entry = {"type": body["type"], "options": list(texts), "right": body["right"]}
    order = shown(entry, Random(item.slug))  # noqa: S311  the same look each time, no secret
    return {
        "type": body["type"],
        "points": body["points"],
        "stem": body["stem"],
        "feedback": body["feedback"],
        "options": [{"key": key, "text": texts[key], "right": key in body["right"]} for key in order],
        "right": [{"key": key, "text": texts[key]} for key in body["right"]],
        "languages": [language for language in ("zh", "en") if body["stem"].get(language)],
    }
