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
    """{(slug, key): wording id} of the words that a version of content was published on, also when a newer version of
    it stands, or none any more. places: {(slug, key): that version}."""
    slugs, keys = {slug for slug, _ in places}, {key for _, key in places}
    rows = Citation.objects.filter(kind=kind, slug__in=slugs, wording__clause__key__in=keys)
    rows = rows.values_list("slug", "wording__clause__key", "number", "wording_id")
    told = {(slug, key, number): pk for slug, key, number, pk in rows}
    found = {place: told.get((*place, version.number)) for place, version in places.items()}
    left = [place for place, pk in found.items() if pk is None]
    words = _through_time({key for _, key in left}) if left else {}
    for slug, key in left:
        found[slug, key] = _standing_at(places[slug, key].published_at, words.get(key, ()))
    return {place: pk for place, pk in found.items() if pk}


def _through_time(keys):
    """{key: [(when its words were published, wording id)]}, the first first."""
    found = {}
    rows = Wording.objects.filter(clause__key__in=keys).order_by("standard__number")
    for key, moment, pk in rows.values_list("clause__key", "standard__published_at", "pk"):
        found.setdefault(key, []).append((moment, pk))
    return found


def _standing_at(moment, words):
    """The words that stood at a moment; the first there were, when none did."""
    before = [pk for published, pk in words if published <= moment]
    return (before or [pk for _, pk in words[:1]] or [None])[-1]


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
