"""What an item must say before it can be published, whoever writes it: a pack or a page. Pure."""

from typing import NamedTuple

from quizzes.marking import TYPES
from staff.shapes import CLAUSE, CONTENT, KEY, TEXT, Many, OneOf, Whole, misfits

LANGUAGES = ("zh", "en")
MADE = "delta-"  # how the slugs of what publishing a standard makes begin, and nobody else's
DIFFICULTIES = ("easy", "medium", "hard")
# Eight: options are lettered A to H.
MOST_OPTIONS, MOST_CITES, MOST_POINTS = 8, 50, 100
OPTIONS = Many({"key": KEY, "text": TEXT}, MOST_OPTIONS, 2)
RIGHT = Many(KEY, MOST_OPTIONS)
CITES = Many(CLAUSE, MOST_CITES)
SHAPE = {
    "standard": CONTENT,
    "type": OneOf(TYPES),
    "difficulty": OneOf(DIFFICULTIES),
    "points": Whole(1, MOST_POINTS),
    "cites": CITES,
    "stem": TEXT,
    "options": OPTIONS,
    "right": RIGHT,
    "feedback": TEXT,
}


def _(sentence):
    """Marks a sentence for the catalogue: packs say it in English, pages in the reader's language."""
    return sentence


class Problem(NamedTuple):
    """What is wrong at a place such as `options[2].text.en`; `sentence` has its `values` in braces."""

    place: str
    sentence: str
    values: dict

    def __str__(self):
        return self.sentence.format(**self.values)


def item_problems(body: dict) -> list[tuple[str, str]]:
    """[(place, sentence)] of all that keeps a body from being published: its shape, and then its rules."""
    return list(misfits(SHAPE, body)) or [(problem.place, str(problem)) for problem in check_item(body)]


def check_item(body: dict) -> list[Problem]:
    """What a single field cannot tell; [] when nothing is wrong. A language given anywhere is given everywhere."""
    kind, points = body.get("type"), body.get("points")
    problems = []
    if kind not in TYPES:
        problems.append(_problem("type", _("The type “{type}” is none of {known}."), type=kind, known=", ".join(TYPES)))
    if type(points) is not int or points < 1:
        problems.append(_problem("points", _("The points are a whole number of at least 1.")))
    languages = _languages(body)
    problems += _missing(body.get("stem"), languages, "stem", STEM)
    problems += _missing(body.get("feedback"), languages, "feedback", FEEDBACK)
    return problems + _option_problems(body, languages) + right_problems(body)


def _problem(place, sentence, **values):
    return Problem(place, sentence, values)


STEM = {"zh": _("Chinese is missing in the stem."), "en": _("English is missing in the stem.")}
FEEDBACK = {"zh": _("Chinese is missing in the feedback."), "en": _("English is missing in the feedback.")}
OPTION = {"zh": _("Chinese is missing in option “{key}”."), "en": _("English is missing in option “{key}”.")}


def _languages(body):
    """The languages an item speaks: those of any of its texts, or both when it has no words at all."""
    texts = [body.get("stem"), body.get("feedback"), *(option.get("text") for option in options_of(body) or [])]
    return [each for each in LANGUAGES if any(_said(text, each) for text in texts)] or list(LANGUAGES)


def _said(text, language):
    words = text.get(language) if isinstance(text, dict) else None
    return isinstance(words, str) and bool(words.strip())


def _missing(text, languages, place, sentences, **values):
    return [
        _problem(f"{place}.{language}", sentences[language], **values)
        for language in languages
        if not _said(text, language)
    ]


def _option_problems(body, languages):
    options = options_of(body)
    if options is None:
        return [_problem("options", _("The options are a list of {{key, text}}."))]
    keys = [option.get("key") for option in options]
    problems = _key_problems(keys)
    if len(options) < 2:
        problems.append(_problem("options", _("An item has at least two options.")))
    if body.get("type") == "truefalse" and keys not in (["true", "false"], ["false", "true"]):
        sentence = _('A truefalse item has exactly two options, with the keys "true" and "false".')
        problems.append(_problem("options", sentence))
    for number, option in enumerate(options, start=1):
        problems += _missing(option.get("text"), languages, f"options[{number}].text", OPTION, key=option.get("key"))
    return problems


def options_of(body: dict) -> list[dict] | None:
    options = body.get("options")
    if not isinstance(options, list) or not all(isinstance(each, dict) for each in options):
        return None
    return options


def _key_problems(keys):
    """YAML reads an unquoted true or 1 as no text, so that case has its own sentence."""
    odd = [key for key in keys if not isinstance(key, str) or not key]
    repeated = sorted({key for key in keys if isinstance(key, str) and keys.count(key) > 1})
    no_text = _('The option key {key} is not text; write it in quotes, as "a".')
    twice = _("The option key “{key}” is used more than once.")
    return [_problem("options", no_text, key=key) for key in odd] + [
        _problem("options", twice, key=key) for key in repeated
    ]


def right_problems(body: dict) -> list[Problem]:
    """What is wrong with the key of an item, or of a check in a lesson."""
    right, options = body.get("right"), options_of(body) or []
    if not right:
        return [_problem("right", _("No right answer is given."))]
    if not isinstance(right, list):
        return [_problem("right", _("The right answer is a list of option keys."))]
    keys = [option.get("key") for option in options]
    sentence = _("The right answer “{key}” is not an option.")
    strange = [_problem("right", sentence, key=key) for key in right if key not in keys]
    return strange + _right_count_problems(body.get("type"), right, keys)


def _right_count_problems(kind, right, keys):
    if kind == "ordering" and (len(right) != len(keys) or any(key not in right for key in keys)):
        return [_problem("right", _("The right order of an ordering item names every option once."))]
    if any(right.count(key) > 1 for key in right):
        return [_problem("right", _("A right answer is named more than once."))]
    if kind in ("single", "truefalse") and len(right) != 1:
        sentence = _("An item of type {type} has exactly one right answer, not {count}.")
        return [_problem("right", sentence, type=kind, count=len(right))]
    return []


def cited(body: dict) -> list[tuple[str, str]]:
    """[(place, clause key)] of the clauses a sound body cites; the first is the one its mark counts under."""
    return [(f"cites[{number}]", key) for number, key in enumerate(body["cites"], start=1)]
