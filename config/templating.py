"""The template environment: what every page may call and filter. Templates are Jinja2 (docs/decisions/0025)."""

import re
from functools import lru_cache, partial
from itertools import groupby

from django.conf import settings
from django.template import defaultfilters as django_filters
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from jinja2 import ChainableUndefined

from config.by_language import ByLanguage, InLanguage
from courses.markdown import Asked, render, render_asked, render_line
from staff.addresses import url_to
from staff.labels import LABELS, OPERATORS, PERIODS, REFUSALS, UNITS
from staff.text import text
from standards.comparing import marked

HANZI = re.compile("[\u3400-\u9fff]")
LETTERS = {"zh": "甲乙丙丁戊己庚辛", "en": "ABCDEFGH"}


def environment(**options):
    """The Jinja2 environments; what a template does not find is empty, as in Django's own language."""
    return ByLanguage(lambda language: _environment(language, options))


def _environment(language, options):
    env = InLanguage(**options | {"undefined": ChainableUndefined}, extensions=["jinja2.ext.i18n"])
    env.language, env.drawings = language, "_marks.html"
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals |= {
        "_": translation.gettext,
        "url_to": url_to,
        "static": lru_cache(static),
        "language": get_language,
        "languages": settings.LANGUAGES,
        "ratio": ratio,
        "querystring_with": querystring_with,
        "marked": marked,
    }
    env.fixed = {name: env.globals[name] for name in ("_", "url_to", "static", "language")}
    own = [word, refusal, limit, lookup, date, timeuntil, regroup]
    env.filters |= {each.__name__: each for each in own}
    in_a_language = [say, say_plain, line, asked, markdown, heading, letter]
    env.filters |= {each.__name__: partial(each, language) for each in in_a_language}
    env.filters |= {name: getattr(django_filters, name) for name in ("truncatechars", "urlencode")}
    env.filters["floatformat"] = lru_cache(maxsize=2_000)(django_filters.floatformat)  # of one language
    return env


def ratio(part, whole, width):
    """part of whole, drawn `width` wide; 0 of nothing."""
    return round(part / whole * width) if whole else 0


def querystring_with(request, **changes):
    query = request.GET.copy()
    for key, value in changes.items():
        query[key] = value
    return "?" + query.urlencode()


def _other(language):
    return "en" if language.startswith("zh") else "zh-Hans"


def say(language, leaf):
    """A text in two languages, in the page's language; fallen back, it carries its own lang."""
    string, fell_back = text(leaf, language)
    if not fell_back:
        return string
    return format_html('<span lang="{}">{}</span>', _other(language), string)


def say_plain(language, leaf):
    """The same without markup, for attributes and titles."""
    return text(leaf, language)[0]


def markdown(language, leaf):
    """A Markdown text in two languages as safe HTML."""
    string, fell_back = text(leaf, language)
    html = render(string)
    if not fell_back:
        return html
    note = _("Not translated yet; shown in the other language.")
    return format_html('<p class="small quiet">{}</p><div lang="{}">{}</div>', note, _other(language), html)


def line(language, leaf):
    """A Markdown text in two languages that stands in a line, as safe HTML; fallen back, it carries its own lang."""
    string, fell_back = text(leaf, language)
    html = render_line(string)
    return format_html('<span lang="{}">{}</span>', _other(language), html) if fell_back else html


def asked(language, leaf, images=()):
    """The words of a question with its pictures: `head`, which stands in a line, and `rest`, blocks or nothing."""
    string, fell_back = text(leaf, language)
    shown = tuple(
        (each["key"], url_to("quizzes:image", each["sha256"]), text(each.get("alt"), language)[0]) for each in images
    )
    found = render_asked(string, shown)
    if not fell_back:
        return found
    parts = zip(("span", "div"), found, strict=True)
    return Asked(*(format_html('<{0} lang="{1}">{2}</{0}>', tag, _other(language), html) for tag, html in parts))


def heading(language, words):
    """A printed heading in the page's language; a document may print both, as "Chinese | English"."""
    zh, _bar, en = words.partition(" | ")
    if en or HANZI.search(words):
        return say(language, {"zh": zh, "en": en})
    return words


def word(code):
    """The word of a code in the interface language (a weight, a kind, a state, a reason, a notice)."""
    return str(LABELS.get(str(code), code))


def limit(threshold):
    """A clause's limit or target as it is read: ≤ 5 minutes, ≥ 2 times each day."""
    per = threshold.get("per", "")
    words = [
        OPERATORS.get(threshold["op"], threshold["op"]),
        threshold["number"],
        UNITS.get(threshold["unit"], threshold["unit"]),
        PERIODS.get(per, f"/ {per}" if per else ""),
    ]
    return " ".join(str(each) for each in words if each)


def refusal(error):
    """A job's error {code, params, sentence} as a sentence in the interface language."""
    sentence = REFUSALS.get(error["code"])
    return str(sentence).format(**error["params"]) if sentence else error["sentence"]


def letter(language, number):
    """1 → 甲 or A."""
    return LETTERS["zh" if language.startswith("zh") else "en"][int(number) - 1]


def lookup(mapping, key):
    return mapping.get(key) if mapping else None


def date(moment, layout):
    """A date or a time in the installation's zone; layout as Django's date filter."""
    return django_filters.date(timezone.template_localtime(moment), layout)


def timeuntil(moment, now):
    return django_filters.timeuntil_filter(moment, now)


def regroup(rows, name):
    """[(value, [rows])] of neighbouring rows with the same value of an attribute; the order is kept."""
    return [(value, list(found)) for value, found in groupby(rows, key=lambda row: getattr(row, name))]
