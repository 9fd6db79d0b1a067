"""Many rows of one table written by one statement; those that exist are changed in place.

PostgreSQL gets whole columns as arrays, which it unnests: a fraction of what as many model objects or
parameters cost, and no temporary table for each of many small writes. The arrays are spelt out here,
because the driver looks at every element for what might have to be quoted, which takes longer than all
the rest. SQLite, its twin, gets ``executemany``. The caller has checked the values: no ``save``, no signals.
"""

# ruff: noqa: S608 (names of tables and columns are the models' own; every value is a parameter)

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model

Fields: TypeAlias = "list[Field[Any, Any]]"


def upsert(
    model: type[Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    key: Sequence[str],
    stamp: str | None = None,
) -> None:
    """Rows of the fields ``names``; ``key`` names those of a unique constraint.

    New rows get the model's defaults in all other columns; in rows that exist these stay. With a
    ``stamp``, the field that says when, rows that differ in nothing else stay as they are.
    """
    if not rows:
        return
    fields, others = _fields(model, names), _others(model, names)
    columns = [
        _plain(field, column) for field, column in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    defaults = [other.get_db_prep_save(other.get_default(), connection) for other in others]
    insert = f"INSERT INTO {model._meta.db_table} ({_names([*fields, *others])})"
    update = _on_conflict(fields, _fields(model, key))
    if stamp is not None:
        update += _where_different(model, [f for f in fields if f.attname not in {*key, stamp}])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            chosen = ", ".join(["u.*", *(f"%s::{_type(other)}" for other in others)])
            arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
            select = f"SELECT {chosen} FROM unnest({arrays}) AS u"
            spelt = [_array(column) for column in columns]
            cursor.execute(f"{insert} {select} {update}", [*defaults, *spelt])
        else:
            places = ", ".join(["%s"] * (len(fields) + len(others)))
            values = [[*row, *defaults] for row in zip(*columns, strict=True)]
            cursor.executemany(f"{insert} VALUES ({places}) {update}", values)


def _fields(model: type[Model], names: Sequence[str]) -> Fields:
    by_name = {f.attname: f for f in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _others(model: type[Model], names: Sequence[str]) -> Fields:
    """Columns that are neither named nor given by the database."""
    every = model._meta.concrete_fields
    return [field for field in every if field.attname not in names and not field.primary_key]


def _plain(field: Field[Any, Any], column: Sequence[Any]) -> list[Any]:
    """Values as the driver takes them: plain numbers and texts, JSON as its text."""
    if isinstance(field, JSONField):
        return [None if value is None else json.dumps(value) for value in column]
    if isinstance(field, DateTimeField) and connection.vendor != "postgresql":
        spelt = {at: connection.ops.adapt_datetimefield_value(at) for at in set(column)}
        return [spelt[at] for at in column]
    return list(column)


def _on_conflict(fields: Fields, key: Fields) -> str:
    changed = ", ".join(f"{f.column} = excluded.{f.column}" for f in fields if f not in key)
    return f"ON CONFLICT ({_names(key)}) DO UPDATE SET {changed}"


def _where_different(model: type[Model], fields: Fields) -> str:
    here = ", ".join(f"{model._meta.db_table}.{f.column}" for f in fields)
    there = ", ".join(f"excluded.{f.column}" for f in fields)
    differ = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    return f" WHERE ({here}) {differ} ({there})"


def _array(column: Sequence[Any]) -> str:
    """As PostgreSQL spells an array; in most columns few values stand many times."""
    if set(map(type, column)) <= {int, float}:
        return "{" + ",".join(map(repr, column)) + "}"
    spelt = {value: _element(value) for value in set(column)}
    return "{" + ",".join([spelt[value] for value in column]) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int | float):
        return repr(value)
    text = value if isinstance(value, str) else value.isoformat()
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _names(fields: Fields) -> str:
    return ", ".join(str(field.column) for field in fields)


def _type(field: Field[Any, Any]) -> str:
    """Without its length: the column itself checks that."""
    return str(
        field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    ).partition("(")[0]
