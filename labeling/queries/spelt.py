"""States as SQL reads them in the statement itself, not as parameters.

SQLite looks at a partial index only when the statement spells out what the index says about its rows.
"""

from django.db.models.expressions import RawSQL


def spelt_out(value: str) -> RawSQL:
    """Only for values of our own: they are words of small letters."""
    assert value.isidentifier()
    return RawSQL(f"'{value}'", ())  # noqa: S611
