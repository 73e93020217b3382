"""The form in which an item is written; what comes out is an item's body (docs/formats.md)."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from quizzes.item_rules import DIFFICULTIES, MOST_CITES, MOST_OPTIONS, MOST_POINTS, check_item
from quizzes.writing import title_of
from staff.labels import LABELS
from standards.models import Wording

ROWS = 6
LONGEST = 20_000
LETTERS = "abcdefgh"
PARTED = re.compile(r"[\s\0,;，；、]+")
# What is said of a true-or-false item whose rows are left empty.
TRUTH = {"true": {"zh": "对", "en": "True"}, "false": {"zh": "错", "en": "False"}}
# Fields whose places in a body have other names.
PLACES = {"stem.zh": "stem_zh", "stem.en": "stem_en", "feedback.zh": "feedback_zh", "feedback.en": "feedback_en"}


def _words(label, language, *, rows, longest=LONGEST):
    attrs = {"rows": rows, "class": "input", "lang": {"zh": "zh-Hans", "en": "en"}[language]}
    return forms.CharField(label=label, required=False, max_length=longest, widget=forms.Textarea(attrs=attrs))


def _title(label, language):
    attrs = {"class": "input", "lang": {"zh": "zh-Hans", "en": "en"}[language]}
    return forms.CharField(label=label, required=False, max_length=200, widget=forms.TextInput(attrs=attrs))


def _one_of(label, codes):
    return forms.ChoiceField(label=label, choices=[(code, LABELS[code]) for code in codes], widget=forms.RadioSelect)


class OptionForm(forms.Form):
    """One row of the options. `key` names an option that an earlier version has already."""

    key = forms.SlugField(required=False, max_length=60, widget=forms.HiddenInput)
    zh = _words(_("Chinese"), "zh", rows=2)
    en = _words(_("English"), "en", rows=2)
    right = forms.BooleanField(label=_("Right answer"), required=False)

    def text(self):
        return _text(self.cleaned_data.get("zh"), self.cleaned_data.get("en"))


class ItemForm(forms.Form):
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    type = _one_of(_("Type"), ("single", "multiple", "truefalse", "ordering"))
    stem_zh = _words(_("Question in Chinese"), "zh", rows=3)
    stem_en = _words(_("Question in English"), "en", rows=3)
    feedback_zh = _words(_("Feedback in Chinese"), "zh", rows=3)
    feedback_en = _words(_("Feedback in English"), "en", rows=3)
    difficulty = _one_of(_("Difficulty"), DIFFICULTIES)
    points = forms.IntegerField(
        label=pgettext_lazy("of an item", "Points"),
        min_value=1,
        max_value=MOST_POINTS,
        widget=forms.TextInput(attrs={"class": "input input-num", "inputmode": "numeric"}),
    )
    cites = forms.CharField(
        label=_("Clauses cited"),
        max_length=5000,
        help_text=_("Keys with a space between. The first is the clause the mark counts under."),
        widget=forms.TextInput(attrs={"class": "input num", "autocomplete": "off", "spellcheck": "false"}),
    )
    title_zh = _title(_("Title in lists, Chinese"), "zh")
    title_en = _title(_("Title in lists, English"), "en")

    def __init__(self, data=None, *, initial=None, options=(), rows=ROWS):
        super().__init__(data, initial={"type": "single", "difficulty": "medium", "points": 1} | (initial or {}))
        if data is not None:
            rows = _count(data)
        rows = min(max(rows, len(options), 2), MOST_OPTIONS)
        self.options = [
            OptionForm(data, prefix=f"option-{n}", initial=options[n - 1] if n <= len(options) else None)
            for n in range(1, rows + 1)
        ]
        self.option_problems = []

    @property
    def rows(self):
        return len(self.options)

    @property
    def may_grow(self):
        return self.rows < MOST_OPTIONS

    @classmethod
    def of(cls, item, seen):
        """The form with the words of an item."""
        body, found = item.body, {option["key"]: option for option in item.body["options"]}
        order = body["right"] if body["type"] == "ordering" else list(found)
        if body["type"] == "truefalse":
            order = ["true", "false"]
        options = [{"key": key, "right": key in body["right"], **found[key]["text"]} for key in order]
        initial = {name: body[name] for name in ("type", "difficulty", "points")}
        initial |= {f"stem_{language}": words for language, words in body["stem"].items()}
        initial |= {f"feedback_{language}": words for language, words in body["feedback"].items()}
        derived = title_of(body["stem"])
        initial |= {f"title_{each}": words for each, words in item.title.items() if words != derived.get(each)}
        return cls(initial=initial | {"cites": " ".join(body["cites"]), "seen": seen}, options=options)

    @classmethod
    def retyped(cls, data, *, more=0):
        """What was typed, unjudged, with more rows."""
        bound = cls(data)
        options = [{name: data.get(row.add_prefix(name), "") for name in row.fields} for row in bound.options]
        return cls(initial=data.dict(), options=options, rows=bound.rows + more)

    def keys(self):
        """The first keys as they stand in the field, whether it is valid or not."""
        return typed_keys(str(self["cites"].value() or ""))[:MOST_CITES]

    def clean_cites(self):
        keys = typed_keys(self.cleaned_data["cites"])
        if len(keys) > MOST_CITES:
            raise forms.ValidationError(gettext("At most %(most)s clauses: take some out.") % {"most": MOST_CITES})
        self.wordings = Wording.objects.of_keys(keys)
        if unknown := [key for key in keys if key not in self.wordings]:
            sentence = gettext("No standard in force holds %(keys)s. Mend the key, or take it out.")
            raise forms.ValidationError(sentence % {"keys": ", ".join(key[:60] for key in unknown[:5])})
        return keys

    def clean(self):
        cleaned = super().clean()
        wrong = [row for row in self.options if not row.is_valid()]  # each is asked, so that each shows its errors
        if wrong:
            self.add_error(None, gettext("An option cannot be kept as it is: see below."))
        elif {"type", "difficulty", "points"} <= cleaned.keys():
            self.body = self._body(cleaned)
            for problem in check_item(self.body):
                self._tell(problem)
        return cleaned

    def _body(self, cleaned):
        stem, cites = _text(cleaned.get("stem_zh"), cleaned.get("stem_en")), cleaned.get("cites", [])
        self.used = self._used(cleaned["type"])
        keys = self._option_keys(cleaned["type"])
        texts = [_spoken(row, key, cleaned["type"], stem) for row, key in zip(self.used, keys, strict=True)]
        ticked = [key for row, key in zip(self.used, keys, strict=True) if row.cleaned_data["right"]]
        return {
            "standard": self.wordings[cites[0]].clause.standard_slug if cites else "",
            "type": cleaned["type"],
            "difficulty": cleaned["difficulty"],
            "points": cleaned["points"],
            "cites": cites,
            "stem": stem,
            "options": [{"key": key, "text": text} for key, text in zip(keys, texts, strict=True)],
            "right": keys if cleaned["type"] == "ordering" else ticked,
            "feedback": _text(cleaned.get("feedback_zh"), cleaned.get("feedback_en")),
        }

    def _used(self, kind):
        """Rows with words; of a true-or-false item the first two in any case. An empty row is left out."""
        return [
            row
            for place, row in enumerate(self.options)
            if row.text() or row.cleaned_data["right"] or (kind == "truefalse" and place < 2)
        ]

    def _option_keys(self, kind):
        """Options keep the keys they had; new ones get the next letter."""
        if kind == "truefalse":
            return ["true", "false", *LETTERS][: len(self.used)]
        had = [row.cleaned_data["key"] for row in self.used]
        had = [key if key not in ("true", "false") and had.index(key) == at else "" for at, key in enumerate(had)]
        free = (letter for letter in LETTERS if letter not in had)
        return [key or next(free) for key in had]

    def _tell(self, problem):
        sentence, place = gettext(problem.sentence), problem.place
        if place.startswith("options["):
            number, language = int(place[8:].partition("]")[0]), place.rpartition(".")[2]
            row = self.used[number - 1]
            shown = self.options.index(row) + 1
            row.add_error(language, sentence.format(**problem.values | {"key": shown}))
            self.add_error(None, gettext("Option %(number)s is not complete.") % {"number": shown})
        elif place in PLACES:
            self.add_error(PLACES[place], sentence.format(**problem.values))
        else:
            self.option_problems.append(self._of_options(problem, sentence))
            self.add_error(None, self.option_problems[-1])

    def _of_options(self, problem, sentence):
        if problem.place == "options" and self.body["type"] == "truefalse":
            return gettext("True or false has two options, the first true and the second false: empty the others.")
        values = problem.values
        if "type" in values:
            values = values | {"type": LABELS[values["type"]]}
        return sentence.format(**values)

    def title(self):
        """As it was typed, else the first words of the question."""
        derived = title_of(self.body["stem"])
        return {each: self.cleaned_data[f"title_{each}"] or derived.get(each, "") for each in ("zh", "en")}


def typed_keys(words):
    """Clause keys as somebody types them: full width folded, parted by spaces or marks, each once."""
    folded = unicodedata.normalize("NFKC", words)
    return list(dict.fromkeys(key for key in PARTED.split(folded) if key))


def _count(data):
    told = data.get("rows", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 3 else ROWS


def _text(zh, en):
    found = {"zh": zh, "en": en}
    return {language: words.replace("\r\n", "\n") for language, words in found.items() if words}


def _spoken(row, key, kind, stem):
    """An option's words; true and false say so by themselves in the languages of the question."""
    if kind == "truefalse" and key in TRUTH and not row.text():
        return {language: TRUTH[key][language] for language in stem}
    return row.text()
