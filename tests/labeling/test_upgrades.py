"""A database that cannot be brought to the present state is refused in words, not left half made."""

from importlib import import_module

import pytest
from django.core.management.base import CommandError
from django.db import connection

pytestmark = pytest.mark.django_db


def test_a_database_from_too_early_a_state_is_refused() -> None:
    openings = import_module("labeling.migrations.0003_openings")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE labeling_opening RENAME TO something_else")
    with connection.schema_editor() as editor, pytest.raises(CommandError, match="never released"):
        openings.create(None, editor)
