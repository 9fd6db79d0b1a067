"""The turn as one call of the database function ``labeling_turn``, prepared once a connection.

It goes to the same connection as everything else, by the driver's own functions: Django's cursors prepare
nothing, and adapting fourteen parameters one by one took a third of the request. Every parameter is text
here, arrays as PostgreSQL writes them; the lists come back as one JSON.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any, cast
from weakref import WeakSet

import psycopg
import structlog
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from labeling.services.fast.questions import forget
from labeling.services.fast.telling import tell
from labeling.services.fast.turn import Chances, NextSeat, Turn, Turned, chances

log = structlog.get_logger(__name__)

NAME = b"labeling_turn"
CALL = b"""
SELECT state, why, lease, project, json_build_array(answered_items, next_seats, next_items, payloads, pictures)
FROM labeling_turn($1::text, $2::text, $3::integer, $4::text[], $5::uuid[], $6::text[],
    $7::integer[], $8::double precision[], $9::text[], $10::integer, $11::uuid, $12::text[],
    $13::double precision[], $14::bigint[])
"""
_prepared: "WeakSet[psycopg.Connection[Any]]" = WeakSet()


def take_turn(turn: Turn) -> Turned | None:
    drawn = chances(turn)
    try:
        found = _call(_parameters(turn, drawn))
    except psycopg.Error as error:
        # A key that another project is storing this instant, a restart: the reference sorts it out.
        log.info("turn_not_taken", because=type(error).__name__)
        _forget(error)
        return None
    state, why, lease, project, lists = (_text(found, column) for column in range(5))
    if state == "other_version":
        forget(turn.project)
    if state != "done":
        return None
    answered, *seats = json.loads(lists or "[]")
    if answered:
        tell(int(project or 0), answered)
    return Turned(drawn.answers, _seats(*seats), _moment(lease), why)


def _parameters(turn: Turn, drawn: Chances) -> list[bytes | None]:
    given = turn.given
    values = (
        turn.token,
        turn.project,
        turn.version,
        _array(each.assignment for each in given),
        _array(each.key for each in given),
        _quoted_array(each.value for each in given),
        _array(each.label_code for each in given),
        _array(each.seconds for each in given),
        _array(drawn.answers),
        turn.wanted,
        turn.claim_key,
        _array(drawn.seats),
        _array(drawn.draws),
        _array(drawn.starts),
    )
    return [None if value is None else str(value).encode() for value in values]


def _array(values: Iterable[object]) -> str:
    """Of names, numbers and keys: nothing in them needs a quote."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _quoted_array(texts: Iterable[str]) -> str:
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return _array(f'"{text}"' for text in escaped)


def _call(values: Sequence[bytes | None]) -> PGresult:
    """The one row of the function's result."""
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    raw: psycopg.Connection[Any] = database.connection
    # Outside a transaction the call is one of its own.
    with transaction.atomic() if database.in_atomic_block else nullcontext():
        if raw not in _prepared:
            _checked(raw.pgconn.prepare(NAME, CALL))
            _prepared.add(raw)
        given = cast(Sequence[bytes], values)  # it takes None for NULL, and does not say so
        return _checked(raw.pgconn.exec_prepared(NAME, given))


def _checked(result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise error_from_result(result)
    return result


def _forget(error: psycopg.Error) -> None:
    """A connection that is broken, or does not know the statement any more."""
    raw = connection.connection
    if isinstance(error, psycopg.errors.InvalidSqlStatementName):
        _prepared.discard(raw)
    elif raw is not None and raw.closed:
        connection.close()


def _text(found: PGresult, column: int) -> str | None:
    value = found.get_value(0, column)
    return None if value is None else value.decode()


def _seats(*columns: list[Any] | None) -> list[NextSeat]:
    return [NextSeat(*seat) for seat in zip(*(column or [] for column in columns), strict=True)]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
