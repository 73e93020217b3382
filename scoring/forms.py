from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quizzes.bank import DEEDS
from scoring.deciding import RETIRE, REVISE, RIGHT, WHOLE
from staff.models import JobRole, User
from staff.text import text

REASON = 500
YEARS_AHEAD, EARLIEST = 5, 1950


class ReleaseForm(forms.Form):
    """From when a version is in force, and which reworded clauses mean the same. changes: as standards.changes tells
    them, or None for a first version."""

    shown = forms.CharField(max_length=40, widget=forms.HiddenInput)
    effective_on = forms.DateField(
        label=_("In force from"),
        required=False,
        help_text=_("Empty: today. With a date ahead, people learn the new words before they are in force."),
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
    )
    editorial = forms.MultipleChoiceField(required=False)
    reason = forms.CharField(
        label=_("Why the ticked clauses mean the same"),
        required=False,
        max_length=REASON,
        help_text=_("Needed when one is ticked. Nobody is asked to review or to learn them."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
    )

    def __init__(self, *args, changes=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.changes = changes
        self.fields["editorial"].choices = [(row["key"], row["key"]) for row in changes["changed"]] if changes else []

    @property
    def ticked(self):
        """Keys that are ticked by now."""
        return self["editorial"].value() or []

    def clean_effective_on(self):
        today = timezone.localdate()
        day = self.cleaned_data["effective_on"] or today
        if day.year < EARLIEST or day > today + timedelta(days=366 * YEARS_AHEAD):
            raise forms.ValidationError(_("This date is far off. Give one from 1950 to five years ahead."))
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("editorial") and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("A clause is ticked as meaning the same. Say why, or take the tick away."))
        return cleaned

    def terms(self):
        """What standards.agreeing.with_terms takes."""
        cleaned = self.cleaned_data
        editorial = set(cleaned["editorial"])
        reason = cleaned["reason"] if editorial else ""
        return {"effective_on": cleaned["effective_on"], "editorial": editorial, "reason": reason}


class DecisionForm(forms.Form):
    """What becomes of one row of the review list, as it was shown. kind: of the content."""

    shown = forms.CharField(max_length=10, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("What becomes of it"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Nothing is chosen yet. Choose what becomes of it.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON,
        help_text=_("Kept with the decision. Needed unless it is still right."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        right = _("Still right: it says what the clause says now")
        self.fields["state"].choices = [(RIGHT, right), (REVISE, self._revise()), (RETIRE, self._retire())]
        if kind in WHOLE:
            self.fields["sure"] = forms.BooleanField(
                label=_("Retire it: I know that it cannot be brought back, only published anew."), required=False
            )

    def _revise(self):
        if self.kind == "scenario":
            return _("Revise it: this scene is mended or taken out in the next version")
        if self.kind == "checklist":
            return _("Revise it: this point is mended or taken out in the next version")
        return _("Revise it: it stays on the list until its next version is published")

    def _retire(self):
        return {
            "course": _("Take the lesson out: a published course stays as it is, so it is listed as being revised"),
            "item": _("Retire the question: no new paper draws it"),
            "scenario": _("Retire the whole scenario: nobody can begin it any more"),
        }.get(self.kind, _("Retire the whole checklist: nobody is observed with it any more"))

    def clean(self):
        cleaned = super().clean()
        state = cleaned.get("state")
        if state in (REVISE, RETIRE) and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why, in a few words: whoever mends it reads this."))
        if state == RETIRE and self.kind in WHOLE and not cleaned.get("sure"):
            self.add_error("sure", _("Retiring cannot be undone. Tick this, or choose another way."))
        return cleaned


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=_("Whose it is"), queryset=User.objects.none(), widget=forms.Select(attrs={"class": "input"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.trainers()


class ChangeForm(forms.Form):
    """One change to many items: the deed, and what it needs to know."""

    FIELDS = {"tag": ("add_tag", "drop_tag"), "role": ("add_role", "drop_role"), "owner": ("owner",)}

    deed = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS])
    tag = forms.CharField(
        label=_("Tag"), required=False, max_length=40, widget=forms.TextInput(attrs={"class": "input"})
    )
    role = forms.ModelChoiceField(
        label=_("Job role"), queryset=JobRole.objects.all(), required=False, to_field_name="slug",
        widget=forms.Select(attrs={"class": "input"}),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("Whose they are"), queryset=User.objects.none(), required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )  # fmt: skip

    def __init__(self, data):
        super().__init__(data)
        self.fields["owner"].queryset = User.objects.trainers()
        self.fields["owner"].label_from_instance = lambda person: person.name
        self.fields["role"].label_from_instance = lambda role: text(role.name, get_language())[0]
        self.field_name = next((name for name, deeds in self.FIELDS.items() if data.get("deed") in deeds), "")

    def clean_tag(self):
        return " ".join(self.cleaned_data["tag"].split())

    def clean(self):
        cleaned = super().clean()
        if self.field_name and not cleaned.get(self.field_name) and self.field_name not in self.errors:
            self.add_error(self.field_name, _("Say which."))
        return cleaned

    def value(self):
        """What the deed needs: a tag, the slug of a job role, a trainer; else the deed itself. None when not given."""
        found = self.cleaned_data.get(self.field_name or "deed")
        return found.slug if isinstance(found, JobRole) else found or None
