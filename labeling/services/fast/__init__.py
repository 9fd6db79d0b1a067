"""The fast twin of ``answering.submit`` and ``claiming.claim``: one person's turn in one call.

A turn is what the task page does all day: hand in answers that are in time and fit the question, and
take the next seats. It is told here once more, as few round trips as possible: on PostgreSQL one call
of a database function, on SQLite the same statements one by one in one IMMEDIATE transaction.

The services are the reference. A turn either does exactly what they would have done, or it does
nothing and says so (``None``); then the caller asks them. Whatever is not common (a replay, a late
answer, somebody who is not enrolled yet, a token that is nothing) goes that way, so that every
verdict and every refusal is told in one place only. Tests drive both with the same random schedules
and compare every row and every reply.

Change claiming, answering, money or candidates, and this changes too.
"""

from django.db import connection

from labeling.services.fast import postgresql, sqlite
from labeling.services.fast.turn import Given, NextSeat, Turn, Turned

__all__ = ["Given", "NextSeat", "Turn", "Turned", "take_turn"]


def take_turn(turn: Turn) -> Turned | None:
    """Do the whole turn in one transaction, or nothing of it: then None."""
    if connection.vendor == "postgresql":
        return postgresql.take_turn(turn)
    return sqlite.take_turn(turn)
