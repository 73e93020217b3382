"""Addresses by name."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=10_000)
def url_to(name, *arguments):
    """A page has dozens of addresses, and the map of them never changes while the server runs."""
    return reverse(name, args=arguments)
