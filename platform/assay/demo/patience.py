"""A database that restarts is waited for, as the people wait for the web server."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db.utils import InterfaceError, OperationalError

from jobs.connections import drop_dead_connections

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.3
Answer = TypeVar("Answer")


def patiently(read: Callable[[], Answer]) -> Answer:
    """What ``read`` gives, once the database is there; ``read`` may run more than once.

    Raises what the database raises when it stays away.
    """
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return read()
        except (OperationalError, InterfaceError):
            drop_dead_connections()
            if time.monotonic() > end:
                raise
            time.sleep(PAUSE_SECONDS)
