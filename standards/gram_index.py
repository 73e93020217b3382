"""The index that finds passages by their grams, on either database (docs/decisions/0036-search.md).

SQLite: a full-text table beside the passages, kept by triggers. PostgreSQL: a GIN index of what a function makes of
the grams. Django knows neither; both are made after every migrate, since SQLite drops a table's triggers when it
rebuilds it."""

from django.db import DatabaseError, connection, transaction
from django.db.models import BooleanField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from standards.folding import wanted

BROKEN = "The index of the search is not that of its passages: manage.py rebuild_search makes it anew."
TABLE, INDEX = "standards_passage", "passage_grams"
SQLITE = [
    # ascii: every other character belongs to a gram, so grams are told apart by spaces alone.
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5"
    f"(grams, content='{TABLE}', content_rowid='id', detail=none, tokenize='ascii')",
    f"INSERT INTO {INDEX}({INDEX}) VALUES('rebuild')",
]
OLD = f"INSERT INTO {INDEX}({INDEX}, rowid, grams) VALUES('delete', old.id, old.grams);"
NEW = f"INSERT INTO {INDEX}(rowid, grams) VALUES(new.id, new.grams);"
TRIGGERS = {"INSERT": NEW, "DELETE": OLD, "UPDATE": OLD + NEW}
# A function of some cost that runs in one process: or the planner walks through the rows, each with its thousand
# grams, where the index would have named them at once.
POSTGRES = [
    "CREATE OR REPLACE FUNCTION gram_vector(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE COST 500 "
    "AS $$BEGIN RETURN array_to_tsvector(string_to_array($1, ' ')); END$$",
    # Without a list of what is still to be put in order, which every search would read through until a vacuum.
    f"CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE} USING gin (gram_vector(grams)) WITH (fastupdate = off)",
]


def create():
    """Makes what is missing; what stands is left as it is."""
    tables = connection.introspection.table_names()
    if TABLE not in tables:
        return
    with connection.cursor() as cursor:
        for statement in _missing(tables):
            cursor.execute(statement)


def _missing(tables):
    if connection.vendor == "postgresql":
        return POSTGRES
    triggers = [
        f"CREATE TRIGGER IF NOT EXISTS {INDEX}_{moment.lower()} AFTER {moment} ON {TABLE} BEGIN {body} END"
        for moment, body in TRIGGERS.items()
    ]
    return ([] if INDEX in tables else SQLITE) + triggers


def rebuild():
    """Makes the index anew out of the passages."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"REINDEX INDEX {INDEX}")
        else:
            cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")
    create()


def problems():
    """Sentences on an index that is missing or says something else than the passages."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = %s AND schemaname = current_schema()", [INDEX])
            return [] if cursor.fetchone() else [BROKEN]
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        standing = {name for (name,) in cursor.fetchall()}
    whole = INDEX in tables and standing >= {f"{INDEX}_{moment.lower()}" for moment in TRIGGERS}
    return [] if whole and _agrees() else [BROKEN]


def _agrees():
    """SQLite's own comparison of the index with the table it is of; it writes nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}, rank) VALUES('integrity-check', 1)")
    except DatabaseError:
        return False
    return True


def holding(passages, words):
    """The passages in which all folded words occur: the index gives those that may, the text is asked where a word
    is more than one gram. In an order that stays while nothing is written: PostgreSQL's index gives them in that of
    the table, and asked for another it leaves the index aside."""
    passages = passages.order_by() if connection.vendor == "postgresql" else passages.order_by("pk")
    asked = [(word, *wanted(word)) for word in words]
    found = list(dict.fromkeys(gram for _word, each, _whole in asked for gram in each))
    if found:
        passages = passages.filter(_indexed(found))
    for word, _found, whole in asked:
        if not whole:
            passages = passages.filter(GreaterThan(StrIndex("plain", Value(word)), 0))
    return passages


def _indexed(found):
    # Our own names; the grams, letters and digits only, travel as a parameter.
    if connection.vendor == "postgresql":
        query = " & ".join(f"'{gram}'{':*' if goes_on else ''}" for gram, goes_on in found)
        condition = f'gram_vector("{TABLE}".grams) @@ %s::tsquery'
    else:
        query = " ".join(f'"{gram}"{"*" if goes_on else ""}' for gram, goes_on in found)
        condition = f'"{TABLE}".id IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s)'  # noqa: S608
    return RawSQL(condition, [query], output_field=BooleanField())  # noqa: S611
