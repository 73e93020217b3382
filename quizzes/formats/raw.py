"""What a file says of one question, before it is an item. Pure.

`said` holds only what the file said, so that what it leaves out of a known item stays as it is:
slug, type, stem, feedback, title, difficulty, points, clause (words), roles, tags, criterion, credit (a rule),
options [text], weights [percent], right [place], best, worst, choices [text], pairs [place of the choice],
answers [{value, tolerance, percent}], unit, blanks [[{text, percent}]], ignore, rubric [{text, points}], sample,
accepts, images [Picture]. A text is words, whose language is found later, or {"zh", "en"}. Places count from 0."""

from typing import NamedTuple


class Trouble(NamedTuple):
    """What is wrong in a field: `sentence` has its `values` in braces."""

    field: str
    sentence: str
    values: dict

    def __str__(self):
        return self.sentence.format(**self.values)


class Picture(NamedTuple):
    key: str
    name: str
    data: bytes
    alt: str


class Raw(NamedTuple):
    """row: a row, a line or the number of a question, counted from 1; name: what the file calls it."""

    row: int
    name: str
    said: dict
    problems: tuple = ()
    notes: tuple = ()  # Trouble too, of what was left out and keeps nobody from importing


class Read(NamedTuple):
    """A file taken apart. headers: [(header as it is printed, field or "")] of a table; at: {field: header}."""

    format: str
    raws: list
    headers: list = []
    at: dict = {}


class Unreadable(Exception):
    """Nothing of the file can be read; str() an English sentence, `sentence` with `values` for the catalogue."""

    def __init__(self, sentence, **values):
        super().__init__(sentence.format(**values))
        self.sentence, self.values = sentence, values


def _(sentence):
    """Marks a sentence for the catalogue."""
    return sentence


NO_ANSWER = _("No answer is given.")
NO_STEM = _("The question has no words.")
NO_OPTION = _("Option {letter} does not exist.")
UNKNOWN_TYPE = _("The type “{type}” is not known: say 单选, 多选, 判断, 填空, 简答, or single, multiple, truefalse.")
NOT_CARRIED = _("Questions of the type {type} cannot be brought in.")


def squeezed(words):
    """Words with single spaces, as they are compared."""
    return " ".join(words.split())
