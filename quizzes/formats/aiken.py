"""Aiken: a question, its options `A. …`, and `ANSWER: B`. Pure."""

import re

from quizzes.formats.raw import NO_ANSWER, NO_OPTION, NO_STEM, Raw, Read, Trouble, Unreadable, _
from quizzes.formats.vocabulary import MOST_LETTERS

OPTION = re.compile(r"^([A-Z])[.)]\s+(.*)$")
ANSWER = re.compile(r"^ANSWER:\s*([A-Z])\s*$")
FEEDBACK = re.compile(r"^FEEDBACK:\s*(.*)$")
TOO_FEW = _("An Aiken question has at least two options, each on a line as “A. words”.")


def read_aiken(text):
    """Read of an Aiken text; a row is the line on which a question begins."""
    raws, question = [], None
    for at, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if answer := ANSWER.match(line):
            raws.append(_raw(at, question or {}, answer[1]))
            question = None
        elif (feedback := FEEDBACK.match(line)) and raws and question is None:
            raws[-1].said["feedback"] = feedback[1]
        elif line:
            question = question or {"at": at, "stem": [], "options": []}
            option = OPTION.match(line)
            if option:
                question["options"].append(option[2])
            else:
                question["stem"].append(line)
    if question:
        raws.append(_raw(question["at"], question, ""))
    if not raws:
        raise Unreadable(_("No question was found: Aiken ends each with a line such as “ANSWER: B”."))
    return Read("aiken", raws)


def _raw(at, question, letter):
    options, stem = question.get("options", []), "\n".join(question.get("stem", []))
    said, problems = {"type": "single", "stem": stem, "options": options}, []
    if not stem:
        problems.append(Trouble("stem", NO_STEM, {}))
    if len(options) < 2:
        problems.append(Trouble("options", TOO_FEW, {}))
    elif not letter:
        problems.append(Trouble("answer", NO_ANSWER, {}))
    elif MOST_LETTERS.index(letter) >= len(options):
        problems.append(Trouble("answer", NO_OPTION, {"letter": letter}))
    else:
        said["right"] = [MOST_LETTERS.index(letter)]
    return Raw(question.get("at", at), "", said, tuple(problems))
