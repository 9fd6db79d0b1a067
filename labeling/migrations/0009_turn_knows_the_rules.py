"""The database function leaves projects with unusual rules to the reference, and practice items too.

It stays as it was written in 0007 but for two conditions, which are put in here.
"""

from importlib import import_module

from django.db import migrations

before = import_module("labeling.migrations.0007_turn")

# See labeling.services.plain_rules; a test compares the two.
UNUSUAL = """(p.by_invitation OR p.max_share_per_person IS NOT NULL
        OR p.max_answers_per_day IS NOT NULL OR p.practice_bound IS NOT NULL OR p.match_people
        OR p.pays_bonuses OR p.gold_rule <> 'falling' OR p.who_may_work <> '{}')"""
CHANGES = {
    "p.by_invitation": UNUSUAL,
    "NOT (i.role = 'gold')": "NOT (i.role = 'gold') AND NOT (i.role = 'practice')",
}


def replace(_apps, editor):
    if editor.connection.vendor == "postgresql":
        turn = before.TURN
        for old, new in CHANGES.items():
            assert old in turn
            turn = turn.replace(old, new)
        editor.execute(turn, params=None)


def restore(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(before.TURN, params=None)


class Migration(migrations.Migration):
    dependencies = [("labeling", "0008_rules_of_work")]

    operations = [migrations.RunPython(replace, restore)]
