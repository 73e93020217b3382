"""Texts in two languages: {"zh": …, "en": …}, at least one present."""


def text(leaf, language):
    """(string, fell_back): the leaf in `language` ("zh…" or "en"), else the other with fell_back True."""
    want, other = ("zh", "en") if language.startswith("zh") else ("en", "zh")
    leaf = leaf or {}
    if leaf.get(want):
        return leaf[want], False
    return leaf.get(other, ""), bool(leaf.get(other))


def label(version, language):
    """The title of a version row in a language."""
    return text(version.title, language)[0] or version.slug
