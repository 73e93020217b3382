"""The body an item is judged by: its own, or what its newest rescoring put in its place."""

from functools import lru_cache
from typing import NamedTuple

from scoring.models import Rescoring
from staff.prepared import Prepared


class Judged(NamedTuple):
    """rescoring: the id of the one that holds, or None; void: the item no longer counts."""

    body: dict
    void: bool = False
    rescoring: int | None = None

    @property
    def counting(self):
        """The body, or None where the item no longer counts (scoring.marks)."""
        return None if self.void else self.body


# Few rows: an item that was wrong after people answered it is the exception.
ALL = Prepared(lambda: Rescoring.objects.order_by("pk").values_list("item_id", "pk", "recorded_at"))


def holding():
    """{item version: (id, moment) of its newest rescoring}, in one statement."""
    return {item: (pk, moment) for item, pk, moment in ALL()}


@lru_cache(maxsize=1_000)
def _said(pk, moment):  # the moment too: a rolled-back id is given again
    return Rescoring.objects.values_list("void", "change").get(pk=pk)


def judged(item, standing=None):
    """How an item version is judged from now on. standing: as holding() gives it."""
    standing = holding() if standing is None else standing
    if item.pk not in standing:
        return Judged(item.body)
    void, change = _said(*standing[item.pk])
    return Judged(item.body | change, void, standing[item.pk][0])


def as_recorded(rescorings):
    """{item version: Judged} of these rescorings, whether or not they hold still."""
    return {row.item_id: Judged(row.item.body | row.change, row.void, row.pk) for row in rescorings}


def flags(judgements):
    """What a score says of them: {"rescored": ids}, or nothing."""
    ids = sorted({by.rescoring for by in judgements if by.rescoring})
    return {"rescored": ids} if ids else {}
