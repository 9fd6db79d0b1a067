"""What came to have a free seat since somebody last looked: see ``labeling.services.places``."""

from typing import NamedTuple

from django.db import connection

# Served by the index openings_since.
POSTGRESQL = """
SELECT min(o.position), pg_snapshot_xmin(pg_current_snapshot())::text::bigint
FROM labeling_opening o WHERE o.project_id = %s AND o.mark >= %s
"""
# Served by the primary key: nearly always there is nothing after the mark, which is that of all projects. The
# plus keeps the planner from an index by project, over all openings that there are.
SQLITE = """
SELECT (SELECT min(o.position) FROM labeling_opening o WHERE +o.project_id = %s AND o.id >= %s),
    (SELECT coalesce(max(o.id) + 1, %s) FROM labeling_opening o)
"""


class Openings(NamedTuple):
    """The lowest position of those since a mark; and the mark up to which, exclusive, all are known now."""

    lowest: int | None
    mark: int


def openings_since(project_id: int, mark: int) -> Openings:
    """Openings of transactions that had not ended when ``mark`` was read."""
    on_postgresql = connection.vendor == "postgresql"
    values = (project_id, mark) if on_postgresql else (project_id, mark, mark)
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if on_postgresql else SQLITE, values)
        return Openings(*cursor.fetchone())
