from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """One answer. `response` is the list of option keys: chosen, or in the order given."""

    seq = forms.IntegerField(min_value=1, max_value=100_000)
    ticket = forms.CharField(max_length=200)

    def __init__(self, data, *, question):
        super().__init__(data)
        self.question = question
        self.known = [option["key"] for option in question["options"]]
        self.chosen = data.getlist("option")
        self.ranks = {key: data.get(f"rank-{key}", "") for key in self.known}

    def clean(self):
        cleaned = super().clean()
        self.response = self._ordered() if self.question["type"] == "ordering" else self._picked()
        return cleaned

    def _picked(self):
        picked = list(dict.fromkeys(self.chosen))
        if any(key not in self.known for key in picked):
            raise forms.ValidationError(_("That option is not on this page. Choose one of those shown."))
        if self.question["type"] in ("single", "truefalse") and len(picked) > 1:
            raise forms.ValidationError(_("Only one answer can be chosen here."))
        return picked

    def _ordered(self):
        ranks = self.ranks
        places = [str(place) for place in range(1, len(self.known) + 1)]
        if not any(ranks.values()):
            return []
        if sorted(ranks.values()) != sorted(places):
            raise forms.ValidationError(
                _("Give every step a place of its own, from 1 to %(last)s.") % {"last": places[-1]}
            )
        self.chosen = sorted(ranks, key=lambda key: int(ranks[key]))
        return self.chosen
