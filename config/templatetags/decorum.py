from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.markdown import render
from staff.labels import LABELS, REFUSALS
from staff.text import text

register = template.Library()
LETTERS = {"zh": "甲乙丙丁戊己庚辛", "en": "ABCDEFGH"}


def _other(language):
    return "en" if language.startswith("zh") else "zh-Hans"


@register.filter
def say(leaf):
    """A text in two languages, in the page's language; fallen back, it carries its own lang."""
    string, fell_back = text(leaf, get_language())
    if not fell_back:
        return string
    return format_html('<span lang="{}">{}</span>', _other(get_language()), string)


@register.filter
def say_plain(leaf):
    """The same without markup, for attributes and titles."""
    return text(leaf, get_language())[0]


@register.filter
def markdown(leaf):
    """A Markdown text in two languages as safe HTML."""
    string, fell_back = text(leaf, get_language())
    html = render(string)
    if not fell_back:
        return html
    note = _("Not translated yet; shown in the other language.")
    return format_html('<p class="small quiet">{}</p><div lang="{}">{}</div>', note, _other(get_language()), html)


@register.filter
def heading(words):
    """A printed heading in the page's language; a document may print both, as "Chinese | English"."""
    zh, _bar, en = words.partition(" | ")
    return say({"zh": zh, "en": en}) if en else words


@register.filter
def word(code):
    """The word of a code in the interface language (a weight, a kind, a state, a reason, a notice)."""
    return LABELS.get(str(code), code)


@register.filter
def refusal(error):
    """A job's error {code, params, sentence} as a sentence in the interface language."""
    sentence = REFUSALS.get(error["code"])
    return str(sentence).format(**error["params"]) if sentence else error["sentence"]


@register.filter
def letter(number):
    """1 → 甲 or A."""
    return LETTERS["zh" if get_language().startswith("zh") else "en"][int(number) - 1]


@register.filter
def lookup(mapping, key):
    return mapping.get(key) if mapping else None


@register.simple_tag(takes_context=True)
def querystring_with(context, **changes):
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query[key] = value
    return "?" + query.urlencode()


@register.simple_tag
def clause_url(key):
    return reverse("scoring:clause", args=[key])
