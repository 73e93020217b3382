"""The form in which an item is written; what comes out is an item's body (docs/formats.md)."""

import re
import unicodedata

from django import forms
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from quizzes import retyping
from quizzes.item_rules import DIFFICULTIES, MOST_CITES, MOST_POINTS, check_item, item_problems
from quizzes.marking import EVERY_TYPE
from quizzes.pictures import Pictures
from quizzes.type_parts import part_of
from quizzes.type_rows import line, two_tongues, words
from quizzes.writing import title_of
from staff.labels import LABELS
from staff.models import JobRole
from staff.text import text
from standards.models import Wording

PARTED = re.compile(r"[\s\0,;，；、]+")
COMMAS = re.compile(r"[\0,;，；、\n]+")
# Fields whose places in a body have other names.
PLACES = {"stem.zh": "stem_zh", "stem.en": "stem_en", "feedback.zh": "feedback_zh", "feedback.en": "feedback_en"}


def _one_of(label, codes):
    return forms.ChoiceField(label=label, choices=[(code, LABELS[code]) for code in codes], widget=forms.RadioSelect)


class ItemForm(forms.Form):
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    type = forms.ChoiceField(
        label=_("Type"),
        choices=[(code, LABELS[code]) for code in EVERY_TYPE],
        widget=forms.Select(attrs={"class": "input"}),
    )
    stem_zh = words(_("Question in Chinese"), "zh", rows=3)
    stem_en = words(_("Question in English"), "en", rows=3)
    feedback_zh = words(_("Feedback in Chinese"), "zh", rows=3)
    feedback_en = words(_("Feedback in English"), "en", rows=3)
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
    title_zh = line(_("Title in lists, Chinese"), "zh")
    title_en = line(_("Title in lists, English"), "en")
    roles = forms.MultipleChoiceField(label=_("Job roles"), required=False, widget=forms.CheckboxSelectMultiple)
    tags = line(_("Tags"), longest=1000, help_text=_("Words with a comma between."))
    criterion = forms.BooleanField(
        label=_("A red line or a matter of safety: kept in the bank however easy it is"), required=False
    )

    def __init__(self, data=None, files=None, *, initial=None, part=None, pictures=(), rows=0):
        super().__init__(data, files, initial={"type": "single", "difficulty": "medium", "points": 1} | (initial or {}))
        kind = self["type"].value()
        self.kind = kind if kind in EVERY_TYPE else "single"
        if data is not None:
            rows = _count(data)
        given = {"initial": part[0], "given": part[1]} if part else {}
        self.part = part_of(self.kind)(data, kind=self.kind, rows=rows, **given)
        self.pictures = Pictures(data, files, given=pictures)
        self.fields["roles"].choices = _roles(self["roles"].value())

    @property
    def rows(self):
        return len(self.part.rows)

    @classmethod
    def of(cls, item, seen):
        """The form with the words of an item."""
        body = item.body
        initial = {name: body.get(name) for name in ("type", "difficulty", "points", "roles", "criterion")}
        initial |= {f"stem_{language}": said for language, said in body["stem"].items()}
        initial |= {f"feedback_{language}": said for language, said in body["feedback"].items()}
        derived = title_of(body["stem"])
        initial |= {f"title_{each}": said for each, said in item.title.items() if said != derived.get(each)}
        comma = "，" if (get_language() or "").startswith("zh") else ", "
        initial |= {"cites": " ".join(body["cites"]), "seen": seen, "tags": comma.join(body.get("tags", ()))}
        return cls(initial=initial, part=retyping.typed(body), pictures=body.get("images", ()))

    @classmethod
    def retyped(cls, data, files=None, *, more=0):
        """What was typed, unjudged, with more rows."""
        bound = cls(data, files)
        part = bound.part
        rows = [{name: data.get(row.add_prefix(name), "") for name in row.fields} for row in part.rows]
        initial = _values(bound, data) | {"type": bound.kind}
        pictures = bound.pictures.as_they_stand()
        return cls(initial=initial, part=(_values(part, data), rows), pictures=pictures, rows=bound.rows + more)

    @staticmethod
    def asks_for_fields(data):
        """Was another type chosen, whose fields have not been shown yet?"""
        return data.get("do") == "type" or data.get("fields_of", data.get("type")) != data.get("type")

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

    def clean_tags(self):
        found = [" ".join(each.split()) for each in COMMAS.split(self.cleaned_data["tags"])]
        found = list(dict.fromkeys(each for each in found if each))
        if len(found) > 20 or any(len(each) > 40 for each in found):
            raise forms.ValidationError(gettext("At most 20 tags of 40 characters each: take some out."))
        return found

    def clean(self):
        cleaned = super().clean()
        sound = [self.part.sound(), self.pictures.sound()]  # each is asked, so that each shows its errors
        if not sound[0]:
            self.add_error(None, self.part.unsound())
        if not sound[1]:
            self.add_error(None, gettext("A picture cannot be kept as it is: see below."))
        if all(sound) and {"type", "difficulty", "points"} <= cleaned.keys():
            self.body = self._body(cleaned)
            self._judge()
        return cleaned

    def _judge(self):
        problems = check_item(self.body)
        for problem in problems:
            if problem.place in PLACES:
                self.add_error(PLACES[problem.place], gettext(problem.sentence).format(**problem.values))
            else:
                self.add_error(None, self.part.tell(problem))
        if not problems and not self.errors:  # what no field can tell; packs are told in English as well
            for _place, sentence in item_problems(self.body):
                self.add_error(None, sentence)

    def _body(self, cleaned):
        stem, cites = two_tongues(cleaned.get("stem_zh"), cleaned.get("stem_en")), cleaned.get("cites", [])
        more = {name: cleaned.get(name) for name in ("roles", "tags", "criterion")}
        more["images"] = self.pictures.images()
        return {
            "standard": self.wordings[cites[0]].clause.standard_slug if cites else "",
            "type": cleaned["type"],
            "difficulty": cleaned["difficulty"],
            "points": cleaned["points"],
            "cites": cites,
            "stem": stem,
            **self.part.own(stem),
            "feedback": two_tongues(cleaned.get("feedback_zh"), cleaned.get("feedback_en")),
            **{name: value for name, value in more.items() if value},
        }

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
    return int(told) if told.isascii() and told.isdigit() and len(told) < 3 else 0


def _roles(chosen):
    """Job roles to choose from; those an item names already stay, whatever became of them."""
    language = get_language() or ""
    known = {role.slug: text(role.name, language)[0] for role in JobRole.objects.all()}
    return list((known | {slug: slug for slug in chosen or () if slug not in known}).items())


def _values(form, data):
    """What was typed in the fields of a form, unjudged."""
    several = {name for name, field in form.fields.items() if isinstance(field, forms.MultipleChoiceField)}
    return {name: data.getlist(name) if name in several else data.get(name, "") for name in form.fields}
