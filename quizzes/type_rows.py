"""Fields and rows of an item's form, and how what is typed in them is read and written."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.shapes import NUMBER

LONGEST = 20_000
WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
SHARE = re.compile(r"(.+?)\s*[=＝]\s*([0-9]{1,3})\s*[%％]\s*")
FACTOR = re.compile(r"(.+?)\s*[=＝]\s*(\S+)\s*")


def words(label, language, *, rows, longest=LONGEST, **options):
    attrs = {"rows": rows, "class": "input", "lang": {"zh": "zh-Hans", "en": "en"}[language]}
    widget = forms.Textarea(attrs=attrs)
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget, **options)


def line(label, language="", *, longest=200, **options):
    attrs = {"class": "input"} | ({"lang": {"zh": "zh-Hans", "en": "en"}[language]} if language else {})
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget, **options)


def whole(label, least, most, **options):
    widget = forms.TextInput(attrs={"class": "input input-num", "inputmode": "numeric"})
    return forms.IntegerField(label=label, required=False, min_value=least, max_value=most, widget=widget, **options)


def two_tongues(zh, en):
    found = {"zh": zh, "en": en}
    return {language: said.replace("\r\n", "\n") for language, said in found.items() if said}


class NumberField(forms.CharField):
    """A number as items hold it: whole, or a string with a point."""

    def __init__(self, label):
        widget = forms.TextInput(attrs={"class": "input input-num", "inputmode": "decimal"})
        super().__init__(label=label, required=False, max_length=40, widget=widget)

    def clean(self, value):
        typed = unicodedata.normalize("NFKC", super().clean(value)).replace("−", "-").strip()
        if typed and not NUMBER.fullmatch(typed):
            raise forms.ValidationError(_("This is no number. Write it as 15 or 2.5, without its unit."))
        return int(typed) if WHOLE.fullmatch(typed) else typed


class Row(forms.Form):
    """`key` names what an earlier version has already."""

    key = forms.SlugField(required=False, max_length=60, widget=forms.HiddenInput)

    def said(self, name=""):
        found = (self.cleaned_data.get(f"{name}{language}") for language in ("zh", "en"))
        return two_tongues(*found)

    def given(self):
        return any(value not in (None, "", False) for name, value in self.cleaned_data.items() if name != "key")


class OptionRow(Row):
    zh = words(_("Chinese"), "zh", rows=2)
    en = words(_("English"), "en", rows=2)
    right = forms.BooleanField(label=_("Right answer"), required=False)
    judged = forms.ChoiceField(
        label=_("The experts say"),
        required=False,
        choices=[("", "–"), ("best", _("the best")), ("worst", _("the worst"))],
        widget=forms.Select(attrs={"class": "input"}),
    )
    weight = whole(_("Percent"), -100, 100)


class PairRow(Row):
    choice = forms.SlugField(required=False, max_length=60, widget=forms.HiddenInput)
    zh = words(_("Chinese"), "zh", rows=2)
    en = words(_("English"), "en", rows=2)
    partner_zh = words(_("Its partner in Chinese"), "zh", rows=2)
    partner_en = words(_("Its partner in English"), "en", rows=2)

    def given(self):
        return bool(self.said() or self.said("partner_"))


class ValueRow(Row):
    value = NumberField(_("Number"))
    tolerance = NumberField(_("± at most"))
    percent = whole(_("Percent of the points"), 1, 100)

    def given(self):
        return self.cleaned_data.get("value", "") != ""


class BlankRow(Row):
    accepted = forms.CharField(
        label=_("Accepted, a line each"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )

    def given(self):
        return bool(self.cleaned_data.get("accepted"))

    def clean_accepted(self):
        found = [_variant(each.strip()) for each in self.cleaned_data["accepted"].splitlines() if each.strip()]
        if len(found) > 30 or any(len(row["text"]) > 200 for row in found):
            raise forms.ValidationError(_("At most 30 lines of 200 characters each: take some out."))
        if any(not 1 <= row["percent"] <= 100 for row in found):
            raise forms.ValidationError(_("A percent is from 1 to 100: mend it."))
        return found


def _variant(typed):
    found = SHARE.fullmatch(typed)
    return {"text": found[1], "percent": int(found[2])} if found else {"text": typed, "percent": 100}


class CriterionRow(Row):
    zh = words(_("Chinese"), "zh", rows=2)
    en = words(_("English"), "en", rows=2)
    points = whole(_("Weight in points"), 0, 100)

    def given(self):
        return bool(self.said())
