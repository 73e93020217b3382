"""What a search found, as a person may see it: each with where it is used, and the filters with their counts."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.validators import slug_re
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import Course
from standards.folding import MOST_CHARACTERS, holds, marked
from standards.models import WEIGHTS, Standard
from standards.searching import FILTERS, KINDS, PER_PAGE, search, used

# Items and scenes hold what an exam asks.
EVERYBODYS = ("clause", "lesson")
CITING = ("course", "item", "scenario", "checklist")
ASKED_IN_EXAMS = ("item", "scenario")
WITHIN = {"clause": Standard, "lesson": Course}


@dataclass
class Result:
    """A passage as the page and the API show it. title, words: [(language, [(piece, is it a word found)])]; within:
    the title of its standard or course; uses: {kind of content: how many places cite the clause}; cites: the wordings
    that the content cites; name: the pieces of its short name where a word stands in it, else nothing."""

    passage: object
    url: str
    title: list
    words: list
    within: dict | None
    uses: dict | None
    cites: list
    name: list


def asked_for(query):
    """The query as the page repeats it."""
    return "".join(each for each in query.get("q", "")[:MOST_CHARACTERS] if each.isprintable())


def results(query, *, trainer, per_page=PER_PAGE):
    """(Found, [Result] of its page) of what a person may see; unknown filters are as if not given."""
    kinds = KINDS if trainer else EVERYBODYS
    known = {
        "kind": query.get("kind", "") in kinds,
        "weight": query.get("weight", "") in WEIGHTS,
        "standard": bool(slug_re.match(query.get("standard", ""))),
    }
    chosen = {name: query[name] for name, right in known.items() if right}
    found = search(query.get("q", ""), kinds=kinds, chosen=chosen, page=query.get("page", ""), per_page=per_page)
    passages = list(found.page.object_list)
    uses, cites = used(passages)
    within = {kind: titles_of(model, _slugs(passages, kind)) for kind, model in WITHIN.items()}
    shown = [kind for kind in CITING if trainer or kind not in ASKED_IN_EXAMS]
    return found, [_result(passage, found.asked.words, within, uses, cites, shown) for passage in passages]


def titles_of(model, slugs):
    """{slug: title} of the newest published versions."""
    rows = model.objects.newest().filter(slug__in=slugs).values_list("slug", "title_zh", "title_en") if slugs else ()
    return {slug: {"zh": zh, "en": en} for slug, zh, en in rows}


def facets(query, found):
    """[{"name", "label", "values": [{"text", "n", "url", "current"}]}]; one that would tell nothing is left out."""
    labels = {"kind": _("Kind"), "standard": _("Standard"), "weight": _("Weight of the clause")}
    slugs = {slug for slug in (*found.counts["standard"], found.chosen.get("standard")) if slug}
    titles = titles_of(Standard, slugs)
    orders = {"kind": KINDS, "weight": WEIGHTS[::-1], "standard": sorted(slugs)}
    return [
        {"name": name, "label": label, "values": _values(query, found, name, orders[name], titles)}
        for name, label in labels.items()
        if len(found.counts[name]) > 1 or name in found.chosen
    ]


def _values(query, found, name, order, titles):
    chosen, counts = found.chosen.get(name, ""), found.counts[name]
    rows = [{"text": _("All"), "n": None, "url": link(query, page="", **{name: ""}), "current": not chosen}]
    for value in order:
        if value in counts or value == chosen:
            text = titles.get(value, {"en": value}) if name == "standard" else value
            url = link(query, page="", **{name: value})
            rows.append({"text": text, "n": counts.get(value, 0), "url": url, "current": value == chosen})
    return rows


def link(query, **changes):
    """The address of this search with some of it changed; an empty value is left out."""
    named = {name: query.get(name, "") for name in ("q", *FILTERS, "page")} | changes
    return "?" + urlencode({name: value for name, value in named.items() if value})


def _slugs(passages, kind):
    return {passage.slug for passage in passages if passage.kind == kind}


def _result(passage, words, within, uses, cites, shown):
    title = _in_languages(passage.title, words, room=120)
    clause = passage.kind == "clause"
    counted = uses.get(passage.place, {})
    return Result(
        passage=passage,
        url=_url(passage),
        # The heading a clause stands under is no news unless a word stands in it.
        title=[line for line in title if any(hit for _piece, hit in line[1])] if clause else title,
        words=_in_languages(passage.text, words, room=160),
        within=within.get(passage.kind, {}).get(passage.slug),
        uses={kind: counted.get(kind, 0) for kind in shown} if clause else None,
        cites=cites.get(passage.pk, []),
        name=[] if clause else _holding(passage.slug, words),
    )


def _holding(slug, words):
    """[the pieces of a short name] where a word stands in it: else nobody sees why it was found."""
    pieces = marked(slug, words, 80)
    return [pieces] if any(hit for _piece, hit in pieces) else []


def _url(passage):
    if passage.kind == "clause":
        return reverse("scoring:clause", args=[passage.place])
    if passage.kind == "lesson":
        return reverse("courses:lesson", args=[passage.slug, passage.place])
    return reverse("quizzes:scenario" if passage.kind == "scene" else "quizzes:item", args=[passage.slug])


def _in_languages(text, words, *, room):
    """[(lang, or "" for the page's own; pieces)]: the page's language, and the other where only that holds a word."""
    own = "zh" if get_language().startswith("zh") else "en"
    order = [language for language in (own, "en" if own == "zh" else "zh") if text[language]]
    missing = [word for word in words if order and not holds(text[order[0]], word)]
    second = [language for language in order[1:] if any(holds(text[language], word) for word in missing)]
    wide, codes = {"zh": room, "en": 2 * room}, {"zh": "zh-Hans", "en": "en"}
    return [
        ("" if language == own else codes[language], marked(text[language], words, wide[language]))
        for language in order[:1] + second
    ]
