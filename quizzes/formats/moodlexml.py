"""Moodle XML taken apart. A file with a DTD or entities of its own is refused before anything is read. Pure."""

import base64
import binascii
import re
from xml.etree import ElementTree
from xml.parsers import expat

import quizzes.formats.cells as cells
from quizzes.formats.gift import last_of
from quizzes.formats.marks import take
from quizzes.formats.markup import plain
from quizzes.formats.raw import NO_ANSWER, NO_STEM, NOT_CARRIED, Picture, Raw, Read, Trouble, Unreadable, _
from quizzes.formats.vocabulary import truth_of
from quizzes.formats.weighing import credit_of

DTD = _("The file declares entities or a document type; Moodle's files never do. It was not read.")
BROKEN = _("This is no sound XML (line {line}): export it from Moodle again.")
NOT_MOODLE = _("This is XML, but not a quiz of Moodle: its outermost element is “{name}”.")
EMPTY = _("No question was found in the file.")
NOT_NUMBER = _("“{words}” is no number.")
NOT_PICTURE = _("The file {name} is left out: only pictures (PNG, JPEG, GIF, WebP) are brought in.")
MOVED = _("The picture {name} now belongs to the question itself.")
HALF_POINTS = _("{points} points became {whole}: points are whole numbers here.")
FRACTION = re.compile(r"-?\d{1,3}(?:\.\d{1,12})?")
KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
PLACED = re.compile(r"!\[[^\]]*\]\((?:image:|@@PLUGINFILE@@/[^)]*)\)")  # a picture the file does not hold
SIGNS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}


def read_moodlexml(data):
    """Read of the bytes of a Moodle XML file; a row is the number of the question, categories not counted."""
    root = _tree(data)
    if root.tag != "quiz":
        raise Unreadable(NOT_MOODLE, name=str(root.tag)[:40])
    raws, category = [], ""
    for node in root.iter("question"):
        if node.get("type") == "category":
            category = (node.findtext("category/text") or "").strip()
        else:
            raws.append(_Question(node, len(raws) + 1, category).raw())
    if not raws:
        raise Unreadable(EMPTY)
    return Read("moodlexml", raws)


def _tree(data):
    def refuse(*_told):
        raise Unreadable(DTD)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
        return ElementTree.fromstring(data)  # noqa: S314  a document type was refused above
    except (expat.ExpatError, ElementTree.ParseError) as error:
        raise Unreadable(BROKEN, line=getattr(error, "lineno", None) or error.position[0]) from None
    except (ValueError, LookupError, RecursionError):
        raise Unreadable(BROKEN, line=1) from None


def is_picture(data):
    return next((kind for sign, kind in SIGNS.items() if data.startswith(sign)), "")


class _Question:
    def __init__(self, node, number, category):
        self.node, self.number, self.category = node, number, category
        self.said, self.problems, self.notes, self.pictures = {}, [], [], {}

    def raw(self):
        kind = self.node.get("type", "")
        made = KINDS.get(kind)
        name = (self.node.findtext("name/text") or "").strip()
        self.said["stem"] = self.words(self.node.find("questiontext"))
        if old := self.node.findtext("image_base64"):  # as Moodle wrote it until 1.9
            self.picture(self.node.findtext("image") or "", old, "", answer=False)
        self.common(name)
        if made is None:
            self.trouble("question", NOT_CARRIED, type=kind[:40] or "–")
        else:
            if not self.said["stem"]:
                self.trouble("stem", NO_STEM)
            made(self)
        self.feedback()
        if self.pictures:
            self.said["images"] = list(self.pictures.values())
        return Raw(self.number, name, self.said, tuple(self.problems), tuple(self.notes))

    def trouble(self, field, sentence, **values):
        self.problems.append(Trouble(field, sentence, values))

    def note(self, field, sentence, **values):
        self.notes.append(Trouble(field, sentence, values))

    def common(self, name):
        if name:
            self.said["title"] = name
        if slug := (self.node.findtext("idnumber") or "").strip():
            self.said["slug"] = slug
        if category := last_of(self.category):
            self.said["category"] = category
        if points := (self.node.findtext("defaultgrade") or "").strip():
            self.points(points)
        take(self.said, [each.text or "" for each in self.node.findall("tags/tag/text")])

    def points(self, words):
        if not FRACTION.fullmatch(words):
            return
        told = float(words)
        whole = max(1, min(100, int(told + 0.5)))
        if whole != told:
            self.note("defaultgrade", HALF_POINTS, points=f"{told:g}", whole=whole)
        self.said.setdefault("points", whole)

    def words(self, node, *, answer=False):
        """The text of a part, its pictures put aside; those of the question itself are told where they stand."""
        if node is None:
            return ""
        words, format = node.findtext("text") or "", node.get("format", "html")
        said, named = plain(words, placed=not answer) if format == "html" else (words.strip(), [])
        alts = dict(named)
        for file in node.findall("file"):
            name = file.get("name", "")
            key = self.picture(name, file.text or "", alts.get(name, ""), answer=answer)
            for place in (f"(image:{name})", f"(@@PLUGINFILE@@/{name})"):
                said = said.replace(place, f"(image:{key})")
        return PLACED.sub("", said) if not answer else said

    def picture(self, name, words, alt, *, answer):
        """The key of a picture; "" where it is none."""
        try:
            data = base64.b64decode(words, validate=False)
        except (binascii.Error, ValueError):
            data = b""
        if not is_picture(data):
            self.note("file", NOT_PICTURE, name=name[:60])
            return ""
        if answer:
            self.note("answer", MOVED, name=name[:60])
        stem = name.rpartition(".")[0]
        key = stem if KEY.fullmatch(stem) else f"p{len(self.pictures) + 1}"
        return self.pictures.setdefault(data, Picture(key, name[:255], data, alt[:200])).key

    def answers(self):
        """[(text, percent, feedback)]"""
        rows = []
        for node in self.node.findall("answer"):
            share = FRACTION.fullmatch(node.get("fraction", "").strip())
            percent = float(share[0]) if share else 0.0
            rows.append((self.words(node, answer=True), percent, self.words(node.find("feedback"), answer=True)))
        return rows

    def feedback(self):
        general = self.words(self.node.find("generalfeedback"), answer=True)
        rows = [f"{text}: {words}" for text, _share, words in getattr(self, "rows", ()) if words]
        if general or rows:
            self.said["feedback"] = "\n".join([general, *rows] if general else rows)

    # --- by type --------------------------------------------------------------------

    def multichoice(self):
        self.rows = self.answers()
        shares = [share for _text, share, _feedback in self.rows]
        kind = "single" if (self.node.findtext("single") or "true").strip() in ("true", "1") else "multiple"
        self.said |= {"type": kind, "options": [text for text, _share, _feedback in self.rows]}
        told = credit_of(shares, kind)
        if self.said.get("credit") == "all_or_nothing" and "right" in told:
            told = {"right": told["right"]}
        self.said |= told
        if "right" not in told:
            self.trouble("answer", NO_ANSWER)

    def truefalse(self):
        self.rows = self.answers()
        told = {truth_of(text): share for text, share, _feedback in self.rows}
        self.said["type"] = "truefalse"
        if not any(share > 0 for share in told.values()) or None in told:
            self.trouble("answer", NO_ANSWER)
        else:
            self.said["right"] = [0 if told.get(True, 0) > told.get(False, 0) else 1]

    def shortanswer(self):
        self.rows = self.answers()
        accepted = [
            {"text": text, "percent": max(1, round(share))}
            for text, share, _feedback in self.rows
            if share > 0 and text
        ]
        self.said |= {"type": "fill", "blanks": [accepted]}
        if not accepted:
            self.trouble("answer", NO_ANSWER)
        if "ignore" not in self.said and (self.node.findtext("usecase") or "0").strip() == "1":
            self.said["ignore"] = ["width", "space"]

    def numerical(self):
        self.rows, answers = self.answers(), []
        for node, (text, share, _feedback) in zip(self.node.findall("answer"), self.rows, strict=True):
            tolerance = (node.findtext("tolerance") or "0").strip()
            row = cells.numeric(text if not cells.number(tolerance) else f"{text}:{tolerance}") if share > 0 else None
            if share > 0 and row is None:
                return self.trouble("answer", NOT_NUMBER, words=text[:40])
            if row:
                answers.append(row | {"percent": max(1, round(share))})
        self.said |= {"type": "numeric", "answers": answers}
        self.units()
        return None if answers else self.trouble("answer", NO_ANSWER)

    def units(self):
        """The first unit is the item's; Moodle multiplies a number by the factor, here it is divided."""
        rows = [
            (node.findtext("unit_name") or "", node.findtext("multiplier") or "1") for node in self.node.iter("unit")
        ]
        named = [(name.strip(), cells.number(factor)) for name, factor in rows if name.strip()]
        own = next((name for name, factor in named if factor == "1"), "")
        if not own:
            return
        others = [(name, cells.number(f"{1 / float(factor):.6f}")) for name, factor in named if name != own and factor]
        others = [{"text": name, "factor": factor} for name, factor in others if factor and factor.strip("0.")]
        self.said["unit"] = {"text": own} | ({"others": others} if others else {})

    def matching(self):
        rows = [
            (self.words(node, answer=True), (node.findtext("answer/text") or "").strip())
            for node in self.node.findall("subquestion")
        ]
        choices = list(dict.fromkeys(right for _left, right in rows if right))
        told = [(left, right) for left, right in rows if left]
        self.said |= {"type": "matching", "options": [left for left, _right in told], "choices": choices}
        self.said["pairs"] = [choices.index(right) if right in choices else None for _left, right in told]

    def essay(self):
        self.said["type"] = "short"
        if sample := self.words(self.node.find("graderinfo"), answer=True):
            self.said["sample"] = sample

    def ordering(self):
        rows = self.answers()
        order = sorted(range(len(rows)), key=lambda at: rows[at][1])
        self.said |= {"type": "ordering", "options": [text for text, _share, _feedback in rows], "right": order}


KINDS = {
    "multichoice": _Question.multichoice,
    "truefalse": _Question.truefalse,
    "shortanswer": _Question.shortanswer,
    "numerical": _Question.numerical,
    "matching": _Question.matching,
    "match": _Question.matching,
    "essay": _Question.essay,
    "ordering": _Question.ordering,
}
