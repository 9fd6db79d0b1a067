"""Many ids as one parameter: thousands of placeholders cost more than the query."""

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL


def among(ids: Iterable[int]) -> RawSQL:
    """For ``filter(pk__in=among(ids))``: a subquery that names them."""
    if connection.vendor == "postgresql":
        # Spelt out here: the driver takes longer over each element than over the query.
        return RawSQL("SELECT unnest(%s::bigint[])", [f"{{{','.join(map(str, ids))}}}"])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])
