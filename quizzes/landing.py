"""Items written many at once, by the same rules as one by one: every draft and every version has its event."""

from django.db.models import F
from django.utils import timezone

from quizzes import writing
from quizzes.models import Item
from staff.frozen import digest
from staff.models import Event
from staff.publishing import publish as publish_version
from standards.importing import keep_file
from standards.models import Citation, ContentReview, Passage, Wording

BATCH = 500


def land(new, changed, *, by, publish):
    """Writes rows of an import inside the caller's transaction: `new` ones, and the next versions of `changed` ones.
    Each has slug, title, body and pictures."""
    for row in [*new, *changed]:
        for picture in row.pictures:
            keep_file(picture.name or f"{picture.key}.png", picture.data)
    drafted = _drafts_of([row.slug for row in changed])
    over = [row for row in changed if row.slug in drafted]
    fresh = [row for row in changed if row.slug not in drafted]
    rewritten = [_rewrite(row, drafted[row.slug], by) for row in over]
    if publish:
        for draft in rewritten:
            publish_version(draft, by)
        _publish([*new, *fresh], by)
    else:
        _draft([*new, *fresh], by)


def _drafts_of(slugs):
    found = {}
    for start in range(0, len(slugs), BATCH):
        found |= {draft.slug: draft for draft in Item.objects.drafts().filter(slug__in=slugs[start : start + BATCH])}
    return found


def _rewrite(row, draft, by):
    item = _item(row, by)
    found = Item.objects.drafts().filter(pk=draft.pk, revision=draft.revision)
    columns = {"title_zh": item.title_zh, "title_en": item.title_en, **item.columns()}
    if not found.update(body=row.body, revision=F("revision") + 1, **columns):
        raise writing.ChangedMeanwhile(writing.standing(row.slug))
    draft = Item.objects.get(pk=draft.pk)
    Event.write("draft-item", actor=by, subject=draft.subject, after=_told(draft))
    return draft


def _item(row, by, **more):
    item = Item(slug=row.slug, body=row.body, owner=by, title_zh=row.title["zh"], title_en=row.title["en"], **more)
    for name, value in item.columns().items():
        setattr(item, name, value)
    return item


def _told(draft):
    return {"draft": draft.pk, "revision": draft.revision, "digest": digest(draft.content())}


def _draft(rows, by):
    drafts = Item.objects.bulk_create([_item(row, by) for row in rows], batch_size=BATCH)
    Event.write_all("draft-item", actor=by, deeds=[(draft.subject, _told(draft)) for draft in drafts])


def _publish(rows, by):
    """The next version of each. That it was not written meanwhile, the database says: a number stands once."""
    if not rows:
        return
    now, numbers = timezone.now(), _numbers([row.slug for row in rows])
    items = [_item(row, by, number=numbers.get(row.slug, 0) + 1, published_at=now, published_by=by) for row in rows]
    for item in items:
        item.digest = digest(item.content())
    Item.objects.bulk_create(items, batch_size=BATCH)
    _cite(items)
    for start in range(0, len(items), BATCH):
        Passage.objects.filter(kind="item", slug__in=[item.slug for item in items[start : start + BATCH]]).delete()
    Passage.objects.bulk_create([passage for item in items for passage in item.passages()], batch_size=BATCH)
    deeds = [(item.subject, {"number": item.number, "digest": item.digest}) for item in items]
    Event.write_all("publish", actor=by, deeds=deeds)


def _numbers(slugs):
    found = {}
    for start in range(0, len(slugs), BATCH):
        rows = Item.objects.filter(slug__in=slugs[start : start + BATCH], number__isnull=False)
        for slug, number in rows.values_list("slug", "number"):
            found[slug] = max(number, found.get(slug, 0))
    return found


def _cite(items):
    """As standards.citing.cite for each, in a few statements."""
    words = Wording.objects.of_keys({key for item in items for key, _place in item.cited_places()})
    for start in range(0, len(items), BATCH):
        Citation.objects.filter(kind="item", slug__in=[item.slug for item in items[start : start + BATCH]]).delete()
    rows = [
        Citation(wording=words[key], kind="item", slug=item.slug, number=item.number, place=place)
        for item in items
        for key, place in dict.fromkeys(item.cited_places())
    ]
    Citation.objects.bulk_create(rows, batch_size=BATCH)
    for item in items:
        if item.number > 1:
            ContentReview.objects.revised("item", item.slug)
