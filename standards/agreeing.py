"""The terms a draft is published on, and the second person who agrees to it as it stands.

Terms: from when the version is in force, and which clauses are reworded without another meaning. They are kept in the
draft's body: {"effective_on": "2026-12-01"}, and on such a clause `editorial`, the reason. Whoever agrees signs the sum
of the whole: another word, another date or another tick, and it is agreed to no more."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.frozen import Frozen, digest, utc
from staff.models import Event
from standards.models import Standard

# What is in a draft's body and no part of what one agrees to.
BESIDE = ("asked", "agreed", "undo")


class NotAgreed(Exception):
    """A second person is asked for, and has not agreed to this draft as it stands."""


def with_terms(body, effective_on, editorial=(), reason=""):
    """A draft's body on these terms. effective_on: a date; editorial: keys of clauses; reason: why they stand."""
    plain = [{name: value for name, value in row.items() if name != "editorial"} for row in body["clauses"]]
    rows = [row | {"editorial": reason} if row["key"] in editorial else row for row in plain]
    return body | {"clauses": rows, "effective_on": effective_on.isoformat()}


def terms(body):
    """{"effective_on": date or None, "editorial": {keys}, "reason"} that a draft holds by now."""
    day = body.get("effective_on")
    reasons = {row["key"]: row["editorial"] for row in body["clauses"] if row.get("editorial")}
    return {
        "effective_on": date.fromisoformat(day) if day else None,
        "editorial": set(reasons),
        "reason": next(iter(reasons.values()), ""),
    }


def sum_of(draft):
    """What agreeing signs: the title, every clause and the terms, as a digest."""
    body = {name: value for name, value in draft.body.items() if name not in BESIDE}
    return digest({"title": draft.title, "body": body})


def agreed(draft):
    """Who agreed to this draft as it stands: {"by", "at"}, or None; a later change has made it void."""
    found = draft.body.get("agreed")
    return found if found and found["of"] == sum_of(draft) else None


def ask(draft, by, terms):
    """Keeps the terms in the draft and says that it waits for a second person. Raises Frozen when it changed."""
    body = with_terms(draft.body, **terms)
    body = {name: value for name, value in body.items() if name not in BESIDE}
    asked = {"by": by.pk, "at": utc(timezone.now())}
    _save(draft, body | {"asked": asked}, "ask-review", by=by)


def agree(draft, by):
    """By a second person, to the draft as it stands. Raises Frozen when it changed meanwhile."""
    found = {"by": by.pk, "of": sum_of(draft), "at": utc(timezone.now())}
    _save(draft, draft.body | {"agreed": found}, "agree", by=by)


def _save(draft, body, verb, *, by):
    with transaction.atomic():
        rows = Standard.objects.drafts().filter(pk=draft.pk, revision=draft.revision)
        if not rows.update(body=body, revision=F("revision") + 1):
            raise Frozen(_("Somebody else changed this draft meanwhile. Look at it as it stands now."))
        draft.body = body
        Event.write(verb, actor=by, subject=f"standard:{draft.slug}:draft", after={"of": sum_of(draft)})


def check_agreed(draft, by):
    """Raises NotAgreed where the installation asks for two and nobody but the publisher has agreed to this."""
    if not settings.PUBLISHING_NEEDS_TWO:
        return
    found = agreed(draft)
    if found is None:
        raise NotAgreed(
            _("Another trainer has to agree to this draft as it stands, with this date and these marks. Ask for it.")
        )
    if found["by"] == by.pk:
        raise NotAgreed(_("You agreed to this draft yourself. Somebody else has to publish it."))


def without_void(draft, by):
    """The draft's body as it is published: an agreement stays only when it is a second person's, and to this."""
    found = agreed(draft)
    void = () if found and found["by"] != by.pk else ("asked", "agreed")
    return {name: value for name, value in draft.body.items() if name not in void}
