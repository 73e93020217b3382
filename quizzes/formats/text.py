"""Questions as trainers type them: a stem, lettered options, 答案：, 【解析】, numbers and headings of types. Pure."""

import re

import quizzes.formats.cells as cells
from quizzes.formats.raw import Raw, Read, Unreadable, _
from quizzes.formats.row import said_of
from quizzes.formats.splitting import lettered
from quizzes.formats.vocabulary import field_of, truth_of, type_of

CHINESE = "一二三四五六七八九十百"
HEADING = re.compile(
    rf"^(?:#+\s*)?(?:第?[{CHINESE}]+(?:部分|大题)?[、.．:：]?|[IVX]+\.|Part \w+[.:]?)?\s*"
    r"([^\s（(：:，,。、]{2,20})\s*[:：]?\s*"
    r"(?:[（(](.*)[)）])?[:：。]?\s*$"
)
EACH = re.compile(r"每[小]?[题空]\s*(\d+)\s*分|(\d+)\s*points? each", re.IGNORECASE)
NUMBERED = re.compile(
    rf"^(?:(\d{{1,4}})\s*[.．、)）]\s*(?!\d)|[（(]\s*(\d{{1,4}}|[{CHINESE}]+)\s*[)）]\s*|第\s*(\d{{1,4}})\s*题\s*[:：.、]?\s*"
    r"|(?:Q|Question )(\d{1,4})\s*[.:：)]\s*)"
)
FIELD = re.compile(
    r"^(?:【\s*([^】]{1,8}?)\s*】\s*[:：]?|([A-Za-z\u4e00-\u9fff]{1,20}(?: [a-z]{1,12})?)\s*[:：])\s*(.*)$", re.DOTALL
)
INNER = re.compile(r"[（(]\s*([A-Ha-hＡ-Ｈ]{1,8}|[√×✓✗対对错])\s*[)）]")
KNOWN = ("answer", "feedback", "difficulty", "points", "clause", "tags", "type", "roles", "rubric", "slug", "stem")
LEAD = re.compile(r"^(?:#+\s+|[-*]\s+(?![A-Za-z][.、]))")
TYPE_MARK = re.compile(r"^[\[【（(]\s*([^\]】)）]{2,8})\s*[\]】)）]\s*")
STRAY = _("These words belong to no question.")


def read_text(text):
    """Read of a text; a row is the line on which a question begins."""
    reader = _Reader()
    for at, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        reader.line(at, line.replace("\u00a0", " ").replace("\u3000", " ").strip())
    reader.end()
    if not reader.raws:
        raise Unreadable(_("No question was found: put each on a line of its own, and its answer below as 答案：A."))
    return Read("text", reader.raws)


class _Reader:
    def __init__(self):
        self.raws, self.kind, self.points = [], "", ""
        self.question, self.gap = None, False

    def line(self, at, line):
        if not line:
            self.gap = True
            return
        gap, self.gap = self.gap, False
        if self.question is None or self.question.answered or not self.question.begun:
            if self.heading(line):
                return
        elif self.heading(line, sure=True):
            return
        line = LEAD.sub("", line)
        if not (self.field(at, line) or self.option(line) or self.begin(at, line, gap)):
            self.question.more(line)

    def heading(self, line, *, sure=False):
        """Does a line say the type of what follows? `sure` only where it counts or names points."""
        found = HEADING.match(line)
        kind = type_of(found[1]) if found else None
        if not kind or (sure and not (found[2] or line[0] in CHINESE + "#第")):
            return False
        self.end()
        self.kind = kind
        each = EACH.search(found[2] or "")
        self.points = (each[1] or each[2]) if each else ""
        return True

    def field(self, at, line):
        found = FIELD.match(line)
        field = field_of(found[1] or found[2])[0] if found else ""
        if field not in KNOWN or (self.question is None and field != "stem"):
            return False
        if field == "stem":
            self.start(at, found[3])
        else:
            self.question.field(field, found[3])
        return True

    def option(self, line):
        if self.question is None or self.question.answered:
            return False
        found = lettered(line)
        if not found or found[0][0] != "ABCDEFGH"[min(len(self.question.options), 7)]:
            return False
        self.question.options += [words for _letter, words in found]
        self.question.last = "option"
        return True

    def begin(self, at, line, gap):
        number = NUMBERED.match(line)
        if number and not (self.question and self.question.last == "feedback" and not gap and self._inside(number)):
            return self.start(at, line[number.end() :])
        if self.question is None or (gap and self.question.answered):
            return self.start(at, line)
        return False

    def _inside(self, number):
        """Is this a point of an explanation, and not the next question?"""
        told = next((sign for sign in number.groups() if sign), "")
        return told.isdigit() and self.question.number.isdigit() and int(told) != int(self.question.number) + 1

    def start(self, at, words):
        self.end()
        self.question = _Question(at, words, self.kind, self.points)
        return True

    def end(self):
        if self.question is not None:
            self.raws.append(self.question.raw())
            self.question = None


class _Question:
    def __init__(self, at, words, kind, points):
        self.at, self.told, self.options, self.last = at, {}, [], "stem"
        if kind:
            self.told["type"] = kind
        if points:
            self.told["points"] = points
        mark = TYPE_MARK.match(words)
        if mark and type_of(mark[1]):
            self.told["type"], words = mark[1], words[mark.end() :]
        self.told["stem"] = words
        self.number = ""

    @property
    def begun(self):
        return bool(self.told["stem"])

    @property
    def answered(self):
        return "answer" in self.told

    def field(self, name, words):
        """Further answers, as of blanks, stand on lines of their own."""
        self.told[name] = f"{self.told[name]}\n{words}" if self.told.get(name) and name != "type" else words
        self.last = name

    def more(self, line):
        """A line that goes on with what stood above it."""
        if self.last == "option":
            self.options[-1] = f"{self.options[-1]}\n{line}"
        else:
            self.told[self.last] = f"{self.told.get(self.last, '')}\n{line}".strip("\n")

    def raw(self):
        if not self.answered:
            self._answer_inside()
        told = {(name, ""): words.strip() for name, words in self.told.items() if words.strip()}
        told |= {(f"option{letter}", ""): words for letter, words in zip("ABCDEFGHIJ", self.options, strict=False)}
        said, problems, notes = said_of(told, codes={}, numbered=False)
        return Raw(self.at, "", said, tuple(problems), tuple(notes))

    def _answer_inside(self):
        """Papers with their key print it into the question: 应当（B）。"""
        found = INNER.findall(self.told["stem"])
        if found and (truth_of(found[-1]) is not None or cells.letters(found[-1]) is not None):
            last = list(INNER.finditer(self.told["stem"]))[-1]
            self.told["answer"] = last[1]
            self.told["stem"] = f"{self.told['stem'][: last.start()]}（ ）{self.told['stem'][last.end() :]}"
