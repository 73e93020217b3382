"""Queries that the ORM writes once. Writing one costs Django several times what the database needs to answer it, and
on the way of every answer it would be the same text again."""

from datetime import date
from functools import cached_property

from django.db import DEFAULT_DB_ALIAS, connection

MARKS = {
    int: lambda place: -(2**40) - place,
    str: lambda place: f"prepared value {place}",
    date: lambda place: date(1, 1, 1 + place),
}


class Prepared:
    """`build(*values)` gives a query of plain rows or of a values_list(); called, it gives the rows as the ORM does,
    objects or tuples. `kinds` are the types of the values, of MARKS; each must reach the database as it is given
    (a date as the database writes it), else the first call raises TypeError."""

    def __init__(self, build, *kinds):
        self.build, self.kinds = build, kinds

    def __call__(self, *values):
        if any(isinstance(value, int) and abs(value) >= 2**63 for value in values):
            return []  # as the ORM knows: no row has such a number
        sql, places, converters, model, names = self._written
        with connection.cursor() as cursor:
            cursor.execute(sql, [_sent(values[place]) if place >= 0 else fixed for place, fixed in places])
            rows = cursor.fetchall()
        if converters:
            rows = [self._converted(row, converters) for row in rows]
        return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows] if model else rows

    def first(self, *values):
        """The first row, or None."""
        return next(iter(self(*values)), None)

    @cached_property
    def _written(self):
        """(SQL, [(which value, or -1 for a fixed one, the fixed one)], [(column, expression, converters)], and for
        whole rows the model and its columns)"""
        marks = [MARKS[kind](place) for place, kind in enumerate(self.kinds)]
        query = self.build(*marks).query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        sent = [_sent(mark) for mark in marks]
        places = [(sent.index(each) if each in sent else -1, each) for each in params]
        if {place for place, _fixed in places if place >= 0} != set(range(len(marks))):
            raise TypeError("A value of a prepared query does not reach the database as it is given.")
        if query.default_cols and (query.select_related or query.annotations or query.deferred_loading[0]):
            raise TypeError("A prepared query gives plain rows or a values_list().")
        found = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        converters = [(column, expression, steps) for column, (steps, expression) in found.items()]
        names = [field.attname for field in query.model._meta.concrete_fields]
        return sql, places, converters, query.model if query.default_cols else None, names

    @staticmethod
    def _converted(row, converters):
        values = list(row)
        for column, expression, steps in converters:
            for step in steps:
                values[column] = step(values[column], expression, connection)
        return tuple(values)


def _sent(value):
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
