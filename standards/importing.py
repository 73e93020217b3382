"""A document becomes the draft of a standard. Nothing is published by itself, nothing half written."""

import hashlib
import re
from pathlib import PurePath

from django.core.validators import slug_re
from django.db import transaction
from django.utils.text import slugify

from staff.models import Event, File, JobRole
from standards.formats.text import Refused, read
from standards.matching import match, new_key
from standards.models import Clause, Standard
from standards.proposing import propose


def import_document(name, data, *, by, slug="", dry_run=False, report=lambda done, total: None):
    """The draft (None on a dry run) and what the import counted:
    {slug, title, lines, clauses, headings, skipped: [{line, text, reason}], encoding}."""
    if slug and not slug_re.match(slug):
        raise Refused("bad_slug", slug=slug)
    parsed, encoding = read(data)
    slug = slug or slug_for(name, parsed.title)
    rows = _clauses(parsed, slug, report)
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
        "encoding": encoding,
        "lines": parsed.lines,
        "headings": parsed.headings,
        "clauses": rows,
        "skipped": parsed.skipped,
    }
    draft = _replace_draft(slug, parsed.title or {"zh": counted["title"]}, body, name=name, data=data, by=by)
    return draft, counted


def slug_for(name, title):
    """A slug from the English title, else the file's name, else its words' sum."""
    found = slugify(title.get("en", ""))[:60] or slugify(PurePath(name).stem)[:60]
    return found or "standard-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def _clauses(parsed, slug, report):
    newest = Standard.objects.newest().filter(slug=slug).first()
    old = _old_rows(newest)
    roles = [{"slug": role.slug, "zh": role.name_zh, "en": role.name_en} for role in JobRole.objects.all()]
    matches = match(old, [{"key": row["key"], "number": row["number"], "text": _words(row)} for row in parsed.clauses])
    _refuse_foreign_keys(parsed.clauses, slug)
    taken = set(Clause.objects.values_list("key", flat=True)) | {row["key"] for row in parsed.clauses if row["key"]}
    before = {row["key"]: row for row in old}
    rows = []
    for clause, found in zip(parsed.clauses, matches, strict=True):
        proposal = propose(clause, roles)
        key = found["key"] or clause["key"] or new_key(prefix_for(slug), taken, kind=proposal["kind"])
        taken.add(key)
        rows.append(_row(clause, proposal, key, found, before.get(key)))
        if len(rows) % 50 == 0:
            report(len(rows), len(parsed.clauses))
    report(len(rows), len(parsed.clauses))
    return rows


def _row(clause, proposal, key, found, before):
    row = {
        "key": key,
        "number": clause["number"],
        "heading": clause["heading"],
        "lines": clause["lines"],
        "text": clause["text"],
        "by": found["by"],
        "candidates": found.get("candidates", []),
        "reviewed": False,
        **proposal,
    }
    if before and not clause.get("weight"):
        row |= {name: before[name] for name in ("kind", "weight", "roles", "threshold")}
    return row


def _old_rows(newest):
    if newest is None:
        return []
    return [row | {"text": _words(row), "number": row.get("number", "")} for row in newest.body["clauses"]]


def _words(row):
    return row["text"].get("zh") or row["text"].get("en", "")


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


def prefix_for(slug):
    """Three capitals for new keys: hospital-front-desk → HFD."""
    initials = "".join(word[0] for word in re.findall(r"[a-z]+", slug))[:4].upper()
    return initials if len(initials) >= 2 else "STD"


def _replace_draft(slug, title, body, *, name, data, by):
    with transaction.atomic():
        Standard.objects.drafts().filter(slug=slug).delete()
        draft = Standard.objects.create(
            slug=slug,
            title_zh=title.get("zh", "")[:200],
            title_en=title.get("en", "")[:200],
            body=body,
            owner=by,
            source=keep_file(name, data),
        )
        Event.write(
            "import", actor=by, subject=f"standard:{slug}", after={"clauses": len(body["clauses"]), "draft": draft.pk}
        )
    return draft


def keep_file(name, data):
    """The stored File of these bytes; the same bytes are kept once."""
    sha256 = hashlib.sha256(data).hexdigest()
    media_type = "text/markdown" if name.lower().endswith(".md") else "text/plain"
    found, _ = File.objects.get_or_create(
        sha256=sha256,
        defaults={"name": PurePath(name).name[:255], "media_type": media_type, "size": len(data), "data": data},
    )
    return found
