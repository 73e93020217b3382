from typing import NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes import taking


class Filled(NamedTuple):
    """What the inputs of a question hold: option keys chosen, and places {option: "1"}."""

    chosen: list
    ranks: dict


def filled(question, response):
    """The inputs as a saved response (None: none yet) fills them."""
    chosen = response or []
    return Filled(chosen, {key: str(place) for place, key in enumerate(chosen, start=1)})


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

    upload = None

    @classmethod
    def of(cls, request, attempt, position):
        """The form that was sent for a position of an attempt."""
        return cls(request.POST, question=taking.question(attempt, position))

    @property
    def filled(self):
        """What was typed, as it was typed."""
        return Filled(self.chosen, self.ranks)

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
