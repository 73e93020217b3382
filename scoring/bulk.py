"""One change to many items of the bank at once (docs/decisions/0047): looked at first, then done whole.

A published version never changes: each item gets its next version, published in the same transaction. What somebody is
still writing is left out and said so."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.item_rules import DIFFICULTIES, check_item
from quizzes.models import Item
from quizzes.writing import NotSound
from scoring.retiring import take_out, undrawable
from staff.frozen import Frozen, digest
from staff.models import Event
from staff.publishing import publish
from standards.citing import UnknownClause
from standards.models import ContentReview, Wording

MOST = 200
CHANGED, SAME, LEFT = "changed", "same", "left"


class Overtaken(Frozen):
    """What would happen is no longer what was shown."""


@dataclass
class Step:
    """What happens to one item: `what` is CHANGED, SAME or LEFT; `why` says why it is left out."""

    item: Item
    what: str
    why: str = ""
    body: dict | None = None


def plan(slugs, deed, value, *, by):
    """[Step] of each item, in the order given; of those that exist."""
    slugs = list(dict.fromkeys(slugs))[:MOST]
    rows = {row.slug: row for row in Item.objects.shelved().filter(slug__in=slugs)}
    waiting = ContentReview.objects.waiting().filter(kind="item", state=ContentReview.REVISE)
    revising = set(waiting.values_list("slug", flat=True))
    clauses = {key for row in rows.values() for key in row.body["cites"]}
    known = Wording.objects.of_keys(clauses).keys()
    steps = [_step(rows[slug], deed, value, by, revising, known) for slug in slugs if slug in rows]
    return _spared(steps) if deed == "retire" else steps


def _spared(steps):
    """With those left out that some quiz needs."""
    needed = undrawable([step.item.slug for step in steps if step.what == CHANGED])
    return [Step(step.item, LEFT, needed[step.item.slug]) if step.item.slug in needed else step for step in steps]


def _step(item, deed, value, by, revising, known):
    if item.retired_at:
        return Step(item, SAME if deed == "retire" else LEFT, _("It is out of the bank."))
    if deed == "owner":
        return Step(item, SAME if item.owner_id == value.pk else CHANGED)
    if deed == "publish":
        return _published(item, known)
    if item.begun or (item.number is None and item.owner_id != by.pk):
        return Step(item, LEFT, _("Somebody is writing on it: publish or discard the draft first."))
    if deed == "retire":
        return Step(item, CHANGED) if item.number else Step(item, LEFT, _("It was never published: discard its draft."))
    body = relabelled(item.body, deed, value)
    if body == item.body:
        return Step(item, SAME)
    if item.number and item.slug in revising:
        return Step(item, LEFT, _("A clause it cites has changed: revise it for that first."))
    return _sound(item, body, known if item.number else None)


def _published(item, known):
    draft = item if item.number is None else Item.objects.draft_of(item.slug)
    return _sound(draft, draft.body, known) if draft else Step(item, SAME)


def _sound(item, body, known):
    """Changed, unless its rules or its clauses forbid to publish it. known: the clauses in force, or None."""
    if problems := check_item(body):
        return Step(item, LEFT, _(problems[0].sentence).format(**problems[0].values))
    if known is not None and (gone := [key for key in body["cites"] if key not in known]):
        return Step(item, LEFT, _("Clause %(key)s is no longer in force: cite another one first.") % {"key": gone[0]})
    return Step(item, CHANGED, body=body)


def relabelled(body, deed, value):
    """An item's body with one label changed."""
    if deed in DIFFICULTIES:
        return body | {"difficulty": deed}
    name = {"tag": "tags", "role": "roles"}[deed.partition("_")[2]]
    had = list(body.get(name, ()))
    now = [each for each in had if each != value] + ([value] if deed.startswith("add_") else [])
    if set(now) == set(had):
        return body
    return {key: each for key, each in body.items() if key != name} | ({name: now} if now else {})


def shown(steps):
    """A short word for what a page showed: it does not hold when an item was changed meanwhile."""
    return digest([[step.item.pk, step.item.revision, step.what] for step in steps])


def change(slugs, deed, value, *, by, seen):
    """Does what plan() says; how many items it changed. Raises Overtaken when that is not what was shown, and Frozen
    with a sentence when one of them cannot be done; then none is."""
    with transaction.atomic():
        steps = plan(slugs, deed, value, by=by)
        doing = [step for step in steps if step.what == CHANGED]
        if doing and shown(steps) != seen:
            raise Overtaken(_("Somebody changed one of these items meanwhile. Look again at what would happen."))
        for step in doing:
            _do(step, deed, value, by)
    return len(doing)


def _do(step, deed, value, by):
    item = step.item
    if deed == "retire":
        take_out("item", item.slug, by)
    elif deed == "owner":
        Item.objects.filter(slug=item.slug).update(owner=value)
        Event.write("hand-over", actor=by, subject=f"item:{item.slug}", after={"owner": value.pk})
    elif deed == "publish":
        _publish(item, by)
    elif item.number is None:
        _relabel(item, step.body, by)
    else:
        columns = {"title_zh": item.title_zh, "title_en": item.title_en, "owner": item.owner}
        _publish(Item.objects.create(slug=item.slug, body=step.body, **columns), by)


def _publish(draft, by):
    try:
        publish(draft, by)
    except UnknownClause as unknown:
        raise NotSound(f"{draft.slug}: {unknown}") from None


def _relabel(draft, body, by):
    draft.body, draft.revision = body, draft.revision + 1
    fields = {"body": body, "revision": draft.revision, **draft.columns()}
    Item.objects.drafts().filter(pk=draft.pk).update(**fields)
    told = {"draft": draft.pk, "revision": draft.revision, "digest": digest(draft.content())}
    Event.write("draft-item", actor=by, subject=draft.subject, after=told)
