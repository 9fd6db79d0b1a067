"""On PostgreSQL vectors and probabilities stand uncompressed: floats hardly shrink, and rows can be cut out."""

from typing import Any

from django.db import migrations

COLUMNS = {"learning_featureblock": "matrix", "learning_predictionblock": "probabilities"}


def _store(editor: Any, storage: str) -> None:
    if editor.connection.vendor == "postgresql":
        for table, column in COLUMNS.items():
            editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE {storage}")


def uncompressed(_apps: Any, editor: Any) -> None:
    _store(editor, "EXTERNAL")


def as_before(_apps: Any, editor: Any) -> None:
    _store(editor, "EXTENDED")


class Migration(migrations.Migration):
    dependencies = [("learning", "0004_retraining_by_share_and_time")]

    operations = [migrations.RunPython(uncompressed, as_before)]
