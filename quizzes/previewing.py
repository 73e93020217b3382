"""An item as the person answering sees it, without an attempt, and its key: for whoever writes it."""

from random import Random

from quizzes import asking, drawing, taking
from quizzes.answered import answered
from quizzes.forms import filled

TAGS = {"zh": "zh-Hans", "en": "en"}


def as_shown(item):
    """{type, filled: nothing, tongues: [{tag, question: as quizzes.asking has it, answered: the key as
    quizzes.answered has it}]}, one for each language the question is asked in."""
    body = item.body
    place = drawing.on_paper(taking.item_entry(0, item.slug, 0, body), Random(item.slug))  # noqa: S311  no secret
    question, key = asking.question(body, place), answered(body, None, place["options"])
    tongues = [
        {"tag": tag, "question": spoken(question, language), "answered": spoken(key, language)}
        for language, tag in TAGS.items()
        if body["stem"].get(language)
    ]
    return {"type": body["type"], "filled": filled(question, None), "tongues": tongues}


def spoken(value, language):
    """The same with every text in this language alone; in the other where this has none."""
    if isinstance(value, list):
        return [spoken(each, language) for each in value]
    if not isinstance(value, dict):
        return value
    if value and value.keys() <= TAGS.keys():
        return {language: value[language]} if value.get(language) else value
    return {name: spoken(each, language) for name, each in value.items()}
