"""Rows of a file on their way to becoming items: a temporary table of this connection.

Nobody else sees them, nothing of them is logged or left in the table of items, and they are gone with
the connection: an attempt that dies leaves nothing. PostgreSQL is fed by COPY and SQLite, its twin, by
``executemany``; the rest is the same SQL on both. What is wrong with ids is found for the whole file
at once, and one INSERT makes items of all rows that are left.
"""

# ruff: noqa: S608 (names of tables and columns are our own; every value is a parameter)

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from labeling.models import Item

AT_ONCE = 5000


class StagedRow(NamedTuple):
    """``payload`` is JSON; ``number`` is the row's in its file."""

    number: int
    public_id: str
    external_id: str
    payload: str
    media_id: int | None
    priority: float


class Repeated(NamedTuple):
    """A row whose id is taken; ``place`` says where."""

    number: int
    external_id: str
    place: str


class StagedRows:
    """A table of StagedRow. Close it; a dead connection closes it too."""

    def __init__(self) -> None:
        name = secrets.token_hex(8)
        self._rows, self._repeated = f"staged_{name}", f"repeated_{name}"
        json_type = Item._meta.get_field("payload").db_type(connection)
        _run(
            f"CREATE TEMPORARY TABLE {self._rows} (number bigint, public_id text,"
            f" external_id text, payload {json_type}, media_id bigint, priority double precision)"
        )

    def close(self) -> None:
        for table in (self._rows, self._repeated):
            _run(f"DROP TABLE IF EXISTS {table}")

    def add(self, rows: Sequence[StagedRow]) -> None:
        columns = ", ".join(StagedRow._fields)
        if connection.vendor == "postgresql":
            _copy(f"COPY {self._rows} ({columns}) FROM STDIN", rows)
            return
        places = ", ".join(["%s"] * len(StagedRow._fields))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {self._rows} ({columns}) VALUES ({places})", rows)

    def external_ids(self) -> Iterator[str]:
        """All of them; for small files."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT external_id FROM {self._rows}")
            for (external_id,) in cursor:
                yield external_id

    def take_out_repeated(self, project_id: int) -> None:
        """Leave only rows whose id is new to the project, and of several with one id the first.

        Those that went are in ``repeated``. The look at the items is served by one_item_per_external_id.
        """
        if connection.vendor == "postgresql":
            _run(f"ANALYZE {self._rows}")  # nothing else tells the planner about temporary tables
        _run(
            f"CREATE TEMPORARY TABLE {self._repeated}"
            " (number bigint PRIMARY KEY, external_id text, place text)"
        )
        _run(
            f"INSERT INTO {self._repeated}"
            f" SELECT number, external_id, MAX(place) FROM ({self._taken()}) AS taken"
            " GROUP BY number, external_id",
            [project_id],
        )
        _run(f"DELETE FROM {self._rows} WHERE number IN (SELECT number FROM {self._repeated})")

    def repeated(self) -> Iterator[Repeated]:
        """In order of their rows, in flat memory; each range is found by the primary key."""
        last = 0
        while some := self._repeated_after(last):
            yield from some
            last = some[-1].number

    def insert_items(self, values: Mapping[str, Any]) -> int:
        """Make items of all rows; columns that rows do not have get these values, else the model's own."""
        fixed = _fixed_columns(values)
        own = ", ".join(StagedRow._fields[1:])
        places = ", ".join(["%s"] * len(fixed))
        return _run(
            f"INSERT INTO {Item._meta.db_table} ({own}, {', '.join(fixed)})"
            f" SELECT {own}, {places} FROM {self._rows}",
            list(fixed.values()),
        )

    def _taken(self) -> str:
        rows, items = self._rows, Item._meta.db_table
        return (
            f"SELECT s.number, s.external_id, 'the project' AS place FROM {rows} s JOIN {items} i"
            f" ON i.project_id = %s AND i.external_id = s.external_id"
            f" UNION ALL SELECT s.number, s.external_id, 'the file' FROM {rows} s JOIN"
            f" (SELECT external_id, MIN(number) AS first FROM {rows} GROUP BY external_id"
            f" HAVING COUNT(*) > 1) t ON t.external_id = s.external_id AND s.number > t.first"
        )

    def _repeated_after(self, number: int) -> list[Repeated]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT number, external_id, place FROM {self._repeated}"
                f" WHERE number > %s ORDER BY number LIMIT {AT_ONCE}",
                [number],
            )
            return [Repeated(*row) for row in cursor.fetchall()]


def _fixed_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Column to value, for the columns that are the same in all rows of a file."""
    fields = [field for field in Item._meta.concrete_fields if not field.primary_key]
    return {
        str(field.column): field.get_db_prep_save(
            values.get(field.name, field.get_default()), connection
        )
        for field in fields
        if field.column not in StagedRow._fields
    }


def _copy(statement: str, rows: Sequence[StagedRow]) -> None:
    """psycopg's own: Django has no word for COPY."""
    with connection.cursor() as cursor:
        raw: Any = cursor
        with raw.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _run(statement: str, parameters: Sequence[Any] = ()) -> int:
    """How many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return int(cursor.rowcount)
