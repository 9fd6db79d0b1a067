"""Vectors of blocks, read without detours.

The driver of PostgreSQL is handed bytes as text, twice as long, unless its cursor asks for them as they are;
and PostgreSQL cuts single rows out of bytes that stand uncompressed without reading the others (migration
``blocks_uncompressed``). SQLite gives bytes as they are, and walks over all of them to any part.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from learning.blocks import DTYPES, Floats, Ints, unpack
from learning.models import FeatureBlock

FEW = 16  # a part of the rows so small is cut out one by one
CUT = """
    SELECT substring(block.matrix FROM (rows.n * %s)::int + 1 FOR %s::int)
    FROM learning_featureblock AS block, unnest(%s::int[]) WITH ORDINALITY AS rows(n, place)
    WHERE block.id = %s ORDER BY rows.place
"""


def block_at(key: int) -> FeatureBlock:
    """All but its vectors."""
    return FeatureBlock.objects.defer("matrix").get(pk=key)


def matrix_of(block: FeatureBlock) -> Floats:
    """[rows, width], read-only."""
    return unpack(_whole(block.pk), rows=block.rows, width=block.width, dtype=block.dtype)


def vectors_in(block: FeatureBlock, rows: Ints) -> Floats:
    """[i, width] of these rows of the block, in their order."""
    if connection.vendor != "postgresql" or len(rows) * FEW > block.rows:
        chosen: Floats = matrix_of(block)[rows]
        return chosen
    bytes_each = block.width * DTYPES[block.dtype].itemsize
    data = b"".join(_binary(CUT, [bytes_each, bytes_each, rows.tolist(), block.pk]))
    return unpack(data, rows=len(rows), width=block.width, dtype=block.dtype)


def _whole(key: int) -> bytes | memoryview:
    wanted = FeatureBlock.objects.filter(pk=key).values_list("matrix", flat=True)
    if connection.vendor != "postgresql":
        return wanted.get()
    return _binary(*wanted.query.sql_with_params())[0]


def _binary(sql: str, parameters: Sequence[Any]) -> list[bytes]:
    """The first column."""
    from psycopg import Cursor

    connection.ensure_connection()  # Django's own cursors put parameters in themselves: text only
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        rows = cursor.execute(sql, parameters, binary=True).fetchall()
    return [row[0] for row in rows]
