"""The turn as one call of the database function ``labeling_turn``, prepared once a connection.

Django's own cursors paste parameters into the text and prepare nothing, so this one statement goes
through a plain cursor on the same connection.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import psycopg
import structlog
from django.db import connection, transaction

from labeling.services.fast.questions import forget
from labeling.services.fast.telling import tell
from labeling.services.fast.turn import Chances, NextSeat, Turn, Turned, chances

log = structlog.get_logger(__name__)

CALL = """
SELECT state, why, next_seats, next_items, payloads, pictures, lease, project, answered_items
FROM labeling_turn(%s::text, %s::text, %s::integer, %s::text[], %s::uuid[], %s::text[],
    %s::integer[], %s::double precision[], %s::text[], %s::integer, %s::uuid, %s::text[],
    %s::double precision[], %s::bigint[])
"""


def take_turn(turn: Turn) -> Turned | None:
    drawn = chances(turn)
    try:
        row = _call(_parameters(turn, drawn))
    except psycopg.Error as error:
        # A key that another project is storing this instant, a restart: the reference sorts it out.
        log.info("turn_not_taken", because=type(error).__name__)
        _forget_broken()
        return None
    state, why, seats, items, payloads, pictures, lease, project, answered = row
    if state == "other_version":
        forget(turn.project)
    if state != "done":
        return None
    if answered:
        tell(project, answered)
    taken = [
        NextSeat(*seat)
        for seat in zip(seats or (), items or (), payloads or (), pictures or (), strict=True)
    ]
    return Turned(drawn.answers, taken, lease, why)


def _parameters(turn: Turn, drawn: Chances) -> tuple[Any, ...]:
    given = turn.given
    return (
        turn.token,
        turn.project,
        turn.version,
        [each.assignment for each in given],
        [each.key for each in given],
        [each.value for each in given],
        [each.label_code for each in given],
        [each.seconds for each in given],
        drawn.answers,
        turn.wanted,
        turn.claim_key,
        drawn.seats,
        drawn.draws,
        drawn.starts,
    )


def _call(parameters: tuple[Any, ...]) -> tuple[Any, ...]:
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    raw.prepare_threshold = 0
    with _savepoint(), psycopg.Cursor(raw) as cursor:
        row = cursor.execute(CALL, parameters, prepare=True).fetchone()
    assert row is not None  # a function's row
    return tuple(row)


def _savepoint() -> AbstractContextManager[None]:
    """Outside a transaction the call is one of its own."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _forget_broken() -> None:
    if connection.connection is not None and connection.connection.closed:
        connection.close()
