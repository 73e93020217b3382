"""Proving that nothing frozen was changed behind the application's back: every digest is computed
again, every deed's event held beside its rows, every register counted again, the triggers compared.

Each check gives (how many rows it read, [Difference]); `verify` runs them all. A row that cannot be
read is a difference of its own and never ends the run.
"""

from config.verifying.content import files, versions, wordings
from config.verifying.database import references, triggers
from config.verifying.deeds import events
from config.verifying.reading import Difference, unreadable
from config.verifying.records import appraisals, attempts, lessons, observations, scores
from config.verifying.registers import assignments, citations, passages
from staff.models import GENESIS, Event

CHECKS = {
    "versions": versions,
    "wordings": wordings,
    "files": files,
    "attempts": attempts,
    "scores": scores,
    "observations": observations,
    "appraisals": appraisals,
    "lessons": lessons,
    "events": events,
    "citations": citations,
    "passages": passages,
    "assignments": assignments,
    "references": references,
    "triggers": triggers,
}


def verify(head=""):
    """{"checked": {name: rows}, "differences": [Difference], "head": the newest event's hash}.
    head: a hash written down earlier; when no event bears it any more, a tail was removed.
    Raises DatabaseError when there is nothing to read from."""
    checked, differences = {}, []
    newest = Event.objects.order_by("-pk").values_list("hash", flat=True).first() or GENESIS
    for name, check in CHECKS.items():
        try:
            checked[name], found = check()
        except Exception as error:  # the other checks still have something to say
            checked[name], found = 0, [Difference(name, "-", unreadable(error))]
        differences += found
    if head and head != GENESIS and not Event.objects.filter(hash=head).exists():
        differences.append(Difference("staff.event", "-", f"No event bears the hash {head}: the end was removed."))
    # A broken row is met by every check that reads it.
    return {"checked": checked, "differences": list(dict.fromkeys(differences)), "head": newest}


__all__ = ["CHECKS", "Difference", "events", "triggers", "verify"]
