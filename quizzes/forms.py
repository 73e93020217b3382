from functools import partial
from typing import NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes import taking, uploads
from quizzes.marking import empty

LONGEST_NUMBER, LONGEST_BLANK = 60, 500


class Filled(NamedTuple):
    """What the inputs of a question hold: option keys chosen, places {option: "1"}, and words by the field's name."""

    chosen: list
    ranks: dict
    fields: dict


PREFIXES = {"matching": "pair-", "fill": "blank-"}


def filled(question, response):
    """The inputs as a saved response (None: none yet) fills them."""
    if isinstance(response, dict):
        prefix = PREFIXES.get(question["type"], "")
        return Filled([], {}, {prefix + name: words for name, words in response.items()})
    chosen = response or []
    return Filled(chosen, {key: str(place) for place, key in enumerate(chosen, start=1)}, {})


class AnswerForm(forms.Form):
    """One answer; `response` is what quizzes.marking marks, `upload` the file it names, if it is new. `earlier` gives
    {sum: response} of the files this person handed in at this place before."""

    seq = forms.IntegerField(min_value=1, max_value=100_000)
    ticket = forms.CharField(max_length=200)

    def __init__(self, data, files=None, *, question, earlier=dict):
        super().__init__(data, files)
        self.question, self.earlier, self.upload = question, earlier, None
        self.known = [option["key"] for option in question["options"]]

    @classmethod
    def of(cls, request, attempt, position):
        """The form that was sent for a position of an attempt."""
        earlier = partial(taking.uploaded, attempt, position)
        return cls(request.POST, request.FILES, question=taking.question(attempt, position), earlier=earlier)

    @property
    def filled(self):
        """What was typed, as it was typed."""
        ranks = {key: self.data.get(f"rank-{key}", "") for key in self.known}
        fields = {name: self.data.get(name, "") for name in self._names()}
        if self.question["type"] == "upload":
            fields = self.earlier().get(fields["file"], {})
        return Filled(self.data.getlist("option"), ranks, fields)

    def _names(self):
        """The inputs of a response with fields."""
        named = {"bestworst": ("best", "worst"), "numeric": ("number",), "short": ("text",), "upload": ("file",)}
        named |= {"matching": [f"pair-{key}" for key in self.known]}
        return named.get(self.question["type"]) or [f"blank-{key}" for key in self.question.get("blanks", ())]

    def clean(self):
        cleaned = super().clean()
        response = READ[self.question["type"]](self)
        self.response = {} if isinstance(response, dict) and empty(response) else response
        return cleaned

    def _words(self, name, longest):
        words = self.data.get(name, "").replace("\r\n", "\n")
        if "\0" in words:
            raise forms.ValidationError(_("There is a character in it that cannot be kept. Type it again."))
        if len(words) > longest:
            sentence = _("This answer has %(count)s characters; at most %(most)s are taken. Shorten it and save again.")
            raise forms.ValidationError(sentence % {"count": len(words), "most": longest})
        return words

    def _picked(self):
        picked = list(dict.fromkeys(self.data.getlist("option")))
        if any(key not in self.known for key in picked):
            raise forms.ValidationError(_("That option is not on this page. Choose one of those shown."))
        if self.question["type"] in ("single", "truefalse") and len(picked) > 1:
            raise forms.ValidationError(_("Only one answer can be chosen here."))
        return picked

    def _ordered(self):
        ranks = self.filled.ranks
        places = [str(place) for place in range(1, len(self.known) + 1)]
        if not any(ranks.values()):
            return []
        if sorted(ranks.values()) != sorted(places):
            raise forms.ValidationError(
                _("Give every step a place of its own, from 1 to %(last)s.") % {"last": places[-1]}
            )
        return sorted(ranks, key=lambda key: int(ranks[key]))

    def _best_and_worst(self):
        found = {name: key for name in ("best", "worst") if (key := self.data.get(name))}
        if any(key not in self.known for key in found.values()):
            raise forms.ValidationError(_("That option is not on this page. Choose one of those shown."))
        if len(found) == 2 and found["best"] == found["worst"]:
            raise forms.ValidationError(_("The best and the worst are two different options: change one of them."))
        return found

    def _matched(self):
        partners = {choice["key"] for choice in self.question["choices"]}
        found = {key: partner for key in self.known if (partner := self.data.get(f"pair-{key}"))}
        if any(partner not in partners for partner in found.values()):
            raise forms.ValidationError(_("That partner is not on this page. Choose one of those shown."))
        return found

    def _number(self):
        return {"number": self._words("number", LONGEST_NUMBER).strip()}

    def _blanks(self):
        typed = {key: self._words(f"blank-{key}", LONGEST_BLANK).strip() for key in self.question["blanks"]}
        return {key: words for key, words in typed.items() if words}

    def _text(self):
        return {"text": self._words("text", self.question["longest"])}

    def _file(self):
        """A file chosen now goes over what was handed in before; a sum without one only names what was."""
        if chosen := self.files.get("upload"):
            try:
                self.upload = uploads.read(chosen, self.question["accepts"])
            except uploads.NoUpload as refusal:
                raise forms.ValidationError(str(refusal)) from None
            return self.upload.response
        if not (named := self.data.get("file")) or self.data.get("take_back"):
            return {}
        if not (found := self.earlier().get(named)):
            raise forms.ValidationError(_("That file was not handed in here. Choose it again."))
        return found


READ = dict.fromkeys(("single", "multiple", "truefalse"), AnswerForm._picked) | {
    "ordering": AnswerForm._ordered,
    "rank": AnswerForm._ordered,
    "bestworst": AnswerForm._best_and_worst,
    "matching": AnswerForm._matched,
    "numeric": AnswerForm._number,
    "fill": AnswerForm._blanks,
    "short": AnswerForm._text,
    "upload": AnswerForm._file,
}
