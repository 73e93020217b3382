from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from evidence.models import MET, NA, NOT_MET

REASON = 500
OUTCOMES = [(MET, _("Met")), (NOT_MET, _("Not met")), (NA, _("Not seen"))]


def new_key():
    return get_random_string(22)


class ReasonForm(forms.Form):
    """Why something signed or saved is set right."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON, widget=forms.Textarea(attrs={"rows": 3}))


class ChecklistForm(forms.Form):
    """One radio group and one note a point. `findings`: {point: (outcome, note)}."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, points, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = points
        for point in points:
            self.fields[f"outcome-{point['key']}"] = forms.ChoiceField(choices=OUTCOMES, widget=forms.RadioSelect)
            self.fields[f"note-{point['key']}"] = forms.CharField(required=False, max_length=1000)

    def clean(self):
        cleaned = super().clean()
        for point in self.points:
            if cleaned.get(f"outcome-{point['key']}") == NOT_MET and not cleaned.get(f"note-{point['key']}"):
                self.add_error(f"note-{point['key']}", _("Write what you saw: a point not met needs a note."))
        return cleaned

    @property
    def findings(self):
        return {
            point["key"]: (self.cleaned_data[f"outcome-{point['key']}"], self.cleaned_data[f"note-{point['key']}"])
            for point in self.points
        }

    def again(self):
        """The same contents in a form of its own."""
        return type(self)(self.data.dict() | {"key": new_key()}, points=self.points)

    def rows(self):
        """[(point, outcome field, note field)] for the page."""
        return [(point, self[f"outcome-{point['key']}"], self[f"note-{point['key']}"]) for point in self.points]

    @classmethod
    def empty(cls, points):
        return cls(points=points, initial={"key": new_key()})


class CorrectionForm(ReasonForm, ChecklistForm):
    """The checklist once more, filled as it was, and why it is corrected."""

    @classmethod
    def of(cls, observation):
        given = {f"outcome-{found.point}": found.outcome for found in observation.findings.all()}
        given |= {f"note-{found.point}": found.note for found in observation.findings.all()}
        return cls(points=observation.checklist.points, initial=given | {"key": new_key()})
