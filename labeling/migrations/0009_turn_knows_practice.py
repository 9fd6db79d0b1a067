"""The database function hands out no practice items; those go by the reference.

It stays as it was written in 0007 but for this one condition, which is put in here.
"""

from importlib import import_module

from django.db import migrations

before = import_module("labeling.migrations.0007_turn")

OLD = "NOT (i.role = 'gold')"
NEW = f"{OLD} AND NOT (i.role = 'practice')"


def replace(_apps, editor):
    if editor.connection.vendor == "postgresql":
        assert OLD in before.TURN
        editor.execute(before.TURN.replace(OLD, NEW), params=None)


def restore(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(before.TURN, params=None)


class Migration(migrations.Migration):
    dependencies = [("labeling", "0008_rules_of_work")]

    operations = [migrations.RunPython(replace, restore)]
