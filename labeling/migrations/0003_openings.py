"""What the database itself does for the queue: it writes down when an item comes to have a free seat.

``Enrollment.place`` is a position before which the person has had every item with a free seat. What comes
to have one later is noted (``labeling_opening``) and brings the place of those who were beyond it back.
See ``labeling.services.places``.
"""

from django.core.management.base import CommandError
from django.db import migrations

# ``mark`` is the number of the transaction. Whoever has read all marks below the oldest transaction that
# is still at work has missed nothing: numbers alone are not committed in their order.
NOTE = """
CREATE OR REPLACE FUNCTION labeling_note_opening() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE this bigint := pg_current_xact_id()::text::bigint;
BEGIN
    INSERT INTO labeling_opening (project_id, position, mark, created_at)
        SELECT NEW.project_id, NEW.position, this, clock_timestamp()
        WHERE NOT EXISTS (
            SELECT FROM labeling_opening o
            WHERE o.project_id = NEW.project_id AND o.mark = this AND o.position <= NEW.position
        );
    RETURN NULL;
END $$
"""
QUEUED = "NEW.has_seat AND NOT (NEW.role = 'gold') AND NOT (NEW.role = 'practice')"
ANEW = "(NOT OLD.has_seat OR NEW.position < OLD.position OR NEW.role <> OLD.role)"
ON_POSTGRESQL = [
    NOTE,
    f"CREATE TRIGGER labeling_item_added AFTER INSERT ON labeling_item FOR EACH ROW"
    f" WHEN ({QUEUED}) EXECUTE FUNCTION labeling_note_opening()",
    f"CREATE TRIGGER labeling_item_opened AFTER UPDATE OF has_seat, position, role ON labeling_item"
    f" FOR EACH ROW WHEN ({QUEUED} AND {ANEW}) EXECUTE FUNCTION labeling_note_opening()",
]
# There is one writer: ids are committed in their order, and the id is the mark.
INSERT = (
    "BEGIN INSERT INTO labeling_opening (project_id, position, mark, created_at)"
    " VALUES (NEW.project_id, NEW.position, 0, strftime('%Y-%m-%d %H:%M:%f', 'now')); END"
)
ON_SQLITE = [
    f"CREATE TRIGGER labeling_item_added AFTER INSERT ON labeling_item WHEN {QUEUED} {INSERT}",
    f"CREATE TRIGGER labeling_item_opened AFTER UPDATE OF has_seat, position, role ON labeling_item"
    f" WHEN {QUEUED} AND {ANEW} {INSERT}",
]


TOO_EARLY = (
    "This database was begun by an early state of Assay that was never released, and cannot be upgraded. "
    "Export its labels with that state, and begin with an empty database (ASSAY_HOME or DATABASE_URL)."
)


def create(_apps, editor):
    if "labeling_opening" not in editor.connection.introspection.table_names():
        raise CommandError(TOO_EARLY)
    for statement in ON_POSTGRESQL if editor.connection.vendor == "postgresql" else ON_SQLITE:
        editor.execute(statement, params=None)


def drop(_apps, editor):
    postgresql = editor.connection.vendor == "postgresql"
    for name in ("labeling_item_added", "labeling_item_opened"):
        editor.execute(f"DROP TRIGGER {name}" + " ON labeling_item" * postgresql, params=None)
    if postgresql:
        editor.execute("DROP FUNCTION labeling_note_opening()", params=None)


class Migration(migrations.Migration):
    dependencies = [("labeling", "0002_append_only")]
    replaces = [("labeling", "0011_place_in_the_queue")]  # a database from before the first release has it

    operations = [migrations.RunPython(create, drop)]
