"""The form with which a file of questions is brought in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.formats.reading import SUFFIXES
from standards.formats.decoding import MAX_BYTES
from standards.models import Wording

FORMATS = {
    "auto": _("Found out by itself"),
    "xlsx": _("Excel"),
    "csv": _("CSV, or a table pasted from Excel"),
    "text": _("Text or Word: question, A. B. C., 答案："),
    "gift": "GIFT",
    "aiken": "Aiken",
    "moodlexml": _("Moodle XML"),
}
LONGEST = 500_000


class ItemsForm(forms.Form):
    document = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("Excel, CSV, Word, text, GIFT, Aiken or Moodle XML, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )
    pasted = forms.CharField(
        label=_("Or paste the questions"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 8, "spellcheck": "false"}),
    )
    clause = forms.CharField(
        label=_("Clause for rows that name none"),
        required=False,
        max_length=60,
        help_text=_("A key such as FD-LANG-002. Every question rests on a clause in force."),
        widget=forms.TextInput(attrs={"class": "input num", "autocomplete": "off", "spellcheck": "false"}),
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=list(FORMATS.items()), widget=forms.Select(attrs={"class": "input"})
    )

    def clean_document(self):
        document = self.cleaned_data["document"]
        if document and document.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB: split it."))
        return document

    def clean_clause(self):
        key = self.cleaned_data["clause"].strip().upper()
        if key and key not in Wording.objects.of_keys([key]):
            raise forms.ValidationError(_("No standard in force holds this clause. Mend the key, or leave it empty."))
        return key

    def clean(self):
        cleaned = super().clean()
        given = [bool(cleaned.get("document")), bool((cleaned.get("pasted") or "").strip())]
        if not any(given) and "document" not in self.errors:
            raise forms.ValidationError(_("Choose a file, or paste the questions."))
        if all(given):
            raise forms.ValidationError(_("Choose a file or paste questions, not both: empty one of the two."))
        return cleaned

    def file(self):
        """(name, bytes) of what was handed in."""
        if document := self.cleaned_data["document"]:
            return document.name[:255], document.read()
        return "pasted.txt", self.cleaned_data["pasted"].encode()
