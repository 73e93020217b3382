"""What a file says of a question becomes the body of an item. Pure.

What a file does not say of a known item stays as it is: its other language, its job roles, its criteria. So an export
that cannot carry them changes nothing when it comes back."""

import re
from fractions import Fraction
from typing import NamedTuple

from quizzes.formats.raw import NO_ANSWER, NO_STEM, Trouble, _, squeezed
from quizzes.formats.vocabulary import MOST_LETTERS
from quizzes.item_rules import check_item, shape_of
from staff.shapes import SLUG, misfits
from standards.formats.decoding import HANZI

LETTERS = "abcdefgh"
PARTNERS = "pqrstuvwxyz0"
LONGEST = 20_000
TRUTH = ({"zh": "对", "en": "True"}, {"zh": "错", "en": "False"})
PLACE = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(?:text\.)?(zh|en))?")
TOO_LONG = _("The text has {count} characters, and {most} is the limit.")
NOT_SHAPED = _("This does not fit an item: {told}")
CRITERION = {"zh": "回答正确、完整", "en": "The answer is right and complete"}
SEE = {"zh": "见条款 {key}。", "en": "See clause {key}."}


class Built(NamedTuple):
    body: dict
    title: dict
    problems: list  # of Trouble, fields as in `said`


class Known(NamedTuple):
    """An item that is there already, as a file is compared with it."""

    body: dict
    title: dict


def build(said, *, cites, standard, words, title_of, images=(), before=None):
    """Built of what a file says. cites: clause keys; words: {language: words} of the first, quoted where the file
    gives no feedback; title_of: {language: title} of a stem; images: [{key, sha256, alt}]; before: Known or None."""
    builder = _Builder(said, before, title_of)
    return builder.build(cites, standard, words, images)


def language_of(said, before=None):
    """The language of plain words: that in which a known item says the same, else what the letters are."""
    stem = said.get("stem") or ""
    if isinstance(stem, dict):
        return "zh" if "zh" in stem else "en"
    if before:
        for language, old in before.body["stem"].items():
            if squeezed(old) == squeezed(stem):
                return language
    return "zh" if HANZI.search(stem) else "en"


class _Builder:
    def __init__(self, said, before, title_of):
        self.said, self.problems, self.title_of = said, [], title_of
        kind = said.get("type") or (before.body["type"] if before else "")
        self.same_kind = bool(before) and before.body["type"] == kind
        self.before, self.kind = before, kind
        self.old = before.body if before else {}
        self.language = language_of(said, before)

    def build(self, cites, standard, words, images):
        said, old = self.said, self.old
        body = {name: value for name, value in old.items() if self.same_kind or name in KEPT}
        body |= {"type": self.kind, "cites": cites, "standard": standard}
        body["difficulty"] = said.get("difficulty") or old.get("difficulty", "medium")
        body["points"] = said.get("points") or old.get("points", 1)
        body["stem"] = self.leaf(said.get("stem", ""), old.get("stem"))
        for name in ("roles", "tags"):
            if name in said and set(said[name]) != set(old.get(name, ())):
                body[name] = said[name]
        if "criterion" in said and said["criterion"] != old.get("criterion", False):
            body["criterion"] = said["criterion"]
        if images:
            body["images"] = self.pictures(images)
        getattr(self, f"_{self.kind}", self._picked)(body)
        body["feedback"] = self.feedback(body["stem"], cites, words)
        self.check(body)
        return Built(body, self.title(body["stem"]), self.problems)

    # --- texts --------------------------------------------------------------------

    def leaf(self, text, old=None):
        """A text in its languages; what a known one says in the same words, or in another language, stays."""
        spoken = text if isinstance(text, dict) else {self.language: text}
        spoken = {language: words.strip() for language, words in spoken.items() if words and words.strip()}
        old = old or {}
        same = {each: old[each] for each in spoken if squeezed(old.get(each, "")) == squeezed(spoken[each])}
        return old | spoken | same

    def feedback(self, stem, cites, words):
        told = self.leaf(self.said.get("feedback", ""), self.old.get("feedback"))
        for language in stem:
            told.setdefault(language, words.get(language) or SEE[language].format(key=cites[0] if cites else ""))
        return told

    def title(self, stem):
        old, derived = (self.before.title if self.before else {}), self.title_of(stem)
        if "title" in self.said:
            said = self.leaf(self.said["title"], {each: words for each, words in old.items() if words})
            title = derived | said if not self.before else said
        elif self.before and {k: v for k, v in old.items() if v} != self.title_of(self.old["stem"]):
            title = old
        else:
            title = derived
        return {language: title.get(language, "")[:200] for language in ("zh", "en")}

    def pictures(self, images):
        """Pictures by their content: one that is there keeps its key and its words."""
        old = {each["sha256"]: each for each in self.old.get("images", ())}
        found = []
        for image in images:
            alt = dict.fromkeys(self.leaf(self.said.get("stem", "")), image["alt"]) if image["alt"] else {}
            plain = {"key": image["key"], "sha256": image["sha256"]} | ({"alt": alt} if alt else {})
            found.append(old.get(image["sha256"], plain))
        return found if {each["sha256"] for each in found} != old.keys() else self.old["images"]

    # --- options ------------------------------------------------------------------

    def keyed(self, texts, old, letters):
        """[{key, text}]: an option that says what one of the item says is that one; another at its place is it
        reworded."""
        old = old if self.same_kind and old else []
        taken, found = set(), [None] * len(texts)
        for at, text in enumerate(texts):
            found[at] = next((row for row in old if row["key"] not in taken and self._same(text, row["text"])), None)
            taken |= {found[at]["key"]} if found[at] else set()
        if len(old) == len(texts):
            for at, row in enumerate(old):
                if found[at] is None and row["key"] not in taken:
                    found[at] = row
                    taken.add(row["key"])
        free = (letter for letter in letters if letter not in taken and letter not in {row["key"] for row in old})
        keys = [row["key"] if row else next(free, f"{letters[0]}{at}") for at, row in enumerate(found)]
        return [
            {"key": key, "text": self.leaf(text, row and row["text"])}
            for key, text, row in zip(keys, texts, found, strict=True)
        ]

    def _same(self, text, old):
        spoken = text if isinstance(text, dict) else {self.language: text}
        return any(words and squeezed(words) == squeezed(old.get(each, "")) for each, words in spoken.items())

    def options(self, body):
        if "options" in self.said:
            body["options"] = self.keyed(self.said["options"], self.old.get("options"), LETTERS)
        return [row["key"] for row in body.get("options", ())]

    def _picked(self, body):
        keys, right = self.options(body), self.said.get("right")
        if right is None or any(place >= len(keys) for place in right):
            body.setdefault("right", [])
            return
        chosen = [keys[place] for place in right]
        ordered = self.kind in ("ordering", "rank")
        kept = body.get("right") if self.same_kind and not ordered else None
        plain = chosen if ordered else sorted(chosen, key=keys.index)
        body["right"] = kept if kept and set(kept) == set(chosen) else plain
        self.credit(body, keys)

    def credit(self, body, keys):
        rule, old = self.said.get("credit"), body.get("credit")
        if self.kind not in ("single", "multiple"):
            body.pop("credit", None)
        elif rule == "weights" and (weights := self.said.get("weights")):
            given = {key: weight for key, weight in zip(keys, weights, strict=False) if weight}
            kept = {key: weight for key, weight in (old or {}).get("weights", {}).items() if weight}
            body["credit"] = old if old and kept == given else {"rule": "weights", "weights": given}
        elif rule and rule != "weights" and not (self.same_kind and not old and rule == "hits_minus_false"):
            body["credit"] = old if old and old["rule"] == rule else {"rule": rule}

    def _truefalse(self, body):
        texts = self.said.get("options")
        old = {row["key"]: row["text"] for row in self.old.get("options", ())} if self.same_kind else {}
        rows = []
        for at, key in enumerate(("true", "false")):
            text = self.leaf(texts[at], old.get(key)) if texts else self._truth(at, key, old, body["stem"])
            rows.append({"key": key, "text": text})
        kept = body.get("options") if self.same_kind else None
        body["options"] = kept if kept and old == {row["key"]: row["text"] for row in rows} else rows
        if "right" in self.said:
            body["right"] = [("true", "false")[self.said["right"][0]]]
        body.setdefault("right", [])

    def _truth(self, at, key, old, stem):
        return {language: TRUTH[at][language] for language in stem} | old.get(key, {})

    def _bestworst(self, body):
        keys = self.options(body)
        for name in ("best", "worst"):
            place = self.said.get(name)
            if place is not None and place < len(keys):
                body[name] = keys[place]
            body.setdefault(name, "")

    def _matching(self, body):
        keys = self.options(body)
        if "choices" not in self.said:
            return
        choices = self.keyed(self.said["choices"], self.old.get("choices"), PARTNERS)
        kept = {row["key"]: row["text"] for row in self.old.get("choices", ())} if self.same_kind else {}
        same = kept == {row["key"]: row["text"] for row in choices}
        body["choices"] = self.old["choices"] if same else choices
        partners = [row["key"] for row in choices]
        pairs = self.said.get("pairs", ())
        told = {
            key: partners[place]
            for key, place in zip(keys, pairs, strict=False)
            if place is not None and place < len(partners)
        }
        body["pairs"] = told or body.get("pairs", {})

    # --- words and numbers ----------------------------------------------------------

    def _numeric(self, body):
        if "answers" in self.said:
            old = [_exact(row) for row in self.old.get("answers", ())] if self.same_kind else []
            new = [_exact(row) for row in self.said["answers"]]
            body["answers"] = self.old["answers"] if old == new else self.said["answers"]
        body.setdefault("answers", [])
        if unit := self.said.get("unit"):
            old = self.old.get("unit", {}) if self.same_kind else {}
            text = self.leaf(unit["text"], old.get("text"))
            for language in body["stem"]:
                text.setdefault(language, next(iter(text.values())))
            others = unit.get("others", old.get("others"))
            if old and _factors(others) == _factors(old.get("others")):
                others = old.get("others")
            body["unit"] = {"text": text} | ({"others": others} if others else {})

    def _fill(self, body):
        if "blanks" in self.said:
            old = self.old.get("blanks", []) if self.same_kind else []
            same = [row["accepted"] for row in old] == self.said["blanks"]
            keys = [row["key"] for row in old] if len(old) == len(self.said["blanks"]) else []
            body["blanks"] = (
                old
                if same
                else [
                    {"key": keys[at] if keys else f"b{at + 1}", "accepted": accepted}
                    for at, accepted in enumerate(self.said["blanks"])
                ]
            )
        body.setdefault("blanks", [])
        if "ignore" in self.said and set(self.said["ignore"]) != set(body.get("ignore", [None])):
            body["ignore"] = self.said["ignore"]
        body.setdefault("ignore", ["width", "space", "case"])

    def _short(self, body):
        rows = self.said.get("rubric")
        if rows:
            old = self.old.get("rubric", []) if self.same_kind else []
            made = self.keyed([row["text"] for row in rows], old, [f"c{n}" for n in range(1, 11)])
            body["rubric"] = [made[at] | {"points": row["points"]} for at, row in enumerate(rows)]
        if not body.get("rubric"):
            text = {language: CRITERION[language] for language in body["stem"]}
            body["rubric"] = [{"key": "c1", "text": text, "points": body["points"]}]
        if sample := self.said.get("sample"):
            body["sample"] = self.leaf(sample, self.old.get("sample") if self.same_kind else None)

    def _upload(self, body):
        self._short(body)
        if set(self.said.get("accepts", ())) != set(body.get("accepts", ())) or "accepts" not in body:
            body["accepts"] = self.said.get("accepts", body.get("accepts", ["image", "audio"]))

    # --- what is wrong ----------------------------------------------------------------

    def check(self, body):
        """Problems of the body at the fields of the file."""
        long = [(place, len(words)) for place, words in _texts(body) if len(words) > LONGEST]
        self.problems += [Trouble(_field(place), TOO_LONG, {"count": n, "most": LONGEST}) for place, n in long]
        if not body["stem"]:
            self.problems.append(Trouble("stem", NO_STEM, {}))
        if self.problems:
            return
        for problem in check_item(body):
            sentence = NO_ANSWER if problem.place == "right" and not body.get("right") else problem.sentence
            self.problems.append(Trouble(_field(problem.place), sentence, _shown(problem.values)))
        if not self.problems:
            found = misfits(shape_of(body["type"]), body)
            self.problems += [Trouble(_field(place), NOT_SHAPED, {"told": told[:300]}) for place, told in found]


# What an item keeps when its type becomes another.
KEPT = ("roles", "tags", "criterion", "images", "stem", "feedback", "difficulty", "points")


def _exact(row):
    return Fraction(str(row["value"])), Fraction(str(row.get("tolerance", 0))), row["percent"]


def _factors(others):
    return [(row["text"], Fraction(str(row["factor"]))) for row in others or ()]


def _texts(body):
    for name in ("stem", "feedback", "sample"):
        for language, words in (body.get(name) or {}).items():
            yield f"{name}.{language}", words
    for name in ("options", "choices", "rubric"):
        for at, row in enumerate(body.get(name, ()), start=1):
            yield from ((f"{name}[{at}].text.{language}", words) for language, words in row["text"].items())


def _shown(values):
    return {name: str(value)[:60] for name, value in values.items()}


def _field(place):
    """The field of a file that a place of a body is written in: `options[2].text.en` is optionB.en."""
    found = PLACE.match(place)
    name, number, language = found.groups() if found else (place, None, None)
    if name == "options" and number:
        name = f"option{MOST_LETTERS[int(number) - 1]}"
    name = FIELDS.get(name, name)
    return f"{name}.en" if language == "en" else name


FIELDS = dict.fromkeys(("right", "answers", "blanks", "pairs", "best", "worst"), "answer") | {"cites": "clause"}


def changes(body, before):
    """[[field, old, new]] of what a body changes of one, in the order of a form; each shortened."""
    names = [*ORDER, *sorted((body.keys() | before.keys()) - set(ORDER))]
    return [
        [name, _short(before.get(name)), _short(body.get(name))] for name in names if body.get(name) != before.get(name)
    ]


ORDER = ("type", "stem", "options", "choices", "right", "pairs", "answers", "blanks", "feedback")


def _short(value, most=160):
    told = _said(value)
    return told if len(told) <= most else f"{told[: most - 1]}…"


def _said(value):
    if isinstance(value, dict):
        if value.keys() <= {"zh", "en"}:
            return " | ".join(value.values())
        unnamed = ("text", "accepted")
        inner = (_said(each) if name in unnamed else f"{name} {_said(each)}" for name, each in value.items())
        return " ".join(inner)
    if isinstance(value, list):
        return "; ".join(map(_said, value))
    return "" if value is None else str(value)


def is_slug(words):
    return bool(SLUG.fullmatch(words)) and len(words) <= 80
