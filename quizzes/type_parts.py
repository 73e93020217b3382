"""The part of an item's form that its type has alone: rows of one shape, and a few fields beside them."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quizzes.item_rules import ACCEPTED, MOST_OPTIONS
from quizzes.type_rows import (
    FACTOR,
    WHOLE,
    BlankRow,
    CriterionRow,
    OptionRow,
    PairRow,
    ValueRow,
    line,
    two_tongues,
    whole,
    words,
)
from quizzes.typed import IGNORABLE
from staff.labels import LABELS
from staff.shapes import NUMBER

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# What is said of a true-or-false item whose rows are left empty.
TRUTH = {"true": {"zh": "对", "en": "True"}, "false": {"zh": "错", "en": "False"}}
PLACED = re.compile(r"(\w+)\[(\d+)\](?:.*?\.?(zh|en|tolerance|value)$)?")


class Part(forms.Form):
    """`rows` of one shape and the fields beside them; `own(stem)` is what of the body the type has alone."""

    row, each, start, least, most, listed = OptionRow, "option", 4, 2, MOST_OPTIONS, "options"

    def __init__(self, data=None, *, kind, initial=None, given=(), rows=0):
        super().__init__(data, initial=initial or {})
        self.kind, self.problems, self.used = kind, [], []
        rows = min(max(rows or self.start, len(given), self.least), self.most)
        self.rows = [
            self.row(data, prefix=f"{self.each}-{n}", initial=given[n - 1] if n <= len(given) else None)
            for n in range(1, rows + 1)
        ]

    @property
    def template(self):
        return f"quizzes/_fields_{self.each}.html"

    @property
    def may_grow(self):
        return len(self.rows) < self.most

    def sound(self):
        """Each is asked, so that each shows its errors."""
        return all([self.is_valid(), *(row.is_valid() for row in self.rows)])

    def unsound(self):
        return gettext("A row cannot be kept as it is: see below.")

    def own(self, stem):
        self.used = [row for row in self.rows if row.given()]
        return self.body(stem)

    def keyed(self, names=LETTERS, name="key"):
        """The rows used, with the keys they had; a new one gets the next name that is free."""
        had = [row.cleaned_data[name] for row in self.used]
        had = [key if key and had.index(key) == at else "" for at, key in enumerate(had)]
        free = (each for each in names if each not in had)
        return [(key or next(free), row) for key, row in zip(had, self.used, strict=True)]

    def row_at(self, listed, number):
        """The row behind an entry of a list of the body, or None."""
        return self.used[number - 1] if listed == self.listed and number <= len(self.used) else None

    def tell(self, problem):
        """Says a problem of the body where it was typed; the sentence for the head of the page."""
        found = PLACED.match(problem.place)
        row = self.row_at(found[1], int(found[2])) if found else None
        if row is None:
            return self._tell_all(problem)
        shown, field = self.rows.index(row) + 1, self.field_at(found[1], found[3])
        row.add_error(field, gettext(problem.sentence).format(**problem.values | {"key": shown}))
        return self.incomplete(shown)

    def field_at(self, listed, name):
        return name if name in self.row.base_fields else None

    def incomplete(self, number):
        return gettext("Row %(number)s is not complete.") % {"number": number}

    def _tell_all(self, problem):
        values = problem.values | ({"type": LABELS[problem.values["type"]]} if "type" in problem.values else {})
        self.problems.append(gettext(problem.sentence).format(**values))
        return self.problems[-1]


def _by_key(row):
    return len(row["key"]), row["key"]


class OptionsPart(Part):
    """single, multiple, truefalse, ordering, rank and bestworst."""

    credit = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    experts = whole(_("How many experts gave this answer"), 1, 1000)
    polled = line(_("When they were asked"), longest=30)
    note_zh = words(_("How they came to it, in Chinese"), "zh", rows=2)
    note_en = words(_("How they came to it, in English"), "en", rows=2)

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.fields["credit"].choices = CREDITS.get(self.kind, [])
        self.fields["credit"].label = gettext("Partial credit")
        if self.kind not in CREDITS:
            del self.fields["credit"]
        if self.kind not in ("rank", "bestworst"):
            for name in ("experts", "polled", "note_zh", "note_en"):
                del self.fields[name]

    def unsound(self):
        return gettext("An option cannot be kept as it is: see below.")

    def incomplete(self, number):
        return gettext("Option %(number)s is not complete.") % {"number": number}

    def own(self, stem):
        """Of a true-or-false item the first two rows count in any case; a row without words is left out."""
        self.used = [
            row
            for place, row in enumerate(self.rows)
            if row.said() or row.cleaned_data["right"] or (self.kind == "truefalse" and place < 2)
        ]
        return self.body(stem)

    def keyed(self, names=LETTERS, name="key"):
        if self.kind == "truefalse":
            return list(zip(["true", "false", *names], self.used, strict=False))
        for row in self.used:
            row.cleaned_data["key"] = "" if row.cleaned_data["key"] in TRUTH else row.cleaned_data["key"]
        return super().keyed(names, name)

    def body(self, stem):
        rows = self.keyed()
        listed = rows
        if self.kind in ("ordering", "rank"):  # their rows stand in the right order, which the options need not
            listed = sorted(rows, key=lambda each: (len(each[0]), each[0]))
        self.used = [row for _key, row in listed]
        found = {"options": [{"key": key, "text": self._text(key, row, stem)} for key, row in listed]}
        if self.kind == "bestworst":
            return found | self._judged(rows) | self._panel()
        if self.kind in ("ordering", "rank"):
            return found | {"right": [key for key, _row in rows]} | self._panel()
        return found | {"right": [key for key, row in rows if row.cleaned_data["right"]]} | self._credit(rows)

    def _text(self, key, row, stem):
        """An option's words; true and false say so by themselves in the languages of the question."""
        if self.kind == "truefalse" and key in TRUTH and not row.said():
            return {language: TRUTH[key][language] for language in stem}
        return row.said()

    def _judged(self, rows):
        found = {
            which: [key for key, row in rows if row.cleaned_data["judged"] == which] for which in ("best", "worst")
        }
        return {which: keys[0] if len(keys) == 1 else "" for which, keys in found.items()}

    def _panel(self):
        told = self.cleaned_data.get("experts")
        if not told:
            return {}
        note = two_tongues(self.cleaned_data["note_zh"], self.cleaned_data["note_en"])
        more = {"on": self.cleaned_data["polled"], "note": note}
        return {"panel": {"experts": told} | {name: value for name, value in more.items() if value}}

    def _credit(self, rows):
        rule = self.cleaned_data.get("credit")
        if rule != "weights":
            return {"credit": {"rule": rule}} if rule else {}
        weights = {key: row.cleaned_data["weight"] for key, row in rows if row.cleaned_data["weight"] is not None}
        return {"credit": {"rule": rule, "weights": weights}}

    def tell(self, problem):
        if problem.place in ("best", "worst"):
            sentence = gettext("Say of one option that it is the best, and of one other that it is the worst.")
            self.problems += [sentence] if sentence not in self.problems else []
            return sentence
        return super().tell(problem)

    def _tell_all(self, problem):
        if problem.place == "options" and self.kind == "truefalse":
            said = gettext("True or false has two options, the first true and the second false: empty the others.")
            self.problems.append(said)
            return said
        return super()._tell_all(problem)


CREDITS = {
    "single": [("", _("Only the right answer counts")), ("weights", _("Each option counts in percent"))],
    "multiple": [
        ("", _("Right ones chosen less wrong ones chosen")),
        ("all_or_nothing", _("All or nothing")),
        ("weights", _("Each option counts in percent")),
    ],
}


class PairsPart(Part):
    row, each, start, listed = PairRow, "pair", 4, "options"

    def body(self, stem):
        prompts = [row for row in self.used if row.said()]
        partners = self._partners()
        every, self.used = self.used, prompts
        options = self.keyed()
        self.used = every
        self.prompts = dict(options)
        return {
            "options": [{"key": key, "text": row.said()} for key, row in options],
            "choices": sorted(({"key": key, "text": text} for key, text, _row in partners.values()), key=_by_key),
            "pairs": {key: partners[_frozen(row)][0] for key, row in options if row.said("partner_")},
        }

    def _partners(self):
        """{words: (key, text, the first row)}: the same partner given twice is one."""
        found, had = {}, {row.cleaned_data["choice"] for row in self.used}
        free = (f"p{number}" for number in range(1, 99) if f"p{number}" not in had)
        taken = set()
        for row in self.used:
            if not (text := row.said("partner_")) or _frozen(row) in found:
                continue
            key = row.cleaned_data["choice"]
            key = key if key and key not in taken else next(free)
            taken.add(key)
            found[_frozen(row)] = key, text, row
        self.partners = [row for key, _, row in sorted(found.values(), key=lambda each: (len(each[0]), each[0]))]
        return found

    def tell(self, problem):
        """A prompt without a partner is told in its row."""
        row = self.prompts.get(problem.values.get("key")) if problem.place == "pairs" else None
        if row is None:
            return super().tell(problem)
        shown = self.rows.index(row) + 1
        row.add_error("partner_zh", gettext(problem.sentence).format(key=shown))
        return self.incomplete(shown)

    def row_at(self, listed, number):
        rows = {"options": [row for row in self.used if row.said()], "choices": self.partners}.get(listed, [])
        return rows[number - 1] if number <= len(rows) else None

    def field_at(self, listed, name):
        return f"partner_{name}" if listed == "choices" and name else name


def _frozen(row):
    return tuple(sorted(row.said("partner_").items()))


class NumberPart(Part):
    row, each, start, least, most, listed = ValueRow, "value", 2, 1, 10, "answers"
    unit_zh = line(_("Unit in Chinese"), "zh", longest=40)
    unit_en = line(_("Unit in English"), "en", longest=40)
    others = forms.CharField(
        label=_("Other units that are taken, a line each"),
        required=False,
        max_length=1000,
        help_text=_("As “hours = 60”: one hour is 60 of the unit above."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
    )

    def clean_others(self):
        lines = [each.strip() for each in self.cleaned_data["others"].splitlines() if each.strip()]
        found = [FACTOR.fullmatch(unicodedata.normalize("NFKC", each)) for each in lines]
        if len(lines) > 10 or any(not each or len(each[1]) > 40 or not NUMBER.fullmatch(each[2]) for each in found):
            raise forms.ValidationError(_("Write a unit, = and a number on each line, as “hours = 60”; at most ten."))
        return [{"text": each[1], "factor": int(each[2]) if WHOLE.fullmatch(each[2]) else each[2]} for each in found]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("others") and not (cleaned.get("unit_zh") or cleaned.get("unit_en")):
            self.add_error("unit_zh", _("Give the unit itself as well."))
        return cleaned

    def body(self, stem):
        answers = [
            {"value": row.cleaned_data["value"], "percent": row.cleaned_data["percent"] or 100}
            | ({"tolerance": row.cleaned_data["tolerance"]} if row.cleaned_data["tolerance"] != "" else {})
            for row in self.used
        ]
        unit = two_tongues(self.cleaned_data["unit_zh"], self.cleaned_data["unit_en"])
        others = {"others": self.cleaned_data["others"]} if self.cleaned_data["others"] else {}
        return {"answers": answers} | ({"unit": {"text": unit} | others} if unit else {})


class BlanksPart(Part):
    row, each, start, least, most, listed = BlankRow, "blank", 2, 1, 10, "blanks"
    ignore = forms.MultipleChoiceField(
        label=_("What makes no difference"),
        required=False,
        choices=[
            ("width", _("Full or half width, ＡＢ as AB")),
            ("punctuation", _("Punctuation")),
            ("space", _("Spaces")),
            ("case", _("Capital or small letters")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )

    def body(self, stem):
        blanks = [{"key": key, "accepted": row.cleaned_data["accepted"]} for key, row in self.keyed()]
        chosen = self.cleaned_data["ignore"]
        return {"blanks": blanks, "ignore": [each for each in IGNORABLE if each in chosen]}


class RubricPart(Part):
    row, each, start, least, most, listed = CriterionRow, "criterion", 3, 1, 10, "rubric"
    criteria_shown = forms.BooleanField(
        label=_("Whoever answers reads the criteria, without their weights"), required=False
    )
    accepts = forms.MultipleChoiceField(
        label=_("What is handed in"),
        choices=[("image", _("A picture")), ("audio", _("A recording"))],
        widget=forms.CheckboxSelectMultiple,
    )
    longest = whole(_("Longest answer, in characters"), 20, 10_000)
    sample_zh = words(_("A good answer in Chinese"), "zh", rows=3)
    sample_en = words(_("A good answer in English"), "en", rows=3)

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        del self.fields["accepts" if self.kind == "short" else "longest"]

    def body(self, stem):
        rubric = [
            {"key": key, "text": row.said(), "points": 1 if (points := row.cleaned_data["points"]) is None else points}
            for key, row in self.keyed([f"c{number}" for number in range(1, 99)])
        ]
        sample = two_tongues(self.cleaned_data["sample_zh"], self.cleaned_data["sample_en"])
        found = {"rubric": rubric} | ({"sample": sample} if sample else {})
        found |= {"criteria_shown": True} if self.cleaned_data["criteria_shown"] else {}
        found |= {"longest": longest} if (longest := self.cleaned_data.get("longest")) else {}
        chosen = self.cleaned_data.get("accepts", ())
        return found | ({"accepts": [each for each in ACCEPTED if each in chosen]} if self.kind == "upload" else {})


PARTS = {"matching": PairsPart, "numeric": NumberPart, "fill": BlanksPart, "short": RubricPart, "upload": RubricPart}


def part_of(kind):
    return PARTS.get(kind, OptionsPart)
