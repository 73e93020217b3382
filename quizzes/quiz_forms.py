"""The form in which a quiz is written; what comes out is a quiz's body (docs/formats.md)."""

from functools import cached_property

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from quizzes import quiz_rules
from quizzes.item_forms import typed_keys
from quizzes.item_rules import DIFFICULTIES
from quizzes.marking import EVERY_TYPE
from quizzes.models import Item, Quiz
from staff.labels import LABELS
from staff.models import User, fold
from staff.shapes import Moment
from staff.text import text
from standards.models import Standard, Wording

ROWS, MOST_ROWS, MOST_SECTIONS = 3, 50, 10
SAID = {
    "first": _("First attempt"),
    "last": _("Last attempt"),
    "best": _("Best attempt"),
    "average": _("Average of all"),
    "one": _("One question a page"),
    "all": _("All on one page"),
    "finished": _("Once handed in"),
    "closed": _("Once the quiz has closed"),
    "never": _("Never: only the percent"),
    "answers": _("Own answers"),
    "right": _("Right answers"),
    "feedback": _("Feedback"),
    "clause": _("Clause"),
}


def _line(label, **more):
    attrs = {"class": "input", "autocomplete": "off"} | more.pop("attrs", {})
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attrs), **more)


def _titled(label, language):
    return _line(label, max_length=200, attrs={"lang": {"zh": "zh-Hans", "en": "en"}[language]})


def _whole(label, least, most, **more):
    widget = forms.TextInput(attrs={"class": "input input-num", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget, **more)


def _one_of(label, codes, words=LABELS):
    return forms.ChoiceField(
        label=label, choices=[(code, words[code]) for code in codes], widget=forms.Select(attrs={"class": "input"})
    )


def _some_of(label, codes, words=LABELS):
    choices = [(code, words[code]) for code in codes]
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple()
    )


class MomentField(forms.CharField):
    """A time in the installation's zone, as a body keeps it."""

    def __init__(self, label):
        super().__init__(label=label, required=False, max_length=20)
        self.widget = forms.DateTimeInput(attrs={"class": "input num", "type": "datetime-local"})

    def clean(self, value):
        value = super().clean(value)[:16]
        if value and not Moment().fits(value):
            raise forms.ValidationError(gettext("Give date and time such as 2026-11-21T09:00."))
        return value


class RowForm(forms.Form):
    """One row of the blueprint. Without clauses and items it is left out."""

    section = forms.ChoiceField(label=_("Section"), required=False, widget=forms.Select(attrs={"class": "input"}))
    clauses = _line(_("Clauses, by how their keys begin"), max_length=2000, attrs={"spellcheck": "false"})
    items = _line(_("or items, by their short names"), max_length=10_000, attrs={"spellcheck": "false"})
    count = _whole(_("Count"), 1, 100, required=False)
    types = _some_of(_("Types (none ticked: any)"), EVERY_TYPE)
    difficulties = _some_of(_("Difficulties (none ticked: any)"), DIFFICULTIES)

    def __init__(self, *args, sections=0, **more):
        super().__init__(*args, **more)
        numbers = [(str(n), str(n)) for n in range(1, sections + 1)]
        self.fields["section"].choices = numbers or [("", "")]

    @property
    def given(self):
        """Whether anything was typed that is to be kept."""
        return any(str(self[name].value() or "").strip() for name in ("clauses", "items"))

    def clean(self):
        cleaned = super().clean()
        if self.given and "count" in cleaned and cleaned["count"] is None:
            self.add_error("count", gettext("Say how many to draw."))
        return cleaned

    def row(self):
        """The row as a body has it."""
        cleaned = self.cleaned_data
        found = {"clauses": typed_keys(cleaned["clauses"]), "items": typed_keys(cleaned["items"])}
        found = {name: keys for name, keys in found.items() if keys} | {"count": cleaned["count"]}
        return found | {name: cleaned[name] for name in ("types", "difficulties") if cleaned[name]}


class SectionForm(forms.Form):
    """One section. Without a title it is left out."""

    key = forms.SlugField(required=False, max_length=60, widget=forms.HiddenInput)
    zh = _titled(_("Section in Chinese"), "zh")
    en = _titled(_("Section in English"), "en")
    points = _whole(_("Whole marks"), 1, 1000, required=False)

    def title(self):
        return {each: self.cleaned_data[each] for each in ("zh", "en") if self.cleaned_data.get(each)}


class QuizForm(forms.Form):
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title_zh = _titled(_("Title in Chinese"), "zh")
    title_en = _titled(_("Title in English"), "en")
    standard = forms.ChoiceField(label=_("Standard"), widget=forms.Select(attrs={"class": "input"}))
    kind = _one_of(_("Kind"), quiz_rules.KINDS)
    pair = _line(_("Its other test, by its short name"), max_length=80, attrs={"spellcheck": "false"})
    minutes = _whole(_("Minutes"), 1, quiz_rules.MOST_MINUTES)
    attempts = _whole(_("Attempts"), 1, quiz_rules.MOST_ATTEMPTS)
    percent = _whole(_("Pass mark in percent"), 0, 100)
    by = _line(_("Set by (employee number)"), max_length=30)
    how_zh = _line(_("How it was set, in Chinese"), max_length=2000)
    how_en = _line(_("How it was set, in English"), max_length=2000)
    on = forms.DateField(
        label=_("Set on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "input num", "type": "date"})
    )
    opens_at, closes_at = MomentField(_("Opens")), MomentField(_("Closes"))
    late_minutes = _whole(_("Late answers are taken for (minutes)"), 0, 60, required=False)
    wait_hours = _whole(_("Hours between two attempts"), 0, 2160, required=False)
    counts = _one_of(_("What counts"), quiz_rules.COUNTS, SAID)
    pages = _one_of(_("Pages"), quiz_rules.PAGES, SAID)
    shuffle = forms.BooleanField(label=_("Questions and options in another order for each person"), required=False)
    back = forms.BooleanField(label=_("Going back to a question is allowed"), required=False)
    when = _one_of(_("The answers are shown"), quiz_rules.WHEN, SAID)
    show = _some_of(_("and then"), quiz_rules.SHOWN, SAID)
    code = _line(_("Access code (empty: none)"), max_length=40, attrs={"spellcheck": "false"})
    second = forms.BooleanField(label=_("Open answers are marked by two"), required=False)
    limit = _line(_("largest difference in points before a third decides"), max_length=10)

    def __init__(self, data=None, *, initial=None, rows=(), sections=(), slug="", by=None):
        base = {
            "kind": "exam", "minutes": 20, "attempts": 2, "counts": "first", "pages": "one", "shuffle": True,
            "back": True, "when": "finished", "show": list(quiz_rules.SHOWN), "on": timezone.localdate(),
            "late_minutes": 0, "wait_hours": 0, "by": by.employee_number if by else "",
        }  # fmt: skip
        super().__init__(data, initial=base | (initial or {}))
        self.slug = slug
        counts = [_count(data, name, most) for name, most in (("rows", MOST_ROWS), ("sections", MOST_SECTIONS))]
        count, parts = counts if data is not None else (max(len(rows), 1 if rows else ROWS), len(sections))
        self.sections = [
            SectionForm(data, prefix=f"section-{n}", initial=sections[n - 1] if n <= len(sections) else None)
            for n in range(1, parts + 1)
        ]
        self.rows = [
            RowForm(data, prefix=f"row-{n}", initial=rows[n - 1] if n <= len(rows) else None, sections=parts)
            for n in range(1, count + 1)
        ]
        language = get_language()
        self.fields["standard"].choices = [(each.slug, text(each.title, language)[0]) for each in self.standards]

    @cached_property
    def standards(self):
        return list(Standard.objects.newest().order_by("slug").defer("body"))

    @classmethod
    def of(cls, quiz, seen):
        """The form with what a quiz says."""
        body, rules = quiz.body, quiz_rules.rules_of(quiz.body)
        mark = body["pass_mark"]
        initial = {
            "seen": seen, "title_zh": quiz.title_zh, "title_en": quiz.title_en, "standard": body["standard"],
            "percent": mark["percent"], "by": mark["by"], "on": mark["on"],
            "how_zh": mark["how"].get("zh", ""), "how_en": mark["how"].get("en", ""),
            "when": rules.review.when, "show": list(rules.review.show), "second": rules.marking.second,
            "limit": str(rules.marking.limit or ""),
        }  # fmt: skip
        plain = ("kind", "pair", "minutes", "attempts", "late_minutes", "wait_hours", "counts", "pages", "shuffle",
                 "back", "code", "opens_at", "closes_at")  # fmt: skip
        initial |= {name: getattr(rules, name) for name in plain}
        named = [section for section in rules.sections if section.key]
        sections = [{"key": each.key, "points": each.points} | each.title for each in named]
        rows = [
            row
            | {name: " ".join(row.get(name, ())) for name in ("clauses", "items")}
            | {"section": str(n) if section.key else ""}
            for n, section in enumerate(rules.sections, start=1)
            for row in section.rows
        ]  # fmt: skip
        return cls(initial=initial, rows=rows, sections=sections, slug=quiz.slug)

    @classmethod
    def retyped(cls, data, *, do="", slug=""):
        """What was typed, unjudged: with one more row ("row") or section ("section"), or without a row ("drop-3")."""
        bound = cls(data)
        rows = [_typed(row, data) for row in bound.rows]
        sections = [_typed(part, data) for part in bound.sections]
        if do.removeprefix("drop-").isdecimal() and 1 <= int(do.removeprefix("drop-")[:3]) <= len(rows):
            del rows[int(do.removeprefix("drop-")) - 1]
        rows += [{}] * (do == "row" and len(rows) < MOST_ROWS)
        sections += [{}] * (do == "section" and len(sections) < MOST_SECTIONS)
        initial = {name: data.getlist(name) if name == "show" else data.get(name, "") for name in bound.fields}
        return cls(initial=initial, rows=rows, sections=sections, slug=slug)

    # --- what is judged ---

    def clean_by(self):
        number = self.cleaned_data["by"].strip()
        if not User.objects.filter(employee_number=fold(number)).exists():
            raise forms.ValidationError(gettext("Nobody has this employee number. Give the one who set the pass mark."))
        return number

    def clean_pair(self):
        slug = self.cleaned_data["pair"].strip()
        if slug and not Quiz.objects.newest().filter(slug=slug).exists():
            raise forms.ValidationError(gettext("No published quiz has this short name. Publish it first, or mend it."))
        return slug

    def clean(self):
        cleaned = super().clean()
        wrong = [each for each in (*self.rows, *self.sections) if not each.is_valid()]
        if not (cleaned.get("title_zh") or cleaned.get("title_en")):
            self.add_error("title_zh", gettext("Give a title in one language at least."))
        if not (cleaned.get("how_zh") or cleaned.get("how_en")):
            self.add_error("how_zh", gettext("Say in one language at least how the pass mark was set."))
        if not wrong and not self.errors:
            self._judge(cleaned)
        elif wrong:
            self.add_error(None, gettext("A row cannot be kept as it is: see below."))
        return cleaned

    def _judge(self, cleaned):
        self.used = [row for row in self.rows if row.given]
        if not self.used:
            self.add_error(None, gettext("Give at least one row: clauses or items, and how many to draw."))
            return
        self.body = self._body(cleaned)
        problems = list(quiz_rules.misfits(quiz_rules.SHAPE, self.body))
        for place, sentence in problems:
            self._tell(place, sentence)
        for problem in [] if problems else quiz_rules.check_quiz(self.body, self.slug):
            self._tell(problem.place, gettext(problem.sentence).format(**problem.values))
        self._look_up()

    def _tell(self, place, sentence):
        name = place.rpartition(".")[2]
        self.add_error(name if name in self.fields else None, sentence)

    def _look_up(self):
        """Clauses and items that a row asks for and nobody has."""
        known = set(Wording.objects.current().values_list("clause__key", flat=True))
        slugs = (
            set(Item.objects.newest().values_list("slug", flat=True))
            if any("items" in r.row() for r in self.used)
            else ()
        )
        for form in self.used:
            row = form.row()
            for prefix in row.get("clauses", ()):
                if not any(key.startswith(prefix) for key in known):
                    self._row_error(form, "clauses", gettext("No clause in force begins with %(key)s."), prefix)
            for slug in row.get("items", ()):
                if slug not in slugs:
                    self._row_error(form, "items", gettext("No published item is called %(key)s."), slug)

    def _row_error(self, form, name, sentence, key):
        form.add_error(name, sentence % {"key": key[:60]})
        if not self.non_field_errors():
            self.add_error(None, gettext("A row cannot be kept as it is: see below."))

    # --- the body ---

    def _body(self, cleaned):
        mark = {"percent": cleaned["percent"], "by": cleaned["by"], "on": cleaned["on"].isoformat()}
        mark["how"] = {each: cleaned[f"how_{each}"] for each in ("zh", "en") if cleaned[f"how_{each}"]}
        body = {"standard": cleaned["standard"], "minutes": cleaned["minutes"], "attempts": cleaned["attempts"]}
        body |= {"pass_mark": mark} | self._drawn()
        if cleaned["kind"] != "exam":
            body["kind"] = cleaned["kind"]
        rules = self._rules(cleaned)
        return body | ({"rules": rules} if rules else {})

    def _drawn(self):
        titled = [(str(n), part) for n, part in enumerate(self.sections, start=1) if part.title()]
        if not titled:
            return {"blueprint": [row.row() for row in self.used]}
        first = titled[0][0]
        numbers = {number for number, _part in titled}
        place = [row.cleaned_data["section"] for row in self.used]
        place = [number if number in numbers else first for number in place]
        return {"sections": [self._section(number, part, place) for number, part in titled]}

    def _section(self, number, part, place):
        rows = [row.row() for row, at in zip(self.used, place, strict=True) if at == number]
        found = {"key": part.cleaned_data["key"] or f"s{number}", "title": part.title(), "rows": rows}
        points = part.cleaned_data["points"]
        return found | ({"points": points} if points else {})

    def _rules(self, cleaned):
        """Only what differs from the defaults, so that a quiz that asks for nothing says nothing."""
        said = {name: cleaned[name] for name in ("opens_at", "closes_at", "code", "pair") if cleaned[name]}
        said |= {name: cleaned[name] for name in ("late_minutes", "wait_hours") if cleaned[name]}
        said |= {name: cleaned[name] for name in ("counts",) if cleaned[name] != "first"}
        said |= {name: cleaned[name] for name in ("pages",) if cleaned[name] != "one"}
        said |= {name: False for name in ("shuffle", "back") if not cleaned[name]}
        review = {"when": cleaned["when"]} if cleaned["when"] != "finished" else {}
        if set(cleaned["show"]) != set(quiz_rules.SHOWN):
            review["show"] = [each for each in quiz_rules.SHOWN if each in cleaned["show"]]
        marking = {"second": True} if cleaned["second"] else {}
        if cleaned["limit"].strip() and cleaned["second"]:
            marking["limit"] = cleaned["limit"].strip()
        return said | ({"review": review} if review else {}) | ({"marking": marking} if marking else {})

    def title(self):
        return {each: self.cleaned_data[f"title_{each}"] for each in ("zh", "en")}


class ArrangeForm(forms.Form):
    """What is arranged for one person."""

    person = _line(_("Employee number"), max_length=30)
    minutes = _whole(_("Minutes"), 1, quiz_rules.MOST_MINUTES, required=False)
    attempts = _whole(_("Attempts"), 1, quiz_rules.MOST_ATTEMPTS, required=False)
    opens_at, closes_at = MomentField(_("Opens")), MomentField(_("Closes"))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.TextInput(attrs={"class": "input"}))

    def clean_person(self):
        found = User.objects.present().filter(employee_number=fold(self.cleaned_data["person"])).first()
        if found is None:
            raise forms.ValidationError(gettext("Nobody who works here has this employee number."))
        return found

    def clean(self):
        cleaned = super().clean()
        zone = timezone.get_default_timezone()
        for name in ("opens_at", "closes_at"):
            cleaned[name] = quiz_rules.moment(cleaned.get(name), zone)
        if cleaned["opens_at"] and cleaned["closes_at"] and cleaned["closes_at"] <= cleaned["opens_at"]:
            self.add_error("closes_at", gettext("A quiz closes after it opens."))
        if not any(cleaned.get(name) for name in ("minutes", "attempts", "opens_at", "closes_at")) and not self.errors:
            self.add_error(None, gettext("Say what is to differ: minutes, attempts, or when it opens or closes."))
        return cleaned


def _typed(form, data):
    many = ("types", "difficulties")
    return {
        name: data.getlist(form.add_prefix(name)) if name in many else data.get(form.add_prefix(name), "")
        for name in form.fields
    }


def _count(data, name, most):
    told = (data or {}).get(name, "")
    return min(int(told), most) if told.isascii() and told.isdigit() and len(told) < 3 else 0
