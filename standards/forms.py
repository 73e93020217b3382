from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from staff.labels import LABELS
from staff.models import JobRole
from staff.text import text
from standards.formats.decoding import MAX_BYTES
from standards.formats.reading import SUFFIXES
from standards.importing import SLUG
from standards.models import KINDS, WEIGHTS


class ImportForm(forms.Form):
    document = forms.FileField(
        label=_("Document"),
        help_text=_("Word, Excel, Markdown, plain text or HTML, at most 10 MB."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )
    slug = forms.SlugField(
        label=_("Short name"),
        required=False,
        max_length=SLUG,
        help_text=_(
            "Latin letters and hyphens. Give the short name of an existing standard to bring in its next version."
        ),
        widget=forms.TextInput(attrs={"class": "input"}),
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
        widget=forms.Select(attrs={"class": "input"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Job roles"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: everyone.")
    )

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = roles

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("zh") and not cleaned.get("en"):
            raise forms.ValidationError(_("A clause needs its words in at least one language."))
        return cleaned

    def changes(self):
        """What a reviewed clause takes over."""
        cleaned = self.cleaned_data
        words = {language: cleaned[language] for language in ("zh", "en") if cleaned[language]}
        return {"kind": cleaned["kind"], "weight": cleaned["weight"], "roles": cleaned["roles"], "text": words}
