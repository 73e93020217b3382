"""Drafts of content: begun, saved over, published or discarded. Every deed carries what was shown (`seen`), so that
nobody's words are lost to a second person. A model's draft-event is "draft-<model>", its discard "discard-<model>"."""

import secrets
from itertools import chain

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from staff.frozen import Frozen, digest
from staff.models import Event


class ChangedMeanwhile(Frozen):
    """Somebody else saved, published or discarded it since it was shown. `row`: as it stands now, or None."""

    def __init__(self, row):
        if row is None:
            sentence = _("Somebody else discarded this draft meanwhile. Your words are kept here: save to begin anew.")
        else:
            sentence = _("Somebody else changed this meanwhile. What stands there now is shown: choose and save again.")
        super().__init__(sentence)
        self.row = row


def standing(model, slug):
    """What one edits: the draft, else the newest published version, else None."""
    return model.objects.draft_of(slug) or model.objects.newest().filter(slug=slug).first()


def seen(row):
    """A short word for a row as it is shown: a form carries it, so that a change meanwhile shows."""
    return f"{row.pk}-{row.revision}"


def begin(model, base, title, body, *, by):
    """A new draft under a short name that begins with base. The same words sent twice by the same person are one."""
    mine = model.objects.drafts().filter(owner=by)
    if again := next((draft for draft in mine if (draft.body, draft.title) == (body, _both(title))), None):
        return again
    endings = (f"{base}-{secrets.token_hex(3)}" for _attempt in range(20))
    for slug in chain([base], endings):
        if model.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return _insert(model, slug, title, body, by, after=None)
        except IntegrityError:
            continue
    raise Frozen(_("No short name is free for this. Give it another title."))


def rewrite(model, slug, title, body, *, by, shown):
    """The draft with these words; of what is published the draft of its next version, or the version itself when
    nothing was changed. Raises ChangedMeanwhile."""
    current = standing(model, slug)
    if current is None or seen(current) != shown:
        raise ChangedMeanwhile(current)
    if (current.body, current.title) == (body, _both(title)):
        return current
    if current.number is None:
        return _save_over(current, title, body, by)
    try:
        with transaction.atomic():
            return _insert(model, slug, title, body, by, after=current)
    except IntegrityError:
        raise ChangedMeanwhile(standing(model, slug)) from None


def shown_draft(model, slug, shown):
    """The draft as it was shown. Raises Frozen with a sentence."""
    draft = model.objects.draft_of(slug)
    if draft is None or seen(draft) != shown:
        raise Frozen(
            _("Somebody else changed, published or discarded “%(slug)s” meanwhile. Open it again.") % {"slug": slug}
        )
    return draft


def discard(model, slug, *, by, shown):
    """Deletes the draft; what is published stays. Raises Frozen with a sentence."""
    draft = shown_draft(model, slug, shown)
    told = _told(draft)
    with transaction.atomic():
        if not model.objects.drafts().filter(pk=draft.pk, revision=draft.revision).delete()[0]:
            raise ChangedMeanwhile(standing(model, slug))
        Event.write(f"discard-{model._meta.model_name}", actor=by, subject=draft.subject, before=told)


def _insert(model, slug, title, body, by, *, after):
    """Inserted first and checked then: the one-draft constraint makes a second writer wait for the first."""
    draft = model(slug=slug, body=body, owner=by, **_titles(title))
    for name, value in draft.columns().items():
        setattr(draft, name, value)
    draft.save()
    newest = model.objects.filter(slug=slug, number__isnull=False).order_by("-number").values_list("pk", flat=True)
    if newest.first() != (after and after.pk):
        raise IntegrityError(f"{slug} was published meanwhile")
    _tell(draft, by)
    return draft


def _save_over(draft, title, body, by):
    model = type(draft)
    columns = model(body=body).columns() | _titles(title)
    with transaction.atomic():
        found = model.objects.drafts().filter(pk=draft.pk, revision=draft.revision)
        if not found.update(body=body, revision=F("revision") + 1, **columns):
            raise ChangedMeanwhile(standing(model, draft.slug))
        draft = model.objects.get(pk=draft.pk)
        _tell(draft, by)
    return draft


def _tell(draft, by):
    Event.write(f"draft-{draft._meta.model_name}", actor=by, subject=draft.subject, after=_told(draft))


def _told(draft):
    return {"draft": draft.pk, "revision": draft.revision, "digest": digest(draft.content())}


def _titles(title):
    return {f"title_{language}": words for language, words in _both(title).items()}


def _both(title):
    return {language: title.get(language, "") for language in ("zh", "en")}
