"""The bank, or what is chosen of it, as a file; and what that file cannot carry."""

from collections import Counter
from typing import NamedTuple

from quizzes.formats import gift_writing, moodlexml_writing
from quizzes.formats.raw import _
from quizzes.formats.workbook import bank_workbook
from quizzes.item_forms import typed_keys
from quizzes.item_rules import MADE
from quizzes.models import Item
from staff.models import File
from standards.folding import fold

MEDIA = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "gift": ("text/plain; charset=utf-8", "gift"),
    "moodlexml": ("application/xml", "xml"),
}
CHOICES = ("q", "clause", "standard", "role", "tag", "type", "difficulty", "state", "owner")
EVERYWHERE = (_("versions before the newest"), _("who wrote an item, and its history"), _("the panel of experts"))
LOST = {
    "xlsx": (_("pictures"), _("the longest answer allowed, and whether criteria are shown")),
    "gift": (
        _("a second language"),
        _("pictures"),
        _("units of numbers"),
        _("rubrics and sample answers: an open question is an essay"),
        _("other words than true and false"),
    ),
    "moodlexml": (
        _("a second language"),
        _("units of numbers"),
        _("rubrics: an open question is an essay, its sample answer the note for the marker"),
        _("other words than true and false"),
    ),
}
LEFT_OUT = {
    "xlsx": (_("items with more than 32,000 characters in one cell"),),
    "gift": (
        _("ordering, situational judgement and uploads"),
        _("fill-in questions with more than one blank"),
        _("pairs whose words hold an arrow ->"),
    ),
    "moodlexml": (_("situational judgement and uploads"), _("fill-in questions with more than one blank")),
}


class Export(NamedTuple):
    """left: {type: how many items the format has no place for}"""

    name: str
    media_type: str
    data: bytes
    written: int
    left: dict


def bank_items(**chosen):
    """[Item] of the bank in the order of their clauses, the newest version of each or the draft of one never published.
    chosen: some of CHOICES, as the page of the bank has them."""
    newest = {item.slug: item for item in Item.objects.newest().exclude(slug__startswith=MADE).select_related("owner")}
    drafts = {item.slug: item for item in Item.objects.drafts().exclude(slug__startswith=MADE).select_related("owner")}
    found = [item for item in (drafts | newest).values() if _fits(item, drafts, chosen)]
    return sorted(found, key=lambda item: (item.body["cites"][0], item.slug))


def _fits(item, drafts, chosen):
    body = item.body
    keys = typed_keys(chosen.get("clause", ""))
    said = fold("\n".join([item.slug, *item.title.values(), *_words(body)])) if chosen.get("q") else ""
    states = {"draft": item.number is None or item.slug in drafts, "published": item.number is not None}
    return (
        (not keys or keys[0] in body["cites"])
        and chosen.get("standard") in (None, "", body["standard"])
        and chosen.get("type") in (None, "", body["type"])
        and chosen.get("difficulty") in (None, "", body["difficulty"])
        and (not chosen.get("role") or chosen["role"] in body.get("roles", ()))
        and (not chosen.get("tag") or chosen["tag"] in body.get("tags", ()))
        and (not chosen.get("owner") or chosen["owner"] == (item.owner and item.owner.employee_number))
        and states.get(chosen.get("state"), True)
        and all(word in said for word in fold(chosen.get("q", "")).split())
    )


def _words(body):
    texts = [
        body["stem"],
        body["feedback"],
        *(row["text"] for row in [*body.get("options", ()), *body.get("choices", ())]),
    ]
    return [words for text in texts for words in text.values()]


def export(items, format, language):
    """Export of items. language: of the headers, and of the words where a format has one only ("zh…" or "en")."""
    plain = "zh" if language.startswith("zh") else "en"
    entries = [(item.slug, item.title, item.body) for item in items]
    carried = {"gift": gift_writing.carries, "moodlexml": moodlexml_writing.carries}.get(format)
    left = Counter(body["type"] for _slug, _title, body in entries if carried and not carried(body))
    if format == "xlsx":
        data, long = bank_workbook(entries, language)
        left = Counter(body["type"] for slug, _title, body in entries if slug in long)
    elif format == "gift":
        data = gift_writing.gift_of(entries, plain).encode()
    else:
        data = moodlexml_writing.moodlexml_of(entries, _pictures(entries), plain)
    media, suffix = MEDIA[format]
    return Export(f"items.{suffix}", media, data, len(entries) - sum(left.values()), dict(left))


def _pictures(entries):
    sums = {image["sha256"] for _slug, _title, body in entries for image in body.get("images", ())}
    return {file.sha256: bytes(file.data) for file in File.objects.filter(sha256__in=sums)}
