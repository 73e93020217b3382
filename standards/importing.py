"""A document becomes the draft of a standard. Nothing is published by itself, nothing half written."""

import hashlib
from pathlib import PurePath

from django.core.validators import slug_re
from django.db import transaction
from django.utils.text import slugify

from staff.models import Event, File, JobRole
from standards.formats.characters import is_traditional, simplified
from standards.formats.decoding import Refused
from standards.formats.reading import media_type, read
from standards.keys import Keys, keys_of_drafts
from standards.matching import match, normalise
from standards.models import Clause, Standard
from standards.proposing import guessed, propose

SLUG = 80
RESERVED = {"import"}  # the address of the import page
DECIDED = ("kind", "weight", "roles", "threshold", "text", "reviewed")
LINEAGE = ("split_from", "joined")


def import_document(
    name, data, *, by, slug="", dry_run=False, replace=True, simplify=False, report=lambda done, total: None
):
    """The draft (None on a dry run) and what the import counted:
    {slug, title, lines, clauses, headings, skipped: [{line, text, reason}], encoding}.
    Without `replace`, a draft whose reviewed clauses are not all found again is refused (would_lose); `simplify`
    turns traditional characters into simplified ones."""
    if slug and (not slug_re.match(slug) or len(slug) > SLUG or slug in RESERVED):
        raise Refused("bad_slug", slug=slug[:SLUG])
    parsed, encoding = read(name, data)
    if simplify:
        parsed = simplified(parsed)
    slug = slug or _slug_of(parsed.title) or slug_for(name, parsed.title)
    newest = Standard.objects.newest().filter(slug=slug).first()
    draft = Standard.objects.draft_of(slug)
    rows = _rows(parsed, slug, newest, draft, report)
    if not replace:
        _refuse_to_lose(draft, rows)
    counted = {
        "slug": slug,
        "title": parsed.title.get("zh") or parsed.title.get("en") or PurePath(name).stem,
        "lines": parsed.lines,
        "clauses": len(parsed.clauses),
        "headings": len(parsed.headings),
        "skipped": parsed.skipped,
        "encoding": encoding,
    }
    if dry_run:
        return None, counted
    body = {
        "file": PurePath(name).name[:255],
        "encoding": encoding,
        "traditional": is_traditional(parsed),
        "lines": parsed.lines,
        "headings": parsed.headings,
        "clauses": rows,
        "skipped": parsed.skipped,
    }
    title = parsed.title or {"zh": counted["title"]}
    return _replace_draft(slug, title, body, name=name, data=data, by=by), counted


def _slug_of(title):
    """The slug of the standard or draft that has this title already: its next version."""
    same = {f"title_{language}": words[:200] for language, words in title.items() if words}
    return Standard.objects.filter(**same).order_by("-pk").values_list("slug", flat=True).first() if same else None


def slug_for(name, title):
    """A slug from the English title, else the file's name, else its words' sum."""
    found = slugify(title.get("en", ""))[:60] or slugify(PurePath(name).stem)[:60]
    if found in RESERVED:
        return f"{found}-standard"
    return found or "standard-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def _rows(parsed, slug, newest, draft, report):
    """The draft's clauses: each with the key it had before, and what a trainer has decided about it already."""
    begun = {row["key"]: row for row in draft.body["clauses"]} if draft else {}
    published = {row["key"]: row for row in newest.body["clauses"]} if newest else {}
    known = begun | {key: row for key, row in published.items() if key not in begun}
    words = {normalise(_words(row["text"])) for row in parsed.clauses}
    known |= {key: published[key] for key, row in begun.items() if _unsaid(row, published.get(key), words)}
    begun = {key: row for key, row in begun.items() if known[key] is row}
    old = [{"key": key, "number": row.get("number", ""), "text": _words(_read(row))} for key, row in known.items()]
    new = [{"key": row["key"], "number": row["number"], "text": _words(row["text"])} for row in parsed.clauses]
    _refuse_foreign_keys(parsed.clauses, slug)
    keys = Keys(slug, {row["key"] for row in parsed.clauses if row["key"]})
    roles = [{"slug": role.slug, "zh": role.name_zh, "en": role.name_en} for role in JobRole.objects.all()]
    rows = []
    for clause, found in zip(parsed.clauses, match(old, new), strict=True):
        proposal = propose(clause, roles)
        key = found["key"] or clause["key"] or keys.new(proposal["kind"])
        row = _row(clause, proposal | {"suggested": guessed(clause, proposal)}, key, found)
        rows.append(_decided(row, begun.get(key), published.get(key), printed=clause.get("weight")))
        if len(rows) % 50 == 0:
            report(len(rows), len(parsed.clauses))
    report(len(rows), len(parsed.clauses))
    return _parted(rows)


def _parted(rows):
    """The rows, none of which says that it took in a clause that stands by itself again."""
    standing = {row["key"] for row in rows}
    for row in rows:
        if standing & set(row.get("joined", ())):
            row["joined"] = [key for key in row["joined"] if key not in standing]
    return [{name: value for name, value in row.items() if (name, value) != ("joined", [])} for row in rows]


def _unsaid(begun, published, words):
    """Does the document say what is published, and not what the review has made of it by cutting or joining?"""
    said = [normalise(_words(_read(row))) in words for row in (begun, published or begun)]
    return said == [False, True]


def _row(clause, proposal, key, found):
    return {
        "key": key,
        "number": clause["number"],
        "heading": clause["heading"],
        "lines": clause["lines"],
        "read": clause["text"],
        "text": clause["text"],
        "by": found["by"],
        "candidates": found.get("candidates", []),
        "reviewed": False,
        **proposal,
    }


def _decided(row, begun, published, *, printed):
    """The row with what was decided before: all of it where the document says the same as it did, else
    kind, weight, roles and threshold only. Words that are published as they stand need no second review."""
    before = begun or published
    if before is None:
        return row
    row |= {name: before[name] for name in LINEAGE if name in before}
    suggested = before.get("suggested", []) if before is begun else []
    if _same(_read(before), row["read"]):
        decided = {name: before.get(name, row[name]) for name in DECIDED}
        return row | decided | {"reviewed": _reviewed(begun, published), "suggested": suggested}
    if printed:
        return row
    kept = {name: before[name] for name in ("kind", "weight", "roles", "threshold")}
    return row | kept | {"suggested": suggested}


def _reviewed(begun, published):
    return begun["reviewed"] if begun else published is not None


def _read(row):
    """The words of a clause as its document had them, whatever the review made of them."""
    return row.get("read") or row["text"]


def _same(old, new):
    return all(normalise(old.get(language, "")) == normalise(new.get(language, "")) for language in ("zh", "en"))


def _words(text):
    return text.get("zh") or text.get("en", "")


def _refuse_to_lose(draft, rows):
    """Raises Refused when clauses somebody has reviewed would be gone with the old draft."""
    if draft is None:
        return
    kept = {row["key"]: row["text"] for row in rows if row["reviewed"]}
    lost = [row["key"] for row in draft.body["clauses"] if row["reviewed"] and kept.get(row["key"]) != row["text"]]
    if lost:
        raise Refused("would_lose", slug=draft.slug, lost=len(lost), keys=", ".join(lost[:5]))


def _refuse_foreign_keys(clauses, slug):
    printed = [(row["key"], row["line"]) for row in clauses if row["key"]]
    seen = {}
    for key, line in printed:
        if key in seen:
            raise Refused("key_twice", key=key, first=seen[key], line=line)
        seen[key] = line
    foreign = Clause.objects.filter(key__in=seen).exclude(standard_slug=slug).first()
    if foreign:
        raise Refused("key_of_another", key=foreign.key, line=seen[foreign.key], slug=foreign.standard_slug)
    for other, keys in keys_of_drafts() if seen else ():
        for key in keys:
            if other != slug and key in seen:
                raise Refused("key_of_another", key=key, line=seen[key], slug=other)


def _replace_draft(slug, title, body, *, name, data, by):
    with transaction.atomic():
        Standard.objects.drafts().filter(slug=slug).delete()
        draft = Standard.objects.create(
            slug=slug,
            title_zh=title.get("zh", "")[:200],
            title_en=title.get("en", "")[:200],
            body=body,
            owner=by,
            source=keep_file(name, data, body["encoding"]),
        )
        told = {"clauses": len(body["clauses"]), "draft": draft.pk, "sha256": draft.source.sha256}
        Event.write("import", actor=by, subject=f"standard:{slug}", after=told)
    return draft


def keep_file(name, data, how=""):
    """The stored File of these bytes; the same bytes are kept once."""
    sha256 = hashlib.sha256(data).hexdigest()
    kind = media_type(name, how)
    found, _ = File.objects.get_or_create(
        sha256=sha256,
        defaults={"name": PurePath(name).name[:255], "media_type": kind, "size": len(data), "data": data},
    )
    return found
