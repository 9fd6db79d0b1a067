"""A full refit and settling on PostgreSQL, reading and writing included.

    python tests/benchmarks/refit_speed.py --answers 100000
    python tests/benchmarks/refit_speed.py --answers 1000000 --people 10000

Answers are three an item, five labels, people of
accuracy .65 to .95. Then 1,000 touched items are settled. Prints seconds on the clock and of CPU of this
process (the database works in its own), and the largest memory.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from servers.postgres import Postgres

N_LABELS, PER_ITEM, SETTLED_AT_ONCE = 5, 3, 1000
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
SEATS = """
    INSERT INTO labeling_assignment (public_id, project_id, item_id, annotator_id, state,
        label_set_version, instructions_version, lease_until, price_micros, unused, reason, created_at)
    SELECT 's' || i.id || '-' || k, %(project)s, i.id, %(first)s + (i.id * 7919 + k * 104729) %% %(people)s,
        'answered', 1, 1, now(), 0, false, '', now()
    FROM labeling_item i, generate_series(1, %(each)s) k
    ON CONFLICT DO NOTHING"""
ANSWERS = """
    INSERT INTO labeling_answer (public_id, project_id, item_id, assignment_id, annotator_id, key, revision,
        value, label_code, verdict, counted, created_at)
    SELECT 'a' || s.id, s.project_id, s.item_id, s.id, s.annotator_id, gen_random_uuid(), 1, to_jsonb(l::text),
        l, 'stored', true, now()
    FROM (SELECT *, CASE WHEN random() < .65 + .3 * (annotator_id %% 100) / 100 THEN item_id %% 5
        ELSE (item_id + 1 + floor(random() * 4)::int) %% 5 END::int l FROM labeling_assignment) s"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=1_000)
    options = parser.parse_args()
    server = Postgres().start()
    try:
        os.environ |= {"DATABASE_URL": server.url, "DJANGO_SETTINGS_MODULE": "assay.settings.test"}
        _measure(options.answers, options.people)
    finally:
        server.stop()


def _measure(answers: int, people: int) -> None:
    project = _project(answers // PER_ITEM, people)
    from labeling.models import Assignment
    from quality.services.refit import Unfenced, refit
    from quality.services.settling import settle_unused

    for name in ("first refit", "refit, nothing new"):
        with _timed(name):
            found = refit(project.pk, Unfenced())
    _say("answers, labels", found)
    ids = Assignment.objects.order_by("pk").values_list("pk", flat=True)[: 3 * SETTLED_AT_ONCE]
    Assignment.objects.filter(pk__in=list(ids)).update(unused=True)
    with _timed(f"settling {SETTLED_AT_ONCE} touched items"):
        settle_unused(project.pk, limit=3 * SETTLED_AT_ONCE)
    _say("largest memory, MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def _project(items: int, people: int):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    import factories

    with _timed("making the rows"):
        call_command("migrate", verbosity=0)
        project = factories.project(factories.organization(), list("abcde"), seats_max=PER_ITEM)
        with connection.cursor() as cursor:
            values = {"project": project.pk, "items": items, "people": people, "each": PER_ITEM}
            cursor.execute(PEOPLE, values)
            cursor.execute("SELECT min(id) FROM accounts_user")
            values["first"] = cursor.fetchone()[0]
            for statement in (ITEMS, SEATS, ANSWERS):
                cursor.execute(statement, values)
            cursor.execute("ANALYZE")
    return project


@contextmanager
def _timed(name: str) -> Iterator[None]:
    clock, own = time.perf_counter(), time.process_time()
    yield
    _say(
        name, f"{time.perf_counter() - clock:.2f} s, {time.process_time() - own:.2f} s of CPU here"
    )


def _say(name: str, value: object) -> None:
    print(f"{name:32} {value}", flush=True)


if __name__ == "__main__":
    main()
