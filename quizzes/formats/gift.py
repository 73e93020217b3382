"""GIFT, Moodle's text format, taken apart. Pure."""

import re
from urllib.parse import unquote

import quizzes.formats.cells as cells
from quizzes.formats.marks import take
from quizzes.formats.markup import plain
from quizzes.formats.raw import NO_ANSWER, NO_STEM, NOT_CARRIED, Raw, Read, Trouble, Unreadable, _
from quizzes.formats.weighing import credit_of

BLANK = "_____"
TITLE = re.compile(r"::((?:\\.|[^\\])*?)::", re.DOTALL)
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
WEIGHT = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")
TRUTH = re.compile(r"\s*(TRUE|FALSE|T|F)\s*(?=#|$)", re.IGNORECASE)
MARK = re.compile(r"\[(id|tag):([^\]]+)\]")
CATEGORY = "$CATEGORY:"
NOT_CLOSED = _("A brace is opened and not closed.")
RUN_IN = _("Braces stand in the words of this question: has an empty line been forgotten before the next one?")
NOT_NUMBER = _("“{words}” is no number such as 15, 15:0.5 or 14..16.")


def questions(text):
    """[{row, type, title, stem, choices, …}] as the file has them: texts are (format, words), before anything is made
    of them. Types: MC, TF, Short, Numerical, Matching, Essay, Description, Category, Broken."""
    found = []
    for row, lines in _blocks(text):
        marks, body = _comments(lines)
        while body and body[0].strip().upper().startswith(CATEGORY):
            found.append({"row": row, "type": "Category", "title": body.pop(0).strip()[len(CATEGORY) :].strip()})
        if any(line.strip() for line in body):
            found.append({"row": row, **marks, **_question("\n".join(body))})
    return found


def read_gift(text):
    """Read of a GIFT text; a row is the line on which a question begins."""
    raws, category = [], ""
    for question in questions(text):
        if question["type"] == "Category":
            category = question["title"]
        else:
            raws.append(_raw(question, category))
    if not raws:
        raise Unreadable(_("No question was found: GIFT writes its answers in braces, as {{=right ~wrong}}."))
    return Read("gift", raws)


def last_of(category):
    """The innermost of the categories of a path; none of Moodle's own."""
    last = category.rpartition("/")[2].strip()
    return "" if last in ("", "top", "$course$") or last.lower().startswith("default for") else last


# --- taking apart ------------------------------------------------------------------


def _blocks(text):
    """[(line, lines)] parted by empty lines; a brace holds a block together."""
    block, first, depth = [], 0, 0
    for at, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip() and depth <= 0:
            if block:
                yield first, block
            block, depth = [], 0
            continue
        if not block or all(each.lstrip().startswith("//") for each in block):
            first = at
        block.append(line)
        if not line.lstrip().startswith("//"):
            depth += len(re.findall(r"(?<!\\)\{", line)) - len(re.findall(r"(?<!\\)\}", line))
    if block:
        yield first, block


def _comments(lines):
    """({id, tags} that comments tell, the other lines)."""
    comments = [line for line in lines if line.lstrip().startswith("//")]
    told = [(name, unquote(value)) for line in comments for name, value in MARK.findall(line)]
    tags = [value for name, value in told if name == "tag"]
    marks = {"id": next((value for name, value in told if name == "id"), None), "tags": tags or None}
    return marks, [line for line in lines if not line.lstrip().startswith("//")]


def _question(text):
    title = TITLE.match(text.lstrip())
    rest = text.lstrip()[title.end() :] if title else text
    told = {"title": _unescaped(title[1]).strip() if title else None}
    kind = FORMAT.match(rest)
    format = kind[1].lower() if kind else "moodle"
    rest = rest[kind.end() :] if kind else rest
    opened = re.search(r"(?<!\\)\{", rest)
    if not opened:
        return told | {"type": "Description", "stem": _text(rest, format), "hasEmbeddedAnswers": False}
    closed = re.compile(r"(?<!\\)\}").search(rest, opened.end())
    if not closed:
        return told | {"type": "Broken", "stem": _text(rest, format)}
    before, after = rest[: opened.start()], rest[closed.end() :].strip()
    stem = f"{before.rstrip()} {BLANK} {after}".lstrip() if after else before
    told |= {"stem": _text(stem, format), "hasEmbeddedAnswers": bool(after)}
    return told | _answers(rest[opened.end() : closed.start()], format)


def _answers(inside, format):
    inside, _mark, general = _parted(inside, "####")
    told = {"globalFeedback": _formatted(general, format) if general.strip() else None}
    if not inside.strip():
        return told | {"type": "Essay"}
    if inside.lstrip().startswith("#"):
        return told | {"type": "Numerical", "choices": _choices(inside.lstrip()[1:], format, _number)}
    if truth := TRUTH.match(inside):
        yes, _mark, no = _parted(inside[truth.end() :].lstrip().removeprefix("#"), "#")
        feedback = {"trueFeedback": _feedback(yes, format), "falseFeedback": _feedback(no, format)}
        return told | {"type": "TF", "isTrue": truth[1].upper()[0] == "T"} | feedback
    choices = _choices(inside, format, _formatted)
    if all(right for right, _words in _signed(inside)):
        # Words with a weight of their own are accepted words, whatever arrows they hold.
        pairs = [_parted(words, "->") for _right, words in _signed(inside)]
        if all(mark for _left, mark, _right in pairs) and not any(each["weight"] for each in choices):
            return told | {"type": "Matching", "matchPairs": [_pair(each, format) for each in pairs]}
        return told | {"type": "Short", "choices": choices}
    return told | {"type": "MC", "choices": choices}


def _pair(parts, format):
    left, _mark, right = parts
    subanswer, _mark, _feedback = _parted(right, "#")
    return {"subquestion": _formatted(left, format), "subanswer": _unescaped(_folded(subanswer))}


def _signed(inside):
    """[(is right, words)] at each = or ~ that no backslash shields; words before the first are right."""
    parts = re.split(r"(?<!\\)([=~])", inside)
    found = [(True, parts[0])] if parts[0].strip() else []
    return found + [(sign == "=", words) for sign, words in zip(parts[1::2], parts[2::2], strict=True)]


def _choices(inside, format, value):
    found = []
    for right, words in _signed(inside):
        weight = WEIGHT.match(words)
        text, _mark, feedback = _parted(words[weight.end() :] if weight else words, "#")
        found.append(
            {
                "isCorrect": right,
                "weight": float(weight[1]) if weight else None,
                "text": value(text, format),
                "feedback": _feedback(feedback, format),
            }
        )
    return found


def _number(words, format):
    return words.strip()


def _feedback(words, format):
    return _formatted(words, format) if words.strip() else None


def _formatted(words, format):
    kind = FORMAT.match(words)
    return _text(words[kind.end() :], kind[1].lower()) if kind else _text(words, format)


def _text(words, format):
    words = words.strip() if format in ("html", "markdown") else _folded(words)
    return {"format": format, "text": _unescaped(words).strip()}


def _folded(words):
    return " ".join(words.split())


def _unescaped(words):
    return re.sub(r"\\([~=#{}:\\n])", lambda found: "\n" if found[1] == "n" else found[1], words)


def _parted(words, mark):
    found = re.search(rf"(?<!\\){re.escape(mark)}", words)
    return (words[: found.start()], mark, words[found.end() :]) if found else (words, "", "")


# --- what it says of an item ----------------------------------------------------------


def _raw(question, category):
    said, problems = {"stem": _words(question["stem"])}, []
    if question.get("id"):
        said["slug"] = question["id"]
    if question.get("title"):
        said["title"] = question["title"]
    if last_of(category):
        said["clause"], said["category"] = [], last_of(category)
    kind = question["type"]
    made = KINDS.get(kind)
    if not said["stem"] and kind in KINDS:
        problems.append(Trouble("stem", NO_STEM, {}))
    if made is None:
        sentence = NOT_CLOSED if kind == "Broken" else NOT_CARRIED
        problems.append(Trouble("question", sentence, {} if kind == "Broken" else {"type": kind.lower()}))
    else:
        problems += made(question, said)
    take(said, question.get("tags") or [])
    _say_feedback(question, said)
    notes = (Trouble("stem", RUN_IN, {}),) if re.search(r"\{.*\}", said["stem"]) and kind != "Description" else ()
    return Raw(question["row"], question.get("title") or "", said, tuple(problems), notes)


def _words(text):
    """What a text says, without its markup."""
    return plain(text["text"])[0] if text["format"] == "html" else text["text"]


def _say_feedback(question, said):
    """Feedback of the whole; without any, that of its answers, each under its words."""
    if question.get("globalFeedback"):
        said["feedback"] = _words(question["globalFeedback"])
        return
    rows = [
        f"{_words(each['text']) if isinstance(each['text'], dict) else each['text']}: {_words(each['feedback'])}"
        for each in question.get("choices", ())
        if each["feedback"]
    ]
    rows += [_words(question[name]) for name in ("trueFeedback", "falseFeedback") if question.get(name)]
    if rows:
        said["feedback"] = "\n".join(rows)


def _choice(question, said):
    choices = question["choices"]
    kind = "single" if any(each["isCorrect"] for each in choices) else "multiple"
    shares = [each["weight"] if each["weight"] is not None else 100.0 * each["isCorrect"] for each in choices]
    if kind == "multiple" and sum(share > 0 for share in shares) == 1 and max(shares) >= 100:
        kind = "single"
    said |= {"type": kind, "options": [_words(each["text"]) for each in choices]} | credit_of(shares, kind)
    return [] if "right" in said else [Trouble("answer", NO_ANSWER, {})]


def _truefalse(question, said):
    said |= {"type": "truefalse", "right": [0 if question["isTrue"] else 1]}
    return []


def _short(question, said):
    accepted = [
        {"text": _words(each["text"]), "percent": round(100 if each["weight"] is None else each["weight"])}
        for each in question["choices"]
    ]
    said |= {"type": "fill", "blanks": [[row for row in accepted if row["percent"] > 0 and row["text"]]]}
    return [] if said["blanks"][0] else [Trouble("answer", NO_ANSWER, {})]


def _numerical(question, said):
    problems, answers = [], []
    for each in question["choices"]:
        share = 100.0 * each["isCorrect"] if each["weight"] is None else each["weight"]
        row = cells.numeric(each["text"]) if share > 0 else None
        if share > 0 and row is None:
            problems.append(Trouble("answer", NOT_NUMBER, {"words": each["text"][:40]}))
        elif row:
            answers.append(row | {"percent": max(1, round(share))})
    said |= {"type": "numeric", "answers": answers}
    return problems if answers or problems else [Trouble("answer", NO_ANSWER, {})]


def _matching(question, said):
    rows = [(_words(each["subquestion"]), each["subanswer"]) for each in question["matchPairs"]]
    choices = list(dict.fromkeys(right for _left, right in rows if right))
    told = [(left, right) for left, right in rows if left]
    said |= {"type": "matching", "options": [left for left, _right in told], "choices": choices}
    said["pairs"] = [choices.index(right) if right in choices else None for _left, right in told]
    return []


def _essay(question, said):
    said["type"] = "short"
    return []


KINDS = {
    "MC": _choice,
    "TF": _truefalse,
    "Short": _short,
    "Numerical": _numerical,
    "Matching": _matching,
    "Essay": _essay,
}
