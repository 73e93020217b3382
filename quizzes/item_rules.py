"""What an item must say before it can be published, whoever writes it: a pack or a page. Pure."""

from typing import NamedTuple

from quizzes.marking import EVERY_TYPE, OPEN
from quizzes.typed import IGNORABLE
from staff.shapes import (
    CLAUSE,
    CONTENT,
    KEY,
    TEXT,
    Flag,
    Many,
    Number,
    OneOf,
    Optional,
    Pairs,
    Slug,
    Text,
    Whole,
    Words,
    misfits,
    shown,
)

LANGUAGES = ("zh", "en")
MADE = "delta-"  # how the slugs of what publishing a standard makes begin, and nobody else's
DIFFICULTIES = ("easy", "medium", "hard")
# Eight: options are lettered A to H.
MOST_OPTIONS, MOST_CHOICES, MOST_CITES, MOST_POINTS = 8, 12, 50, 100
OPTIONS = Many({"key": KEY, "text": TEXT}, MOST_OPTIONS, 2)
RIGHT = Many(KEY, MOST_OPTIONS)
CITES = Many(CLAUSE, MOST_CITES)
PERCENT = Whole(1, 100)
CREDIT = {
    "rule": OneOf(("hits_minus_false", "all_or_nothing", "weights")),
    "weights": Optional(Pairs(KEY, Whole(-100, 100), MOST_OPTIONS)),
}
PANEL = {"experts": Whole(1, 1000), "on": Optional(Words(30)), "note": Optional(TEXT)}
RUBRIC = Many({"key": KEY, "text": TEXT, "points": Whole(0, 100)}, 10)
UNIT = {"text": Text(40), "others": Optional(Many({"text": Words(40), "factor": Number()}, 10))}
# criteria_shown: whoever answers reads the words of the criteria, never their points.
OPEN_FIELDS = {"rubric": RUBRIC, "sample": Optional(TEXT), "criteria_shown": Optional(Flag())}
ACCEPTED = ("image", "audio")
COMMON = {
    "standard": CONTENT,
    "type": OneOf(EVERY_TYPE),
    "difficulty": OneOf(DIFFICULTIES),
    "points": Whole(1, MOST_POINTS),
    "cites": CITES,
    "stem": TEXT,
    "feedback": TEXT,
    "roles": Optional(Many(Slug(60), 20)),
    "tags": Optional(Many(Words(40), 20)),
    "criterion": Optional(Flag()),  # safety and red lines: kept however easy it is
    "images": Optional(Many({"key": KEY, "sha256": Slug(64), "alt": Optional(TEXT)}, 10)),
}
PICKED = {"options": OPTIONS, "right": RIGHT}
SHAPES = {
    "single": PICKED | {"credit": Optional(CREDIT)},
    "multiple": PICKED | {"credit": Optional(CREDIT)},
    "truefalse": PICKED,
    "ordering": PICKED,
    "rank": PICKED | {"panel": Optional(PANEL)},
    "bestworst": {"options": OPTIONS, "best": KEY, "worst": KEY, "panel": Optional(PANEL)},
    "matching": {
        "options": OPTIONS,
        "choices": Many({"key": KEY, "text": TEXT}, MOST_CHOICES, 2),
        "pairs": Pairs(KEY, KEY, MOST_OPTIONS),
    },
    "numeric": {
        "answers": Many({"value": Number(), "tolerance": Optional(Number()), "percent": PERCENT}, 10),
        "unit": Optional(UNIT),
    },
    "fill": {
        "blanks": Many({"key": KEY, "accepted": Many({"text": Words(200), "percent": PERCENT}, 30)}, 10),
        "ignore": Many(OneOf(IGNORABLE), len(IGNORABLE), 0),
    },
    "short": OPEN_FIELDS | {"longest": Optional(Whole(20, 10_000))},
    "upload": OPEN_FIELDS | {"accepts": Many(OneOf(ACCEPTED), 2)},
}
# All fields an item of any type may have.
SHAPE = COMMON | {name: shape for shapes in SHAPES.values() for name, shape in shapes.items()}


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


def shape_of(kind: object) -> dict:
    """The fields of an item of this type; of an unknown one those that all have."""
    return COMMON | SHAPES.get(kind if isinstance(kind, str) else "", {})


def item_problems(body: dict) -> list[tuple[str, str]]:
    """[(place, sentence)] of all that keeps a body from being published: its shape, and then its rules."""
    kind = body.get("type") if isinstance(body, dict) else None
    found = [("type", f"type is {SHAPE['type']}, not {shown(kind)}.")] if not SHAPE["type"].fits(kind) else []
    found = found or list(misfits(shape_of(kind), body))
    return found or [(problem.place, str(problem)) for problem in check_item(body)]


def check_item(body: dict) -> list[Problem]:
    """What a single field cannot tell; [] when nothing is wrong. A language given anywhere is given everywhere."""
    kind, points = body.get("type"), body.get("points")
    problems = []
    if kind not in EVERY_TYPE:
        known = ", ".join(EVERY_TYPE)
        problems.append(_problem("type", _("The type “{type}” is none of {known}."), type=kind, known=known))
    if type(points) is not int or points < 1:
        problems.append(_problem("points", _("The points are a whole number of at least 1.")))
    languages = _languages(body)
    problems += _missing(body.get("stem"), languages, "stem", STEM)
    problems += _missing(body.get("feedback"), languages, "feedback", FEEDBACK)
    if kind in RULES_OF:
        return problems + RULES_OF[kind](body, languages)
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
    if kind in ("ordering", "rank") and (len(right) != len(keys) or any(key not in right for key in keys)):
        return [_problem("right", _("The right order of an ordering item names every option once."))]
    if any(right.count(key) > 1 for key in right):
        return [_problem("right", _("A right answer is named more than once."))]
    if kind in ("single", "truefalse") and len(right) != 1:
        sentence = _("An item of type {type} has exactly one right answer, not {count}.")
        return [_problem("right", sentence, type=kind, count=len(right))]
    return []


# --- types with fields of their own -----------------------------------------------


def _matching(body, languages):
    problems = _option_problems(body, languages) + _choice_problems(body.get("choices"), languages)
    options, choices = _keys(body.get("options")), _keys(body.get("choices"))
    pairs = body.get("pairs") if isinstance(body.get("pairs"), dict) else {}
    no_partner = _("Option “{key}” has no partner.")
    problems += [_problem("pairs", no_partner, key=key) for key in options if pairs.get(key) not in choices]
    strange = _("The pair of “{key}” is of no option.")
    return problems + [_problem("pairs", strange, key=key) for key in pairs if key not in options]


def _choice_problems(choices, languages):
    if not isinstance(choices, list) or not all(isinstance(each, dict) for each in choices) or len(choices) < 2:
        return [_problem("choices", _("A matching item has at least two partners to choose from."))]
    problems = [
        problem._replace(place="choices", sentence=problem.sentence) for problem in _key_problems(_keys(choices))
    ]
    for number, choice in enumerate(choices, start=1):
        problems += _missing(choice.get("text"), languages, f"choices[{number}].text", CHOICE, key=choice.get("key"))
    return problems


def _bestworst(body, languages):
    problems, keys = _option_problems(body, languages), _keys(body.get("options"))
    strange = _("The {which} option “{key}” is not an option.")
    problems += [
        _problem(which, strange, which=which, key=body.get(which))
        for which in ("best", "worst")
        if body.get(which) not in keys
    ]
    if body.get("best") == body.get("worst"):
        problems.append(_problem("worst", _("The best and the worst option are two different ones.")))
    return problems


def _numeric(body, languages):
    answers = body.get("answers") or []
    problems = [] if answers else [_problem("answers", _("No right answer is given."))]
    if answers and not any(row.get("percent") == 100 for row in answers if isinstance(row, dict)):
        problems.append(_problem("answers", _("No answer earns all the points: one of them needs 100 percent.")))
    minus = _("A tolerance is at least 0.")
    problems += [
        _problem(f"answers[{number}].tolerance", minus)
        for number, row in enumerate(answers, start=1)
        if isinstance(row, dict) and str(row.get("tolerance", 0)).startswith("-")
    ]
    others = (body.get("unit") or {}).get("others", [])
    wrong = _("The factor of a unit is more than 0.")
    return problems + [
        _problem(f"unit.others[{number}].factor", wrong)
        for number, row in enumerate(others, start=1)
        if not str(row.get("factor")).strip("0.") or str(row.get("factor")).startswith("-")
    ]


def _fill(body, languages):
    blanks = body.get("blanks") or []
    if not blanks:
        return [_problem("blanks", _("No blank has an accepted answer."))]
    problems = _key_problems(_keys(blanks))
    whole = _("Blank “{key}” has no answer that earns all its points: one of them needs 100 percent.")
    return problems + [
        _problem(f"blanks[{number}]", whole, key=blank.get("key"))
        for number, blank in enumerate(blanks, start=1)
        if not any(row.get("percent") == 100 for row in blank.get("accepted", []))
    ]


def _open(body, languages):
    rubric = body.get("rubric") or []
    if not rubric:
        return [_problem("rubric", _("A rubric has at least one criterion."))]
    problems = _key_problems(_keys(rubric))
    if not sum(row.get("points", 0) for row in rubric if type(row.get("points")) is int):
        problems.append(_problem("rubric", _("The criteria of a rubric are worth more than 0 points together.")))
    for number, row in enumerate(rubric, start=1):
        problems += _missing(row.get("text"), languages, f"rubric[{number}].text", CRITERION, key=row.get("key"))
    return problems


def _keys(rows):
    return [row.get("key") for row in rows or [] if isinstance(row, dict)]


CHOICE = {"zh": _("Chinese is missing in partner “{key}”."), "en": _("English is missing in partner “{key}”.")}
CRITERION = {
    "zh": _("Chinese is missing in criterion “{key}”."),
    "en": _("English is missing in criterion “{key}”."),
}
RULES_OF = {"matching": _matching, "bestworst": _bestworst, "numeric": _numeric, "fill": _fill}
RULES_OF |= dict.fromkeys(OPEN, _open)


def cited(body: dict) -> list[tuple[str, str]]:
    """[(place, clause key)] of the clauses a sound body cites; the first is the one its mark counts under."""
    return [(f"cites[{number}]", key) for number, key in enumerate(body["cites"], start=1)]
