"""Items as GIFT. What it has no place for stands in its comments, as tags; other types are left out. Pure."""

import re
from urllib.parse import quote

from quizzes.formats.marks import tags_of
from quizzes.formats.weighing import fractions_of

SPECIAL = re.compile(r"([\\~=#{}:])")
CARRIED = ("single", "multiple", "truefalse", "matching", "numeric", "fill", "short")


def carries(body):
    """GIFT has one blank in a question, no orders, judgements or uploads, and parts pairs by arrows."""
    rows = [*body.get("options", ()), *body["choices"]] if body["type"] == "matching" else []
    arrows = any("->" in words for row in rows for words in row["text"].values())
    return body["type"] in CARRIED and len(body.get("blanks", ())) < 2 and not arrows


def gift_of(entries, language):
    """The text of [(slug, title, body)]: those that GIFT carries, each in this language where it has it."""
    return "\n".join(_question(slug, title, body, language) for slug, title, body in entries if carries(body))


def spoken(text, language):
    """A text in a language, else in the other."""
    return text.get(language) or next(iter(text.values()), "")


def _question(slug, title, body, language):
    language = language if body["stem"].get(language) else next(iter(body["stem"]))
    tags = " ".join(f"[tag:{quote(tag, safe=SAFE)}]" for tag in tags_of(body))
    name = _escaped(" ".join(spoken({k: v for k, v in title.items() if v}, language).split()))
    stem = _escaped(spoken(body["stem"], language))
    feedback = f"\n\t####{_part(spoken(body['feedback'], language))}" if body.get("feedback") else ""
    answers = WRITERS[body["type"]](body, language)
    return f"// [id:{slug}] {tags}\n{f'::{name}::' if name else ''}[markdown]{stem} {{{answers}{feedback}\n}}\n"


SAFE = "".join(chr(n) for n in range(33, 127) if chr(n) not in "%[]") + " "


def _escaped(words):
    return SPECIAL.sub(r"\\\1", words.strip()).replace("\r\n", "\n").replace("\n", "\\n")


def _part(words):
    """A part of its own, its format named, so that no sign at its beginning is taken for GIFT's."""
    return f"[markdown]{_escaped(words)}"


def _picked(body, language):
    found = ""
    for option, share in zip(body["options"], fractions_of(body), strict=True):
        right = body["type"] == "single" and option["key"] in body["right"] and share == "100"
        sign = "=" if right else f"~%{share}%" if share != "0" else "~"
        found += f"\n\t{sign}{_part(spoken(option['text'], language))}"
    return found


def _truefalse(body, language):
    return "TRUE" if body["right"] == ["true"] else "FALSE"


def _matching(body, language):
    texts = {choice["key"]: spoken(choice["text"], language) for choice in body["choices"]}
    rows = [(spoken(option["text"], language), body["pairs"][option["key"]]) for option in body["options"]]
    used = {key for _left, key in rows}
    found = "".join(f"\n\t={_part(left)} -> {_escaped(texts[key])}" for left, key in rows)
    return found + "".join(f"\n\t= -> {_escaped(words)}" for key, words in texts.items() if key not in used)


def _numeric(body, language):
    rows = (f"\n\t=%{row['percent']}%{row['value']}:{row.get('tolerance', 0)}" for row in body["answers"])
    return "#" + "".join(rows)


def _fill(body, language):
    return "".join(f"\n\t=%{row['percent']}%{_part(row['text'])}" for row in body["blanks"][0]["accepted"])


def _short(body, language):
    return ""


WRITERS = {
    "single": _picked,
    "multiple": _picked,
    "truefalse": _truefalse,
    "matching": _matching,
    "numeric": _numeric,
    "fill": _fill,
    "short": _short,
}
