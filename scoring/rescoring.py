"""Voiding, re-keying, re-weighing or re-pointing an item version after people answered it: a dry run that lists who
changes, and a deed that writes exactly that list."""

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Assignment
from jobs.running import every, kind, send
from quizzes.item_rules import item_problems
from quizzes.models import Attempt, Item
from scoring.judged import Judged, holding, judged
from scoring.models import Appraisal, Basis, Mark, Rescoring, Score
from scoring.remarking import BATCH, bases, batches, bodies_by, percent_words, remark, write
from staff.frozen import digest
from staff.models import Event

AT_ONCE = 200  # more attempts than these are a job
CATCH_UP = timedelta(minutes=10)
VOID, REKEY, REWEIGH, REPOINT = Rescoring.KINDS
# What each type is keyed by; what only people mark has no key.
KEYS = {
    **dict.fromkeys(("single", "multiple"), ("right", "credit")),
    **dict.fromkeys(("truefalse", "ordering", "rank"), ("right",)),
    "bestworst": ("best", "worst"),
    "matching": ("pairs",),
    "numeric": ("answers",),
    "fill": ("blanks",),
}


class CannotRescore(Exception):
    """What was proposed is no way to judge this item, or changes nothing; str() is a sentence."""


class ListChanged(Exception):
    """The list is not the one that was shown: somebody handed in, or was marked, meanwhile."""


class Change(NamedTuple):
    """What one attempt's result was and becomes; percents as "66.7" or None."""

    attempt: int
    before: str | None
    after: str | None
    passed_before: bool | None
    passed_after: bool | None

    @property
    def percent_changes(self):
        return self.before != self.after

    @property
    def up(self):
        return bool(self.passed_after) and not self.passed_before

    @property
    def down(self):
        return bool(self.passed_before) and self.passed_after is False


class Plan(NamedTuple):
    """A dry run: attempts that were asked the item, and the changes among them in the order of their ids."""

    item: Item
    kind: str
    void: bool
    change: dict
    asked: int
    changes: list

    @property
    def digest(self):
        """Covers what is judged by and every row of the list."""
        rows = [list(each) for each in self.changes]
        return digest({"item": self.item.pk, "void": self.void, "change": self.change, "rows": rows})


def kinds_of(item):
    """Which kinds of rescoring an item can have."""
    kinds = [VOID, REKEY, REWEIGH, REPOINT]
    has = {REKEY: item.body["type"] in KEYS, REPOINT: "rubric" in item.body}
    return [each for each in kinds if has.get(each, True)]


def judgement(item, kind, fields):
    """(void, change) that a rescoring puts in place: whole, with what earlier ones changed. fields: those of the body.
    Raises CannotRescore."""
    now = judged(item)
    if kind not in kinds_of(item):
        raise CannotRescore(_("An item of this type cannot be rescored in this way."))
    known = {VOID: (), REKEY: KEYS.get(item.body["type"], ()), REWEIGH: ("points",), REPOINT: ("rubric",)}[kind]
    if strange := sorted(set(fields) - set(known)):
        raise CannotRescore(_("%(names)s cannot be changed in this way.") % {"names": ", ".join(strange)})
    body = now.body | fields
    written = {name: body[name] for name in body if name != "changed_in"}  # what publishing a standard adds
    if problems := [sentence for _place, sentence in item_problems(written)]:
        raise CannotRescore(" ".join(problems[:5]))
    if kind == REPOINT and [_words(row) for row in body["rubric"]] != [_words(row) for row in item.body["rubric"]]:
        raise CannotRescore(_("Only the points of the criteria can be changed, not their words."))
    if (kind == VOID, body) == (now.void, now.body):
        raise CannotRescore(_("This is how the item is judged already: nothing would change."))
    return kind == VOID, {name: body[name] for name in body if body[name] != item.body.get(name)}


def _words(row):
    return row["key"], row["text"]


def asked(item):
    """Ids of the closed attempts whose paper has this item version."""
    found = Mark.objects.filter(item=item).order_by("score__attempt").values_list("score__attempt", flat=True)
    return list(found.distinct())


def dry_run(item, kind, fields):
    """The Plan of a rescoring. Nothing is written. Raises CannotRescore."""
    void, change = judgement(item, kind, fields)
    proposed = {item.pk: Judged(item.body | change, void, None)}
    attempts = asked(item)
    return Plan(item, kind, void, change, len(attempts), list(_changes(attempts, bodies_by(proposed=proposed))))


def _changes(attempts, bodies):
    for ids in batches(attempts):
        for basis in bases(ids):
            found = remark(basis, bodies)
            if found:
                before, after = found.before, found.score
                percents = percent_words(before.percent), percent_words(after.percent)
                yield Change(basis.attempt.pk, *percents, before.passed, after.passed)


def rescore(item, kind, fields, *, by, reason, shown):
    """Writes the Rescoring and, as new scores, exactly the list of the dry run `shown` is the digest of; many of them
    as a job. (Rescoring, Job or None). Raises ListChanged, CannotRescore."""
    before, plan = _standing(item), dry_run(item, kind, fields)
    if plan.digest != shown:
        raise ListChanged
    with transaction.atomic():
        if _standing(item, lock=True) != before:  # so that a long list is not computed under a lock
            raise ListChanged
        row = Rescoring.objects.create(
            item=item,
            kind=kind,
            void=plan.void,
            change=plan.change,
            affected=[list(each) for each in plan.changes],
            reason=reason,
            by=by,
        )
        told = {"rescoring": row.pk, "digest": rescoring_digest(row), "n": len(plan.changes)}
        Event.write("rescore", actor=by, subject=item.subject, after=told)
        if len(plan.changes) <= AT_ONCE:
            carry_out(row)
            return row, None
        parameters = {"rescoring": row.pk}
        return row, send(
            "rescore", item.slug, owner=by, parameters=parameters, dedupe_key=f"rescore:{row.pk}", limit_s=900
        )


def _standing(item, *, lock=False):
    """What a list rests on: the rescoring that holds, and the score that each attempt has now."""
    attempts = Attempt.objects.filter(pk__in=asked(item)).order_by("pk")
    ids = list((attempts.select_for_update() if lock else attempts).values_list("pk", flat=True))
    found = [Score.objects.current().filter(attempt__in=some).values_list("pk", flat=True) for some in batches(ids)]
    return holding().get(item.pk), [pk for some in found for pk in some]


def carry_out(row, report=lambda done, total: None):
    """Marks the attempts of a rescoring anew, some hundred in a transaction. What is written already differs in nothing
    and is passed over, so it may be killed and begun again. How many scores were written."""
    attempts, written, done = [each[0] for each in row.affected], 0, 0
    for ids in batches(attempts):
        with transaction.atomic():
            bodies = bodies_by()
            found = [remark(basis, bodies, by=row.by, note=row.reason) for basis in bases(ids, lock=True)]
            written += len(write([each for each in found if each], by=row.by, subject=f"rescoring:{row.pk}"))
        done += len(ids)
        report(done, len(attempts))
    return written


@kind("rescore")
def rescore_job(job):
    """{"rescoring", "written"}"""
    row = Rescoring.objects.select_related("by", "item").get(pk=job.parameters["rescoring"])
    return {"rescoring": row.pk, "item": row.item.slug, "written": carry_out(row, job.report)}


@every(60, "catch-up-rescorings")
def catch_up():
    """An attempt that was handed in while an item was being rescored may have been marked by the old key: it is marked
    anew."""
    now = timezone.now()
    for row in Rescoring.objects.filter(recorded_at__gt=now - CATCH_UP).select_related("by"):
        near = (row.recorded_at - CATCH_UP, row.recorded_at + CATCH_UP)
        late = Mark.objects.filter(item=row.item_id, score__attempt__closed_at__range=near)
        found = set(late.order_by().values_list("score__attempt", flat=True)) - {each[0] for each in row.affected}
        ids = sorted(found)[:BATCH]
        with transaction.atomic():
            bodies = bodies_by()
            found = [remark(basis, bodies, by=row.by, note=row.reason) for basis in bases(ids, lock=True)]
            write([each for each in found if each], by=row.by, subject=f"rescoring:{row.pk}")


def rescoring_digest(row):
    """The reason as well: it is the trainer's own words, told to learners."""
    return digest(
        {
            "item": row.item_id,
            "kind": row.kind,
            "void": row.void,
            "change": row.change,
            "affected": row.affected,
            "reason": row.reason,
            "by": row.by_id,
        }
    )


# --- what a page shows beside the list ----------------------------------------------


def people_of(changes):
    """{attempt: Attempt with its person and quiz} of some rows of a list; two statements at most."""
    rows = Attempt.objects.filter(pk__in=[each.attempt for each in changes])
    return rows.select_related("person", "quiz").defer("paper").in_bulk()


def signed_on(changes):
    """The signed appraisals that rest on results which change. They are not altered; a revision is for the
    appraiser."""
    moved = [each.attempt for each in changes if each.percent_changes]
    found = set()
    for ids in batches(moved, 500):
        rests = Basis.objects.filter(score__attempt__in=ids, score__in=Score.objects.current())
        found |= set(rests.values_list("appraisal", flat=True))
    return list(Appraisal.objects.current().filter(pk__in=found).select_related("person").order_by("period", "person"))


def paths_of(changes):
    """How many open paths a result that passes now goes on with, as far as these quizzes stand on them."""
    up = [each.attempt for each in changes if each.up]
    found = set()
    for ids in batches(up, 500):
        people = dict(Attempt.objects.assessed().filter(pk__in=ids).values_list("person", "slug"))
        for path in Assignment.objects.open().filter(person__in=people).select_related("path"):
            steps = {(step["kind"], step["slug"]) for step in path.path.steps}
            if ("quiz", people[path.person_id]) in steps:
                found.add(path.pk)
    return len(found)
