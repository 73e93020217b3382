"""Citing a clause from content above: every key must stand in a published standard."""

from standards.models import Citation, ContentReview, Wording


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


def cited(kind, places):
    """{(slug, key): wording id} of the words each piece of content was published on; for content whose newest
    version no longer cites the key, the last words of the clause. places: {(slug, key)}."""
    slugs, keys = {slug for slug, _ in places}, {key for _, key in places}
    found = Citation.objects.filter(kind=kind, slug__in=slugs, wording__clause__key__in=keys)
    words = {(slug, key): pk for slug, key, pk in found.values_list("slug", "wording__clause__key", "wording_id")}
    left = places - words.keys()
    current = Wording.objects.last_of({key for _, key in left}) if left else {}
    return words | {(slug, key): current[key].pk for slug, key in left if key in current}


def worded(standard, number, keys):
    """{key: wording id} of clauses in one version of a standard; of one that it holds no more, the last there was."""
    rows = Wording.objects.filter(standard__slug=standard, standard__number__lte=number, clause__key__in=set(keys))
    return dict(rows.order_by("standard__number").values_list("clause__key", "pk"))


def cite(kind, version, places):
    """Rewrites the citations of one piece of content, and closes what waited for its next version.
    places: [(clause key, place)]."""
    found = wordings([key for key, _ in places])
    Citation.objects.replace(kind, version.slug, version.number, [(found[key], place) for key, place in places])
    ContentReview.objects.revised(kind, version.slug)
