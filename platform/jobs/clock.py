"""The database's clock. Leases and due times are measured by it alone; clocks of processes differ."""

from datetime import timedelta

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

EPOCH = {
    "postgresql": "SELECT EXTRACT(EPOCH FROM statement_timestamp())::double precision",
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
}


def in_future(delay: timedelta) -> "ExpressionWrapper[CombinedExpression]":
    """An SQL expression: the database's now, plus ``delay``."""
    return ExpressionWrapper(Now() + delay, output_field=DateTimeField())


def seconds_since_1970() -> float:
    """What the database's clock shows."""
    with connection.cursor() as cursor:
        cursor.execute(EPOCH[connection.vendor])
        return float(cursor.fetchone()[0])
