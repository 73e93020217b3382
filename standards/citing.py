"""Citing a clause from content above: every key must stand in a published standard."""

from standards.models import Citation, Wording


class UnknownClause(Exception):
    """A cited key that no published standard holds. `key` is the key."""

    def __init__(self, key):
        super().__init__(f"No published standard holds clause {key}. Publish its standard first, or mend the key.")
        self.key = key


def wordings(keys):
    """{key: current wording}; raises UnknownClause for the first that is missing."""
    found = Wording.objects.of_keys(keys)
    for key in keys:
        if key not in found:
            raise UnknownClause(key)
    return found


def cite(kind, version, places):
    """Rewrites the citations of one piece of content. places: [(clause key, place)]."""
    found = wordings([key for key, _ in places])
    Citation.objects.replace(kind, version.slug, version.number, [(found[key], place) for key, place in places])
