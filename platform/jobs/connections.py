"""Database connections of threads that live long: a server that restarted leaves them dead."""

from django.db import connections


def drop_dead_connections() -> None:
    """Close this thread's connections that no longer work, so that the next query opens new ones.

    One inside a transaction is left alone: whoever began it must learn that it failed.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
