"""Keys for clauses that have none: never one that any standard or draft holds."""

import re

from standards.formats.decoding import Refused
from standards.matching import NewKeys, match
from standards.models import Clause, Standard


class Keys:
    """Gives keys for a standard; `printed` are those its document prints."""

    def __init__(self, slug, printed=()):
        self.taken = set(Clause.objects.values_list("key", flat=True)) | set(printed)
        for _slug, keys in keys_of_drafts():
            self.taken.update(keys)
        self.keys = NewKeys(prefix_for(slug), self.taken)

    def new(self, kind):
        """One above the highest of its kind, a gap when none is left above. Raises Refused "too_many_of_a_kind"."""
        try:
            return self.keys.new(kind)
        except ValueError:
            raise Refused("too_many_of_a_kind") from None


def keys_of_drafts():
    """(slug, its clauses' keys) of every draft; one body in memory at a time, for they may be large."""
    for slug, body in Standard.objects.drafts().values_list("slug", "body").iterator(chunk_size=1):
        yield slug, [row["key"] for row in body.get("clauses", [])]


def prefix_for(slug):
    """Two to four capitals for new keys: hospital-front-desk → HFD."""
    initials = "".join(word[0] for word in re.findall(r"[a-z]+", slug))[:4].upper()
    return initials if len(initials) >= 2 else "STD"


def key_before(draft, rows, clause):
    """The key that a clause of a draft had in the version in force and that no row of the draft holds, or None:
    what was split or added by hand before gets its key again. clause: {"number", "text"}, perhaps a printed "key"."""
    newest = Standard.objects.newest().filter(slug=draft.slug).first()
    held = {row["key"] for row in rows}
    gone = [row for row in newest.body["clauses"] if row["key"] not in held] if newest else []
    if clause.get("key") in {row["key"] for row in gone}:
        return clause["key"]
    old = [{"key": row["key"], "number": row.get("number", ""), "text": _words(row["text"])} for row in gone]
    return match(old, [{"key": "", "number": clause["number"], "text": _words(clause["text"])}])[0]["key"]


def _words(text):
    return text.get("zh") or text.get("en", "")
