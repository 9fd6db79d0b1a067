"""Files in and out on PostgreSQL: rows a second, CPU seconds, memory, time to the first byte.

    python tests/benchmarks/import_export.py [--rows 1000000] [--answers 60000] [--json]

The server is ASSAY_TEST_DATABASE_URL's, or a throw-away one with a disk that is not waited for. CPU is
that of this process and of its PostgreSQL backend together: on a shared machine the wall clock says
more about the others.
"""

import argparse
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "platform", ROOT / "tests"):
    sys.path.insert(0, str(folder))

from servers.postgres import Postgres  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
LABELS = ("cat", "owl", "fox")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--answers", type=int, default=60_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with database(), tempfile.TemporaryDirectory() as folder:
        figures = measured(options, Path(folder))
    for name, facts in figures.items():
        print(json.dumps({name: facts}) if options.json else f"{name:20} {facts}")


@contextmanager
def database() -> Iterator[None]:
    """A fresh, migrated database behind Django."""
    server, name = Postgres().start(), f"bench_{uuid.uuid4().hex[:12]}"
    try:
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
            start_django(server.url.rpartition("/")[0] + f"/{name}")
            yield
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        server.stop()


def start_django(url: str) -> None:
    os.environ["DATABASE_URL"] = url
    from assay.django_setup import prepare_django

    prepare_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def measured(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from django.conf import settings

    import factories

    settings.MEDIA_STORE = folder / "media"
    organization = factories.organization("Bench")
    project = factories.project(organization, LABELS)
    answered = factories.project(organization, LABELS)
    give_answers(answered, options.answers)
    return {
        "import": import_rows(project, table(folder, options.rows), options.rows),
        "import again": import_again(project, table(folder, options.rows)),
        **{f"export {kind}": export(answered, kind) for kind in ("csv", "jsonl", "crowdkit")},
    }


def table(folder: Path, rows: int) -> Path:
    path = folder / "items.csv"
    with path.open("w") as file:
        file.write("id,text\n")
        file.writelines(
            f"item-{n},A short text of some words numbered {n} to read\n" for n in range(rows)
        )
    return path


def import_rows(project: Any, path: Path, rows: int) -> dict[str, Any]:
    with Measure() as measure:
        run(project, path)
    facts = measure.facts()
    cpu = facts["cpu_here"] + facts["cpu_database"]
    return facts | {"rows": rows, "rows_per_cpu_second": round(rows / cpu)}


def import_again(project: Any, path: Path) -> dict[str, Any]:
    """All ids are there: everything is named, nothing is changed."""
    from labeling.services.staging import ImportRefused

    with Measure() as measure:
        try:
            run(project, path)
        except ImportRefused as refused:
            named = refused.count
    return measure.facts() | {"named": named}


def run(project: Any, path: Path) -> None:
    from django.db import transaction

    from labeling.services.importing import accept_file, run_import

    with path.open("rb") as file:
        upload, _ = accept_file(project, iter(lambda: file.read(1 << 20), b""), path.name)
    run_import(upload.public_id, fence=transaction.atomic, progress=lambda _: None)


def export(project: Any, kind: str) -> dict[str, Any]:
    from labeling.services.exporting import export_answers

    with Measure() as measure:
        pieces = export_answers(project, kind)
        start = time.perf_counter()
        next(pieces)
        first = time.perf_counter() - start
        size = sum(map(len, pieces))
    return measure.facts() | {"first_byte": round(first, 4), "megabytes": round(size / 1e6, 1)}


def give_answers(project: Any, count: int) -> None:
    """Three answers an item, by thirty people."""
    import factories
    from labeling.models import Answer, Assignment, Item
    from labeling.services.people import enroll

    people = [factories.annotator(project.organization, f"person-{n}") for n in range(30)]
    for person in people:
        enroll(project, person)
    items = Item.objects.bulk_create(
        [Item(project=project, external_id=f"done-{n}") for n in range(count // 3)], 5000
    )
    pairs = [(item, people[(n + k) % 30]) for n, item in enumerate(items) for k in range(3)]
    fields = {"project": project, "label_set_version": 1, "instructions_version": 1}
    seats = [
        Assignment(item=i, annotator=p, lease_until=i.created_at, state="answered", **fields)
        for i, p in pairs
    ]
    seats = Assignment.objects.bulk_create(seats, 5000)
    Answer.objects.bulk_create(
        [
            Answer(
                project=project, item=s.item, assignment=s, annotator=s.annotator, key=uuid.uuid4(),
                value="owl", label_code=1, verdict="stored", counted=True, seconds=2.0,
            )
            for s in seats
        ],
        5000,
    )  # fmt: skip


class Measure:
    """Seconds by the clock, CPU here and in our backend, and how much memory rose at its peak."""

    def __enter__(self) -> "Measure":
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
        self._memory = memory("VmRSS")
        self._start = (time.perf_counter(), time.process_time(), backend_cpu())
        return self

    def __exit__(self, *_: object) -> None:
        wall, here, there = self._start
        self._facts = {
            "wall": round(time.perf_counter() - wall, 2),
            "cpu_here": round(time.process_time() - here, 2),
            "cpu_database": round(backend_cpu() - there, 2),
            "peak_megabytes": memory("VmHWM"),
            "more_megabytes": memory("VmHWM") - self._memory,
        }

    def facts(self) -> dict[str, Any]:
        return self._facts


def memory(name: str) -> int:
    """Megabytes, from the kernel."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))


def backend_cpu() -> float:
    """CPU seconds of the PostgreSQL process that serves this connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / TICKS


if __name__ == "__main__":
    main()
