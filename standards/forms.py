import re

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from staff.labels import LABELS, OPERATORS, PERIODS, UNITS
from staff.models import JobRole
from staff.text import text
from standards.formats.decoding import MAX_BYTES
from standards.formats.reading import SUFFIXES
from standards.importing import SLUG
from standards.models import KINDS, WEIGHTS


class ImportForm(forms.Form):
    document = forms.FileField(
        label=_("Document"),
        help_text=_("Word, Excel, PDF with text, Markdown, plain text or HTML, at most 10 MB."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )
    slug = forms.SlugField(
        label=_("Short name"),
        required=False,
        max_length=SLUG,
        help_text=_(
            "Latin letters and hyphens. Left empty, a document with the title of a standard here becomes its next "
            "version, any other a new standard."
        ),
        widget=forms.TextInput(attrs={"class": "input", "list": "standards-here", "autocomplete": "off"}),
    )

    simplify = forms.BooleanField(
        label=_("Turn traditional characters into simplified ones"), required=False, widget=forms.CheckboxInput
    )

    def clean_document(self):
        document = self.cleaned_data["document"]
        if document.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Split it, or save it as plain text."))
        return document


def role_choices():
    """[(slug, name)] of the job roles in the page's language; asked once for a page of forms."""
    language = get_language()
    return [(role.slug, text(role.name, language)[0]) for role in JobRole.objects.all()]


SEVERAL = re.compile(rf"[1-9]\d? (?:{'|'.join(PERIODS)})")


def _chosen(label, words):
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", "–"), *words.items()],
        widget=forms.Select(attrs={"class": "input"}),
    )


class ClauseForm(forms.Form):
    shown = forms.CharField(max_length=16, widget=forms.HiddenInput)
    zh = forms.CharField(
        label=_("Chinese"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input", "lang": "zh-Hans"}),
    )
    en = forms.CharField(
        label=_("English"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input", "lang": "en"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind, LABELS[kind]) for kind in KINDS], widget=forms.Select(attrs={"class": "input"})
    )
    weight = forms.ChoiceField(
        label=_("Weight"),
        choices=[(weight, LABELS[weight]) for weight in WEIGHTS],
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label=_("Number in the document"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    op = _chosen(_("Limit or target"), OPERATORS)
    amount = forms.DecimalField(
        label=_("How much"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=4,
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "decimal"}),
    )
    unit = _chosen(_("Unit"), UNITS)
    per = _chosen(_("Counted over"), PERIODS)
    roles = forms.MultipleChoiceField(
        label=_("Job roles"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: everyone.")
    )

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = roles
        per = (self.data if self.is_bound else self.initial).get("per") or ""
        if SEVERAL.fullmatch(per):  # every two months, as a document may say
            self.fields["per"].choices += [(per, f"/ {per}")]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("zh") and not cleaned.get("en"):
            raise forms.ValidationError(_("A clause needs its words in at least one language."))
        if cleaned.get("op") and (cleaned.get("amount") is None or not cleaned.get("unit")):
            sentence = _("A limit needs its number and its unit; without a limit, leave the sign empty.")
            raise forms.ValidationError(sentence)
        return cleaned

    @staticmethod
    def told(row):
        """A clause of a draft as the form's initial values."""
        limit = row["threshold"] or {"op": "", "number": None, "unit": "", "per": ""}
        return {
            "zh": row["text"].get("zh", ""),
            "en": row["text"].get("en", ""),
            "kind": row["kind"],
            "weight": row["weight"],
            "roles": row["roles"],
            "number": row["number"],
            "op": limit["op"],
            "amount": limit["number"],
            "unit": limit["unit"],
            "per": limit["per"],
        }

    def changes(self):
        """What a reviewed clause takes over."""
        cleaned = self.cleaned_data
        words = {language: cleaned[language] for language in ("zh", "en") if cleaned[language]}
        plain = {name: cleaned[name] for name in ("kind", "weight", "roles", "number")}
        return plain | {"text": words, "threshold": self._threshold()}

    def _threshold(self):
        cleaned = self.cleaned_data
        if not cleaned["op"]:
            return None
        number = f"{cleaned['amount']:f}"
        number = number.rstrip("0").rstrip(".") if "." in number else number
        return {"op": cleaned["op"], "number": number, "unit": cleaned["unit"], "per": cleaned["per"]}
