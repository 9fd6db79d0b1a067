"""A full refit and settling on PostgreSQL, reading and writing included.

    python tests/benchmarks/refit_speed.py --answers 100000
    python tests/benchmarks/refit_speed.py --answers 1000000 --people 10000

Answers are ``--each`` an item, five labels, people of accuracy .65 to .95; the first refit writes every
label, the second finds all of them as they should be, and the third comes after a tenth of the
people changed their ways, whom it notices and acts upon. Then the rules are tried on everybody, and
1,000 touched items are settled.
Prints seconds on the clock and of CPU of this process (the database works in its own), and the largest
memory. The database runs with its default durability (fsync on); only while the rows are made it does
without.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from servers.postgres import Postgres

N_LABELS, SETTLED_AT_ONCE = 5, 1000
ITEMS = """
    INSERT INTO labeling_item (public_id, project_id, external_id, payload, role, status, priority,
        position, seats_wanted, seats_taken, has_seat, staged_by, created_at)
    SELECT 'i' || n, %(project)s, 'e' || n, '{}', 'work', 'open', 0, n, %(each)s, %(each)s, false, '', now()
    FROM generate_series(1, %(items)s) n"""
PEOPLE = """
    INSERT INTO accounts_user (public_id, username, display_name, password, is_superuser, first_name,
        last_name, email, is_staff, is_active, date_joined)
    SELECT 'u' || n, 'u' || n, '', '', false, '', '', '', false, true, now()
    FROM generate_series(1, %(people)s) n"""
ENROLLED = """
    INSERT INTO labeling_enrollment (project_id, annotator_id, pseudonym, status, status_reason, answers,
        claimed, allowance_micros, bonus_micros, created_at)
    SELECT %(project)s, id, 'P' || id, 'active', '', %(items)s * %(each)s / %(people)s, 0, 0, 0, now()
    FROM accounts_user WHERE id >= %(first)s"""
SEATS = """
    INSERT INTO labeling_assignment (public_id, project_id, item_id, annotator_id, state,
        label_set_version, instructions_version, lease_until, price_micros, unused, reason, created_at)
    SELECT 's' || i.id || '-' || k, %(project)s, i.id, %(first)s + (i.id * 7919 + k * 104729) %% %(people)s,
        'answered', 1, 1, now(), 0, false, '', now()
    FROM labeling_item i, generate_series(1, %(each)s) k"""
ANSWERS = """
    INSERT INTO labeling_answer (public_id, project_id, item_id, assignment_id, annotator_id, key, revision,
        value, label_code, verdict, counted, created_at)
    SELECT 'a' || s.id, s.project_id, s.item_id, s.id, s.annotator_id, gen_random_uuid(), 1, to_jsonb(l::text),
        l, 'stored', true, now()
    FROM (SELECT *, CASE WHEN random() < .65 + .3 * (annotator_id %% 100) / 100 THEN item_id %% 5
        ELSE (item_id + 1 + floor(random() * 4)::int) %% 5 END::int l FROM labeling_assignment) s"""
TABLES = ("labeling_item", "accounts_user", "labeling_assignment", "labeling_answer")
PLAIN_INDEXES = """
    SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = c.oid)"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--each", type=int, default=3, help="answers an item")
    options = parser.parse_args()
    server = Postgres(max_wal_size="4GB").start()
    try:
        os.environ |= {"DATABASE_URL": server.url, "DJANGO_SETTINGS_MODULE": "assay.settings.test"}
        _measure(options)
    finally:
        server.stop()


def _measure(options: argparse.Namespace) -> None:
    project = _project(options.answers // options.each, options.people, options.each)
    _say("memory before, MB", _memory())
    from django.db import transaction

    from labeling.models import Assignment
    from quality.services.rebuilding import drop_groundless
    from quality.services.refit import Unfenced, refit
    from quality.services.settling import settle_unused
    from quality.services.trying import try_rules

    for name in ("first refit", "refit, nothing new", "refit, a tenth changed"):
        if name == "refit, a tenth changed":
            _change_ways(options.people)
        with _timed(name):
            found = refit(project.pk, Unfenced())
        _say("answers, labels", found)
        _say("largest memory, MB", _memory())
    with _timed("dry run of the rules"):
        _say("people affected", try_rules(project.pk, None, Unfenced())["in_all"])
    with _timed("what has no ground, sought"), transaction.atomic():
        drop_groundless(project)
    touched = options.each * SETTLED_AT_ONCE
    ids = Assignment.objects.order_by("item_id").values_list("pk", flat=True)[:touched]
    Assignment.objects.filter(pk__in=list(ids)).update(unused=True)
    with _timed(f"settling {SETTLED_AT_ONCE} touched items"):
        settle_unused(project.pk, limit=touched)


def _project(items: int, people: int, each: int) -> Any:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    import factories

    with _timed("making the rows"):
        call_command("migrate", verbosity=0)
        project = factories.project(factories.organization(), list("abcde"), seats_max=each)
        with connection.cursor() as cursor, _in_haste(cursor):
            values = {"project": project.pk, "items": items, "people": people, "each": each}
            cursor.execute(PEOPLE, values)
            cursor.execute("SELECT min(id) FROM accounts_user")
            values["first"] = cursor.fetchone()[0]
            for statement in (ENROLLED, ITEMS, SEATS, ANSWERS):
                cursor.execute(statement, values)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("ALTER SYSTEM SET fsync = on")
            cursor.execute("ALTER SYSTEM SET full_page_writes = on")
            cursor.execute("SELECT pg_reload_conf()")
            cursor.execute("CHECKPOINT")
    return project


@contextmanager
def _in_haste(cursor: Any) -> Iterator[None]:
    """Without triggers, foreign keys and the indexes that guard nothing; they are made afterwards."""
    cursor.execute(PLAIN_INDEXES, [list(TABLES)])
    indexes = cursor.fetchall()
    cursor.execute("SET session_replication_role = replica")
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET session_replication_role = DEFAULT")
    for _, definition in indexes:
        cursor.execute(definition)


def _change_ways(people: int) -> None:
    """Every tenth person now says the next label, about one item in three."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # answers are append-only
        cursor.execute(
            "UPDATE labeling_answer SET label_code = (label_code + 1) % 5"
            " WHERE annotator_id % 10 = 0 AND item_id % 3 = 0"
        )
        cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def _timed(name: str) -> Iterator[None]:
    clock, own = time.perf_counter(), time.process_time()
    yield
    _say(
        name, f"{time.perf_counter() - clock:.2f} s, {time.process_time() - own:.2f} s of CPU here"
    )


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _say(name: str, value: object) -> None:
    print(f"{name:32} {value}", flush=True)


if __name__ == "__main__":
    main()
