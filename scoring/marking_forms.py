"""What a marker gives an answer: for each criterion none, half or all of its points, and words to the learner."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scoring.agreement import SHARES

COMMENT = 2000
CRITERION = "c-"
LABELS = {"0": _("Not met"), "0.5": _("Half"), "1": _("Fully met")}


class RatingForm(forms.Form):
    answer = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    turn = forms.IntegerField(min_value=1, max_value=3, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment to the learner"),
        required=False,
        max_length=COMMENT,
        help_text=_("Shown with the result, without your name."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
    )

    def __init__(self, data=None, *, rubric, initial=None):
        super().__init__(data, initial=initial)
        self.rubric = rubric
        for row in rubric:
            self.fields[CRITERION + row["key"]] = forms.ChoiceField(
                choices=[(share, LABELS[share]) for share in SHARES],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one for this criterion.")},
            )

    def criteria(self):
        """[(row of the rubric, its field)]"""
        return [(row, self[CRITERION + row["key"]]) for row in self.rubric]

    def clean(self):
        cleaned = super().clean()
        if strange := [name for name in self.data if name.startswith(CRITERION) and name not in self.fields]:
            sentence = gettext("“%(name)s” is no criterion of this item. Open the answer again.")
            self.add_error(None, sentence % {"name": strange[0][len(CRITERION) :][:60]})
        return cleaned

    def shares(self):
        return {row["key"]: self.cleaned_data[CRITERION + row["key"]] for row in self.rubric}

    @staticmethod
    def initial_of(rating):
        return {"comment": rating.comment} | {CRITERION + key: share for key, share in rating.shares.items()}
