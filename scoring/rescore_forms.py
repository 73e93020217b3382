"""How an item is to be judged instead, typed by its type: a new key, other points, or none at all."""

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from scoring.rescoring import REKEY, REPOINT, REWEIGH, VOID, kinds_of
from staff.text import text

KIND_LABELS = {
    VOID: _("Void: it counts for nobody"),
    REKEY: _("Another key"),
    REWEIGH: _("Other points for the item"),
    REPOINT: _("Other points for its criteria"),
}
RULES = {
    "": _("As the type has it"),
    "hits_minus_false": _("Hits minus false alarms"),
    "all_or_nothing": _("All or nothing"),
    "weights": _("By the options' weights"),
}
MORE_ANSWERS, MOST_ANSWERS = 2, 10


def _said(leaf):
    return text(leaf, get_language())[0]


def _whole(label, value, least, most):
    attrs = {"class": "input input-num", "inputmode": "numeric"}
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=False, initial=value, widget=forms.TextInput(attrs=attrs)
    )


def _words(label, value):
    attrs = {"class": "input input-short", "autocomplete": "off"}
    return forms.CharField(
        label=label, required=False, max_length=40, initial=value, widget=forms.TextInput(attrs=attrs)
    )


class RescoreForm(forms.Form):
    """body: what the item is judged by now. After is_valid(): `rescored`, as scoring.rescoring takes them."""

    kind = forms.ChoiceField(label=_("What becomes of it"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("Told to everybody whose result changes, in these words."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
        error_messages={"required": _("Say why: the learners are told.")},
    )
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data=None, *, item, body):
        super().__init__(data)
        self.item, self.body = item, body
        self.fields["kind"].choices = [(kind, KIND_LABELS[kind]) for kind in kinds_of(item)]
        self.fields["points"] = _whole(_("Points of the item"), body["points"], 1, 100)
        self.keys = KEYED.get(body["type"])
        if self.keys:
            self.fields |= self.keys.fields(body)
        for row in body.get("rubric", ()):
            self.fields[f"criterion-{row['key']}"] = _whole(_said(row["text"]), row["points"], 0, 100)

    def of_kind(self, kind):
        """The fields that belong to one kind."""
        known = {REWEIGH: ["points"], REPOINT: [name for name in self.fields if name.startswith("criterion-")]}
        known[REKEY] = list(self.keys.fields(self.body)) if self.keys else []
        return [self[name] for name in known.get(kind, ())]

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind and not any(bound.errors for bound in self.of_kind(kind)):
            try:
                self.rescored = self._rescored(kind, cleaned)
            except ValueError as problem:
                self.add_error(None, str(problem))
        return cleaned

    def _rescored(self, kind, cleaned):
        if kind == REWEIGH:
            return {"points": cleaned["points"] or 0}
        if kind == REPOINT:
            points = {row["key"]: cleaned[f"criterion-{row['key']}"] or 0 for row in self.body["rubric"]}
            return {"rubric": [row | {"points": points[row["key"]]} for row in self.body["rubric"]]}
        return self.keys.read(self.body, cleaned) if kind == REKEY else {}


# --- a key for each type: its fields, and what is read from them ---------------------


def _options(body):
    return [(option["key"], _said(option["text"])) for option in body["options"]]


class Picked:
    @staticmethod
    def fields(body):
        many = body["type"] == "multiple"
        kind, widget = (
            (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
            if many
            else (forms.ChoiceField, forms.RadioSelect)
        )
        initial = body["right"] if many else body["right"][0]
        found = {
            "right": kind(label=_("Right"), choices=_options(body), initial=initial, required=False, widget=widget)
        }
        if body["type"] == "truefalse":
            return found
        credit = body.get("credit", {})
        found["rule"] = forms.ChoiceField(
            label=_("Partial credit"), choices=list(RULES.items()), initial=credit.get("rule", ""), required=False
        )
        for key, words in _options(body):
            label = _("Weight of “%(option)s” in percent") % {"option": words}
            found[f"weight-{key}"] = _whole(label, credit.get("weights", {}).get(key), -100, 100)
        return found

    @staticmethod
    def read(body, cleaned):
        right = cleaned["right"] if isinstance(cleaned["right"], list) else [cleaned["right"]]
        found = {"right": [key for key in right if key]}
        rule = cleaned.get("rule", "")
        weights = {key: cleaned.get(f"weight-{key}") for key, _words in _options(body)}
        weights = {key: weight for key, weight in weights.items() if weight is not None}
        if rule == "weights" and not weights:
            raise ValueError(gettext("Give at least one option a weight, or choose another rule of partial credit."))
        if rule:
            found["credit"] = {"rule": rule} | ({"weights": weights} if rule == "weights" else {})
        elif body.get("credit"):
            found["credit"] = {"rule": "hits_minus_false"}
        return found


class Ordered:
    @staticmethod
    def fields(body):
        places = [(str(n), str(n)) for n in range(1, len(body["options"]) + 1)]
        return {
            f"place-{key}": forms.ChoiceField(
                label=words, choices=places, initial=str(body["right"].index(key) + 1), required=False
            )
            for key, words in _options(body)
        }

    @staticmethod
    def read(body, cleaned):
        places = {key: int(cleaned.get(f"place-{key}") or 0) for key, _words in _options(body)}
        if sorted(places.values()) != list(range(1, len(places) + 1)):
            raise ValueError(gettext("Every option needs a place of its own."))
        return {"right": sorted(places, key=places.get)}


class BestWorst:
    @staticmethod
    def fields(body):
        return {
            name: forms.ChoiceField(label=label, choices=_options(body), initial=body[name], required=False)
            for name, label in (("best", _("The best")), ("worst", _("The worst")))
        }

    @staticmethod
    def read(body, cleaned):
        return {"best": cleaned["best"], "worst": cleaned["worst"]}


class Matched:
    @staticmethod
    def fields(body):
        choices = [(choice["key"], _said(choice["text"])) for choice in body["choices"]]
        return {
            f"pair-{key}": forms.ChoiceField(label=words, choices=choices, initial=body["pairs"][key], required=False)
            for key, words in _options(body)
        }

    @staticmethod
    def read(body, cleaned):
        return {"pairs": {key: cleaned[f"pair-{key}"] for key, _words in _options(body)}}


class Numbered:
    @staticmethod
    def fields(body):
        found = {}
        rows = [*body["answers"], *[{}] * MORE_ANSWERS][:MOST_ANSWERS]
        for n, row in enumerate(rows, start=1):
            found[f"value-{n}"] = _words(_("Answer %(n)s") % {"n": n}, row.get("value"))
            found[f"tolerance-{n}"] = _words(_("Tolerance of answer %(n)s") % {"n": n}, row.get("tolerance"))
            found[f"percent-{n}"] = _whole(_("Percent for answer %(n)s") % {"n": n}, row.get("percent"), 1, 100)
        return found

    @staticmethod
    def read(body, cleaned):
        numbers = [name.partition("-")[2] for name in cleaned if name.startswith("value-")]
        rows = []
        for n in numbers:
            if cleaned[f"value-{n}"]:
                tolerance = {"tolerance": cleaned[f"tolerance-{n}"]} if cleaned[f"tolerance-{n}"] else {}
                percent = cleaned[f"percent-{n}"] or 100
                rows.append({"value": cleaned[f"value-{n}"]} | tolerance | {"percent": percent})
        return {"answers": rows}


class Filled:
    @staticmethod
    def fields(body):
        return {
            f"blank-{blank['key']}": forms.CharField(
                label=_("Accepted in blank %(n)s") % {"n": n},
                required=False,
                max_length=8000,
                initial="\n".join(_variant(row) for row in blank["accepted"]),
                help_text=_("One a line; what earns a part has its percent behind a bar: good morning | 50"),
                widget=forms.Textarea(attrs={"rows": len(blank["accepted"]) + 2, "class": "input"}),
            )
            for n, blank in enumerate(body["blanks"], start=1)
        }

    @staticmethod
    def read(body, cleaned):
        rows = [(blank, cleaned[f"blank-{blank['key']}"]) for blank in body["blanks"]]
        return {"blanks": [blank | {"accepted": _variants(words)} for blank, words in rows]}


def _variant(row):
    return row["text"] if row["percent"] == 100 else f"{row['text']} | {row['percent']}"


def _variants(lines):
    found = []
    for line in filter(str.strip, lines.splitlines()):
        words, bar, percent = line.rpartition("|")
        if bar and percent.strip().isascii() and percent.strip().isdecimal():
            found.append({"text": words.strip(), "percent": int(percent)})
        else:
            found.append({"text": line.strip(), "percent": 100})
    return found


KEYED = {
    **dict.fromkeys(("single", "multiple", "truefalse"), Picked),
    **dict.fromkeys(("ordering", "rank"), Ordered),
    "bestworst": BestWorst,
    "matching": Matched,
    "numeric": Numbered,
    "fill": Filled,
}
