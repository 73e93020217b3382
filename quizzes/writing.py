"""Writing items: a draft is begun, saved over, published or discarded. Every deed carries what was shown (`seen`),
so that nobody's words are lost to a second person."""

import secrets
from itertools import chain

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.markdown import words_asked
from quizzes.item_rules import MADE, check_item
from quizzes.models import Item, labels_of
from staff.frozen import Frozen, digest
from staff.models import Event
from staff.publishing import publish as publish_version
from standards.citing import UnknownClause

TITLE = 60


class ChangedMeanwhile(Frozen):
    """Somebody else saved, published or discarded it since it was shown. `row`: the item as it stands now, or None."""

    def __init__(self, row):
        if row is None:
            sentence = _("Somebody else discarded this draft meanwhile. Your words are kept here: save to begin anew.")
        else:
            sentence = _("Somebody else changed this item meanwhile. Both texts are shown: choose and save again.")
        super().__init__(sentence)
        self.row = row


class NotSound(Frozen):
    """The draft cannot be published as it stands."""


def standing(slug):
    """What one edits: the draft of an item, else its newest published version, else None; None also for an item made
    from a change, which stays as the change made it."""
    if slug.startswith(MADE):
        return None
    return Item.objects.draft_of(slug) or Item.objects.newest().filter(slug=slug).first()


def seen(item):
    """A short word for an item as it is shown: a form carries it, so that a change meanwhile shows."""
    return f"{item.pk}-{item.revision}"


def begin(title, body, *, by):
    """A new item as a draft. The same words sent twice by the same person are one draft."""
    for slug in _slugs(title, body):
        try:
            with transaction.atomic():
                mine = Item.objects.drafts().filter(owner=by, type=body["type"])
                if again := next((draft for draft in mine if (draft.body, draft.title) == (body, _both(title))), None):
                    return again
                return _draft(slug, title, body, by, after=None)
        except IntegrityError:
            continue


def rewrite(slug, title, body, *, by, shown):
    """The draft with these words; of a published item the draft of its next version, or the item itself when nothing
    was changed. Raises ChangedMeanwhile."""
    current = standing(slug)
    if current is None or seen(current) != shown:
        raise ChangedMeanwhile(current)
    if (current.body, current.title) == (body, _both(title)):
        return current
    if current.number is None:
        return _save_over(current, title, body, by)
    try:
        with transaction.atomic():
            return _draft(slug, title, body, by, after=current)
    except IntegrityError:
        raise ChangedMeanwhile(standing(slug)) from None


def publish(slug, *, by, shown):
    """The draft as the next version. Raises Frozen with a sentence."""
    draft = _shown_draft(slug, shown)
    if problems := check_item(draft.body):
        raise NotSound(_(problems[0].sentence).format(**problems[0].values))
    try:
        return publish_version(draft, by)
    except UnknownClause as unknown:
        sentence = _("Clause %(key)s is no longer in force. Edit the draft: take it out, or cite another.")
        raise NotSound(sentence % {"key": unknown.key}) from None


def discard(slug, *, by, shown):
    """Deletes the draft; what is published stays. Raises Frozen with a sentence."""
    draft = _shown_draft(slug, shown)
    told = _told(draft)
    with transaction.atomic():
        if not Item.objects.drafts().filter(pk=draft.pk, revision=draft.revision).delete()[0]:
            raise ChangedMeanwhile(standing(slug))
        Event.write("discard-item", actor=by, subject=f"item:{slug}:draft", before=told)


def _shown_draft(slug, shown):
    draft = Item.objects.draft_of(slug)
    if draft is None or seen(draft) != shown:
        raise Frozen(
            _("Somebody else changed, published or discarded “%(slug)s” meanwhile. Open it again.") % {"slug": slug}
        )
    return draft


def _draft(slug, title, body, by, *, after):
    """Inserted first and checked then: the one-draft constraint makes a second writer wait for the first."""
    draft = Item.objects.create(slug=slug, body=body, owner=by, **_columns(title, body))
    newest = Item.objects.filter(slug=slug, number__isnull=False).order_by("-number").values_list("pk", flat=True)
    if newest.first() != (after and after.pk):
        raise IntegrityError(f"{slug} was published meanwhile")
    Event.write("draft-item", actor=by, subject=draft.subject, after=_told(draft))
    return draft


def _save_over(draft, title, body, by):
    with transaction.atomic():
        found = Item.objects.drafts().filter(pk=draft.pk, revision=draft.revision)
        if not found.update(body=body, revision=F("revision") + 1, **_columns(title, body)):
            raise ChangedMeanwhile(standing(draft.slug))
        draft = Item.objects.get(pk=draft.pk)
        Event.write("draft-item", actor=by, subject=draft.subject, after=_told(draft))
    return draft


def _columns(title, body):
    title = _both(title)
    return {
        "title_zh": title["zh"],
        "title_en": title["en"],
        "type": body["type"],
        "difficulty": body["difficulty"],
        "labels": labels_of(body),
    }


def _both(title):
    return {language: title.get(language, "") for language in ("zh", "en")}


def _told(draft):
    return {"draft": draft.pk, "revision": draft.revision, "digest": digest(draft.content())}


def title_of(stem):
    """The first words of a question, for lists."""
    return {language: _first_words(words_asked(words)) for language, words in stem.items() if words}


def _first_words(words):
    line = " ".join(words.split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"


def _slugs(title, body):
    """Readable short names: the clause and the first English words; then with an ending of its own."""
    words = slugify(title.get("en", "")).split("-")[:5]
    base = "-".join([slugify(body["cites"][0]) or "item", *filter(None, words)])[:60].strip("-")
    base = f"item-{base}" if base.startswith(MADE) else base
    endings = (secrets.token_hex(3) for _attempt in range(20))
    return chain([base], (f"{base}-{ending}" for ending in endings))
