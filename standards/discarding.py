"""Discarding a standard's draft: a document read by mistake, or under the wrong short name. Its file stays a record."""

from django.db import transaction
from django.utils.translation import gettext as _

from staff.frozen import Frozen
from staff.models import Event
from standards.models import Standard
from standards.reviewing import unreviewed


def shown(draft):
    """A short sum of the draft as it is shown: a form carries it, so that a change meanwhile shows."""
    return f"{draft.pk}-{draft.revision}"


def discard(draft, *, by, seen):
    """Deletes the draft as it was seen; what is published stays. Raises Frozen with a sentence."""
    reviewed = len(draft.body["clauses"]) - unreviewed(draft)
    told = {"draft": draft.pk, "revision": draft.revision, "reviewed": reviewed}
    with transaction.atomic():
        here = Standard.objects.drafts().filter(pk=draft.pk, revision=draft.revision)
        if seen != shown(draft) or not here.delete()[0]:
            raise Frozen(
                _("Somebody else changed or published this draft meanwhile. Look at it before you discard it.")
            )
        Event.write("discard-standard", actor=by, subject=f"standard:{draft.slug}", before=told)
