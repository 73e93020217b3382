"""The register that a search reads, written anew from the published content of every app."""

from django.db import connection, transaction

from courses.models import Course
from quizzes.models import Item, Scenario
from standards import gram_index
from standards.models import Passage, Standard

FOUND = (Standard, Course, Item, Scenario)


def fill_if_empty():
    """After a migrate: a database older than the search has content and no passages."""
    ready = {model._meta.db_table for model in (*FOUND, Passage)} <= set(connection.introspection.table_names())
    if ready and not Passage.objects.exists():
        refill()


def refill():
    """Writes every passage and the index anew; how many there are."""
    with transaction.atomic():
        Passage.objects.all().delete()
        for model in FOUND:
            for version in model.objects.newest().order_by("pk").iterator(50):
                Passage.objects.replace(version)
        gram_index.rebuild()
    return Passage.objects.count()
