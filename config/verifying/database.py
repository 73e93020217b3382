"""The database's own rules: triggers by what they say, and keys that point at a row."""

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey

from config.verifying.reading import Difference
from staff import frozen


def triggers():
    """By their whole text: a trigger of the same name that does nothing is no rule."""
    wanted, standing = frozen.wanted_texts(), frozen.standing_texts()
    tables, ours = {model._meta.db_table for model in frozen.frozen_models()}, frozen.standing_triggers()
    texts = {name: text for name, _table, text in standing}
    missing = [
        Difference("trigger", name, "Is missing: this table can be changed.")
        for name in sorted(wanted.keys() - texts.keys())
    ]
    replaced = [
        Difference("trigger", name, "Is not as we wrote it: this table can be changed.")
        for name, _table, text in standing
        if name in wanted and text != wanted[name]
    ]
    strange = [
        Difference("trigger", name, "Is not one of ours.")
        for name, table, _text in standing
        if name not in wanted and (table in tables or name in ours)
    ]
    return len(standing), missing + replaced + strange


def references():
    """Rows that point at nothing: keys are not checked while somebody has them switched off. One statement."""
    keys = [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(_dangling(place, *key) for place, key in enumerate(keys)) + " ORDER BY 1, 2")
        rows = cursor.fetchall()
    return len(keys), [_points_at_nothing(*keys[place], pk) for place, pk in rows]


def _dangling(place, model, field):
    """The SQL of (place, id) of every row whose key finds nothing."""
    name = connection.ops.quote_name
    table, column, own = name(model._meta.db_table), name(field.column), name(model._meta.pk.column)
    theirs, key = name(field.related_model._meta.db_table), name(field.target_field.column)
    return (
        f"SELECT {place}, CAST(a.{own} AS VARCHAR(100)) FROM {table} a WHERE a.{column} IS NOT NULL "  # noqa: S608  our own names
        f"AND NOT EXISTS (SELECT 1 FROM {theirs} b WHERE b.{key} = a.{column})"
    )


def _points_at_nothing(model, field, pk):
    return Difference.at(model, pk, f"{field.name} is a {field.related_model._meta.model_name} that is not there.")
