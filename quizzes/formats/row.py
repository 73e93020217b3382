"""One row of a table as what it says of a question. Pure."""

import quizzes.formats.cells as cells
from quizzes.formats.raw import NO_ANSWER, NO_OPTION, NO_STEM, UNKNOWN_TYPE, Trouble, _, squeezed
from quizzes.formats.splitting import options_in
from quizzes.formats.vocabulary import (
    BILINGUAL,
    IGNORE,
    MOST_LETTERS,
    RULE_OF,
    difficulty_of,
    folded,
    truth_of,
    type_of,
)

MOST_OPTIONS = 8
PICKED = ("single", "multiple", "ordering", "rank", "bestworst")
PLAIN = ("slug",)
TOO_MANY = _("There are {count} options, and {most} is the most.")
HOLE = _("Option {letter} has no words, and a later one has.")
NO_LETTERS = _("“{words}” names no options: write letters such as A, AB or A,B.")
ONE_ONLY = _("One answer is right here, and {count} are given: call the question 多选 or multiple.")
NOT_TRUTH = _("“{words}” is neither true nor false.")
NOT_NUMBER = _("“{words}” is no number such as 15, 15±0.5 or 14..16.")
BAD_DIFFICULTY = _("The difficulty “{words}” is not known: say easy, medium or hard, 易, 中 or 难, or 1 to 5.")
BAD_POINTS = _("“{words}” are no points: a whole number from 1 to 100.")
BAD_PAIRS = _("“{words}” pairs nothing: write a letter and a number for each option, such as A2 B1.")
BAD_WEIGHTS = _("“{words}” are no weights: write a letter and a percent for each, such as A=50.")
BAD_BEST = _("“{words}” names no best and no worst option: write the best first, such as A/C.")
NO_POINTS = _("A criterion of the rubric needs its points, such as “greets first =2”.")


def said_of(told, *, codes, numbered):
    """(said, problems, notes) of {(field, language): words}. A problem's field is that of its column."""
    row = _Row(told, codes, numbered)
    row.read()
    return row.said, row.problems, row.notes


class _Row:
    def __init__(self, told, codes, numbered):
        self.told, self.codes, self.numbered = told, codes, numbered
        self.said, self.problems, self.notes = {}, [], []

    def trouble(self, field, sentence, **values):
        self.problems.append(Trouble(field, sentence, values))

    def words(self, field, language=""):
        return self.told.get((field, language), "")

    def text(self, field):
        """Words whose language is open, or both languages where the headers tell them apart."""
        spoken = {each: self.words(field, each) for each in ("zh", "en")}
        plain = self.words(field)
        if any(spoken.values()):
            spoken["zh"] = spoken["zh"] or plain
            return {each: words for each, words in spoken.items() if words}
        return plain

    def read(self):
        for field in BILINGUAL[:3]:
            if words := self.text(field):
                self.said[field] = words
        if not self.said.get("stem"):
            self.trouble("stem", NO_STEM)
        if slug := self.words("slug"):
            self.said["slug"] = slug
        self.plain_fields()
        self.options()
        kind = self.kind()
        if kind:
            self.said["type"] = kind
            getattr(self, f"_{kind}", self._picked)(self.words("answer"))

    def plain_fields(self):
        if words := self.words("difficulty"):
            level = difficulty_of(words)
            if level:
                self.said["difficulty"] = level
            else:
                self.trouble("difficulty", BAD_DIFFICULTY, words=words[:40])
        if words := self.words("points"):
            points = cells.number(words.removesuffix("分").strip())
            if points and points.isdigit() and 1 <= int(points) <= 100:
                self.said["points"] = int(points)
            else:
                self.trouble("points", BAD_POINTS, words=words[:40])
        for field in ("clause", "roles", "tags"):
            if words := self.words(field):
                self.said[field] = cells.listed(words)
        if words := self.words("criterion"):
            self.said["criterion"] = truth_of(words) is True
        if rule := RULE_OF.get(folded(self.words("credit"))):
            self.said["credit"] = rule

    def options(self):
        """Columns A, B, …; else what one column lists."""
        columns = [self.text(f"option{letter}") for letter in MOST_LETTERS]
        count = max((at for at, words in enumerate(columns, start=1) if words), default=0)
        found = columns[:count]
        if not found and self.words("options"):
            found = options_in(self.words("options"))
        for at, words in enumerate(found):
            if not words:
                self.trouble(f"option{MOST_LETTERS[at]}", HOLE, letter=MOST_LETTERS[at])
        if len(found) > MOST_OPTIONS:
            self.trouble(f"option{MOST_LETTERS[MOST_OPTIONS]}", TOO_MANY, count=len(found), most=MOST_OPTIONS)
        if found:
            self.said["options"] = found

    def kind(self):
        words = self.words("type")
        kind = type_of(words, self.codes) if words else "choice"
        if kind is None:
            self.trouble("type", UNKNOWN_TYPE, type=words[:40])
            return None
        return kind if kind != "choice" else self._inferred()

    def _inferred(self):
        answer, options = self.words("answer"), self.said.get("options", [])
        plain = [truth_of(_zh(words)) for words in options]
        if (truth_of(answer) is not None and not options) or sorted(plain, key=str) == [False, True]:
            return "truefalse"
        if not options:
            return "short" if self.words("rubric") else "fill"
        return "single" if len(self._places(answer) or [0]) == 1 else "multiple"

    # --- the key, by type ---------------------------------------------------------

    def _places(self, words):
        """Places of the options an answer names, by letter, by number where the headers count so, by their words."""
        options = [squeezed(_zh(each)).casefold() for each in self.said.get("options", [])]
        if squeezed(words).casefold() in options:
            return [options.index(squeezed(words).casefold())]
        if self.numbered and (places := cells.numbers(words)) is not None:
            return places
        if (places := cells.letters(words)) is not None:
            return places
        named = [squeezed(part).casefold() for part in cells.listed(words)]
        return [options.index(part) for part in named] if named and set(named) <= set(options) else None

    def _picked(self, answer):
        kind, options = self.said["type"], self.said.get("options", [])
        places = self._places(answer) if answer else []
        if not answer:
            self.trouble("answer", NO_ANSWER)
        elif places is None:
            self.trouble("answer", NO_LETTERS, words=answer[:40])
        elif strange := next((place for place in places if place >= len(options)), None):
            self.trouble("answer", NO_OPTION, letter=MOST_LETTERS[strange])
        elif kind == "single" and len(set(places)) > 1:
            self.trouble("answer", ONE_ONLY, count=len(set(places)))
        else:
            self.said["right"] = list(dict.fromkeys(places))
        self._weights()

    def _weights(self):
        if not (words := self.words("weights")):
            return
        found = {}
        for part in cells.listed(words):
            letter, value = cells.valued(part)
            place = cells.letters(letter)
            if value is None or place is None or len(place) != 1 or not value.lstrip("-").isdigit():
                return self.trouble("weights", BAD_WEIGHTS, words=words[:40])
            found[place[0]] = int(value)
        self.said["weights"] = [found.get(at, 0) for at in range(len(self.said.get("options", [])))]
        self.said["credit"] = "weights"
        return None

    def _truefalse(self, answer):
        options = [_zh(words) for words in self.said.get("options", [])]
        truth, plain = truth_of(answer), [truth_of(words) for words in options]
        places = cells.letters(answer) or []
        if len(places) == 1 and places[0] < 2 and (not options or sorted(plain, key=str) == [False, True]):
            truth = plain[places[0]] if options else not places[0]
        if not answer:
            self.trouble("answer", NO_ANSWER)
        elif truth is None:
            self.trouble("answer", NOT_TRUTH, words=answer[:40])
        else:
            self.said["right"] = [0 if truth else 1]
        if sorted(plain, key=str) == [False, True]:
            self.said["options"] = [self.said["options"][plain.index(True)], self.said["options"][plain.index(False)]]
        elif options:
            self.said.pop("options")

    def _bestworst(self, answer):
        places = cells.letters(answer) if answer else []
        options = self.said.get("options", [])
        if not answer:
            self.trouble("answer", NO_ANSWER)
        elif places is None or len(places) != 2:
            self.trouble("answer", BAD_BEST, words=answer[:40])
        elif strange := next((place for place in places if place >= len(options)), None):
            self.trouble("answer", NO_OPTION, letter=MOST_LETTERS[strange])
        else:
            self.said["best"], self.said["worst"] = places

    def _matching(self, answer):
        self.said["choices"] = self._lines("choices")
        pairs = {}
        for part in cells.listed(answer.replace(" ", ",")):
            letter, sign = cells.letters(part[:1]), part[1:].lstrip("-:：→=.")
            if letter is None or not sign.isdigit():
                return self.trouble("answer", BAD_PAIRS, words=answer[:40])
            pairs[letter[0]] = int(sign) - 1
        if not pairs:
            return self.trouble("answer", NO_ANSWER)
        if strange := next((at for at in pairs if at >= len(self.said.get("options", []))), None):
            return self.trouble("answer", NO_OPTION, letter=MOST_LETTERS[strange])
        self.said["pairs"] = [pairs.get(at) for at in range(len(self.said.get("options", [])))]
        return None

    def _lines(self, field):
        """The lines of a cell as texts, those of both languages side by side."""
        text = self.text(field)
        if isinstance(text, str):
            return [cells.bare(line) for line in cells.lines(text)]
        rows = {language: cells.lines(words) for language, words in text.items()}
        most = max(map(len, rows.values()))
        return [{each: cells.bare(found[at]) for each, found in rows.items() if at < len(found)} for at in range(most)]

    def _numeric(self, answer):
        self.said.pop("options", None)
        rows = [(line, cells.numeric(line)) for line in cells.lines(answer)]
        if not rows:
            self.trouble("answer", NO_ANSWER)
        for line, row in rows:
            if row is None:
                return self.trouble("answer", NOT_NUMBER, words=line[:40])
        self.said["answers"] = [row for _line, row in rows]
        if unit := self.text("unit"):
            others = [cells.valued(line) for line in cells.lines(self.words("units"))]
            others = [{"text": text, "factor": cells.number(value)} for text, value in others if value]
            self.said["unit"] = {"text": unit} | ({"others": others} if others else {})
        return None

    def _fill(self, answer):
        self.said.pop("options", None)
        found = cells.blanks(answer, len(cells.BLANK.findall(_zh(self.said.get("stem", "")))))
        if not found or not all(found):
            return self.trouble("answer", NO_ANSWER)
        self.said["blanks"] = found
        if words := self.words("ignore"):
            named = [each.casefold() for each in cells.listed(words.replace(" ", ","))]
            self.said["ignore"] = [name for name, spelled in IGNORE.items() if set(named) & set(spelled)]
        return None

    def _short(self, answer):
        self.said.pop("options", None)
        if words := self.text("rubric"):
            self.said["rubric"] = self._rubric(words)
        if answer:
            self.said["sample"] = self._pair("answer")

    def _pair(self, field):
        return self.text(field)

    def _upload(self, answer):
        self._short(answer)
        self.said["accepts"] = [each for each in ("image", "audio") if each in self.words("accepts").casefold()]
        self.said["accepts"] = self.said["accepts"] or ["image", "audio"]

    def _rubric(self, words):
        spoken = words if isinstance(words, dict) else {"": words}
        rows = []
        for language, told in spoken.items():
            for at, line in enumerate(cells.lines(told)):
                text, points = cells.valued(line)
                if at >= len(rows):
                    rows.append({"text": {}, "points": None})
                rows[at]["text"][language] = text
                rows[at]["points"] = rows[at]["points"] or points
        for row in rows:
            row["text"] = row["text"].get("", row["text"])
            if row["points"] is None or not row["points"].isdigit():
                self.trouble("rubric", NO_POINTS)
                return rows
            row["points"] = int(row["points"])
        return rows


def _zh(text):
    """Words of a text, whatever its language."""
    return text if isinstance(text, str) else text.get("zh") or text.get("en", "")
