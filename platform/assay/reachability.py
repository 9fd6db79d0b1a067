"""Whether the servers that Assay needs are there and ready."""

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError
from kombu.exceptions import OperationalError

from assay.celery import app
from assay.django_setup import NotWell

BROKER_SECONDS = 3


def reach_database() -> str:
    """What database it is. Raises NotWell."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise NotWell(f"The database cannot be reached: {_first_line(error)}") from None
    return connection.vendor


def require_migrated() -> str:
    """Raises NotWell when tables are missing or older than the code."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise NotWell(f"The database cannot be read: {_first_line(error)}") from None
    if waiting:
        raise NotWell(f"{len(waiting)} migrations are not applied: run `assay migrate`")
    return f"all applied to {DEFAULT_DB_ALIAS}"


def reach_broker() -> str:
    """Raises NotWell."""
    try:
        with app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
            return broker.as_uri()  # without its password
    except (OperationalError, OSError) as error:
        raise NotWell(f"Redis cannot be reached: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
