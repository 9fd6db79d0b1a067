"""Answers a second over HTTP, each person with their own token, beside what PostgreSQL itself can do.

A closed loop without think time: ``wrk`` sends what a person answered and gets their next seats, one
connection and one thread a person. PostgreSQL runs with its default durability, two web processes and
the generator on the same machine. Before and after each load, pgbench runs the least transactions that a
claim and an answer can be; the ratio to it is the figure that travels from one machine to another.

    python tests/benchmarks/hot_path.py                         # 1, 8, 32 and 100 people, and batches of 5
    python tests/benchmarks/hot_path.py --people 32 --seconds 5
    python tests/benchmarks/hot_path.py --hard                  # empty tables, two people, an export, kills
    python tests/benchmarks/hot_path.py --claims                # claim alone: pool size and own answers
    python tests/benchmarks/hot_path.py --sqlite                # the embedded database, 8 people
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / part) for part in ("", "platform", "tests")]

import hot_path_beside as beside  # noqa: E402

from servers import assay, process  # noqa: E402
from servers.postgres import Postgres  # noqa: E402

DURABLE = {"fsync": "on", "full_page_writes": "on", "autovacuum_naptime": "5s"}
ITEMS, SEATS = 20_000, 3
TICK = os.sysconf("SC_CLK_TCK")
TABLES = """
DROP TABLE IF EXISTS least_item, least_seat, least_answer;
CREATE TABLE least_item (id bigserial PRIMARY KEY, taken integer NOT NULL DEFAULT 0,
    wanted integer NOT NULL DEFAULT 3, open boolean NOT NULL DEFAULT true, CHECK (taken <= wanted));
CREATE INDEX ON least_item (id) WHERE open;
CREATE TABLE least_seat (id bigserial PRIMARY KEY, item_id bigint NOT NULL, person bigint NOT NULL,
    state text NOT NULL DEFAULT 'leased', lease_until timestamptz NOT NULL, UNIQUE (item_id, person));
CREATE TABLE least_answer (id bigserial PRIMARY KEY, seat_id bigint NOT NULL, item_id bigint NOT NULL,
    person bigint NOT NULL, key uuid NOT NULL, value jsonb NOT NULL, UNIQUE (person, key));
INSERT INTO least_item SELECT FROM generate_series(1, 60000);
"""


def main(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="assay-hot-") as folder:
        home = Path(folder)
        if options.sqlite:
            _prepare(home, "")
            load(home, "", options, [Load(n, 1, options.seconds) for n in (8, 1, 32)])
            return
        # A claim alone is measured without its wait for the disk, which is the same for all of them.
        no_wait = {"synchronous_commit": "off"} if options.claims else {}
        server = Postgres("", **DURABLE | no_wait).start()
        try:
            _prepare(home, server.url)
            if options.claims:
                claims()
            else:
                load(home, server.url, options, _plan(options))
        finally:
            server.stop()


class Load(NamedTuple):
    """``people`` work for so many seconds, each with ``batch`` answers a request."""

    people: int
    batch: int
    seconds: int
    beside: Callable[[str, int], AbstractContextManager[None]] = beside.nothing


def _plan(options: argparse.Namespace) -> list[Load]:
    seconds = options.seconds
    if options.hard:
        first, two = Load(32, 1, 60), Load(2, 1, 60)
        return [first, two, Load(32, 1, 30), Load(32, 1, 30, beside.exports),
                Load(32, 1, 30, beside.kills)]  # fmt: skip
    return [Load(n, 1, seconds) for n in options.people] + [
        Load(n, 5, seconds) for n in options.people if n == 32
    ]


def _prepare(home: Path, url: str) -> None:
    """Django in this process, on a fresh database."""
    os.environ |= {"ASSAY_HOME": str(home), "ASSAY_MODE": "local", "DATABASE_URL": url}
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.settings.local"
    os.environ["ASSAY_LOG_LEVEL"] = "WARNING"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)


def least(url: str, clients: int, seconds: int) -> float:
    """Pairs of a minimal claim and a minimal answer a second, in pgbench."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)
    script = HERE / "hot_path_minimal.sql"
    command = [
        "pgbench",
        "-n",
        "-f",
        str(script),
        "-c",
        str(clients),
        "-j",
        "2",
        "-T",
        str(seconds),
    ]
    ran = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    rate = float(next(x.split()[2] for x in ran.stdout.splitlines() if x.startswith("tps")))
    pair = float(next(x.split()[3] for x in ran.stdout.splitlines() if x.startswith("latency av")))
    print(
        f"plain PostgreSQL, {clients} clients: {rate:.0f} claims and answers a second, "
        f"{pair:.1f} ms each",
        flush=True,
    )
    return rate


def scene(people: int) -> tuple[str, str]:
    """A fresh project; its public id, and the tokens of its people, one a line."""
    import factories
    from accounts.services import create_token
    from labeling.services.people import enroll

    name = secrets.token_hex(4)
    organization = factories.organization(name)
    labels = [str(k) for k in range(10)]
    project = factories.project(
        organization, labels, price_micros=20_000, budget_micros=10**12, seats_max=SEATS
    )
    add_items(project.pk, ITEMS, "work", SEATS)
    add_items(project.pk, 100, "gold", 10**6)
    tokens = []
    for n in range(people):
        person = factories.annotator(organization, f"{name}-{n}")
        enroll(project, person)
        tokens.append(create_token(person).secret)
    return project.public_id, "\n".join(tokens) + "\n"


def add_items(project: int, items: int, role: str, seats: int) -> None:
    from django.db import connection, transaction

    rows = [
        (secrets.token_hex(8), project, f"{role}{n}", '{"text": "What is this?"}', role, n, seats)
        for n in range(items)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO labeling_item (public_id, project_id, external_id, payload, role, status,"
            " priority, position, seats_wanted, seats_taken, has_seat, staged_by, created_at)"
            " VALUES (%s, %s, %s, %s, %s, 'open', 0, %s, %s, 0, true, '', CURRENT_TIMESTAMP)",
            rows,
        )


def load(home: Path, url: str, options: argparse.Namespace, plan: Sequence[Load]) -> None:
    """Everything is prepared first: what is measured comes in one piece, on a machine as it then is."""
    environ = assay.environment(
        home,
        DATABASE_URL=url,
        ASSAY_WEB_PROCESSES="2",
        ASSAY_WEB_THREADS="8",
        ASSAY_LOG_LEVEL="WARNING",
    )
    scenes = [scene(each.people) for each in plan]
    with _web(home, environ) as (port, pid):
        _warm(port)
        _favour(options.nice)
        before = least(url, 32, options.seconds) if url else None
        for each, (project, tokens) in zip(plan, scenes, strict=True):
            (home / "people").write_text(tokens)
            with each.beside(project, pid):
                found = _run(home, port, pid, project, each)
            after = least(url, 32, options.seconds) if url else None
            _report(home, each, before and after and (before + after) / 2, found)
            before = after
        if url:
            least(url, 1, options.seconds)
    check()


def _favour(nice: int) -> None:
    """For a short measurement on a machine that others use: this process and all that it started."""
    for pid in [os.getpid(), *assay.descendants(os.getpid())]:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, int(thread.name), nice)


def check() -> None:
    """Afterwards everything is counted again."""
    from django.db.models import Count, F

    from labeling.models import Answer, Assignment, Item, LedgerEntry

    answers = Answer.objects.count()
    assert answers == LedgerEntry.objects.count()
    assert answers == Assignment.objects.filter(state="answered").count()
    live = Item.objects.annotate(n=Count("assignments"))
    assert not live.exclude(n=F("seats_taken")).exists()


@contextmanager
def _web(home: Path, environ: dict[str, str]) -> Iterator[tuple[int, int]]:
    port, log = process.free_port(), home / "web.log"
    with assay.running("web", "--port", str(port), environ=environ, log=log) as web:
        assay.wait_until(lambda: assay.answers(port), log=log)
        yield port, web.pid


def _warm(port: int) -> None:
    for _ in range(40):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health").read()


def _run(home: Path, port: int, web: int, project: str, load: Load) -> dict[str, float]:
    people, batch, seconds, _ = load
    command = ["wrk", f"-t{people}", f"-c{people}", f"-d{seconds}", "--timeout", "20s"]
    command += ["-s", str(HERE / "hot_path.lua"), f"http://127.0.0.1:{port}", "--"]
    before = _cpu(web)
    ran = subprocess.run(
        [*command, str(home / "people"), project, str(batch)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    after = _cpu(web)
    result = next(x.split()[1:] for x in ran.stdout.splitlines() if x.startswith("RESULT"))
    names = ("stored", "failed", "socket", "starved", "seconds", "p50", "p99")
    found = dict(zip(names, map(float, result), strict=True))
    return found | {name: after[name] - before[name] for name in before}


def _cpu(web: int) -> dict[str, float]:
    """Seconds of CPU so far: the web processes, and every PostgreSQL process below this one."""
    ours = [pid for pid in assay.descendants(os.getpid()) if _is_postgres(pid)]
    return {
        "web": sum(map(_seconds, [web, *assay.descendants(web)])),
        "database": sum(map(_seconds, ours)),
    }


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return False


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13])) / TICK


def _report(home: Path, load: Load, plain: float | None, found: dict[str, float]) -> None:
    rate, stored = found["stored"] / found["seconds"], max(found["stored"], 1)
    ratio = f"{rate / plain:.2f}" if plain else "-"
    print(
        f"{load.people:4} people x {load.batch}, {load.seconds} s, {load.beside.__name__} beside: "
        f"{rate:6.0f} answers/s, ratio {ratio}, "
        f"p50 {found['p50']:.1f} ms, p99 {found['p99']:.1f} ms, "
        f"CPU us an answer: web {1e6 * found['web'] / stored:.0f}, "
        f"database {1e6 * found['database'] / stored:.0f}; "
        f"failed {found['failed']:.0f}, socket {found['socket']:.0f}, starved {found['starved']:.0f}",
        flush=True,
    )
    log = (home / "web.log").read_text(errors="replace")
    if "turn_not_taken" in log or "Traceback" in log:
        print(log[-1500:])


def claims() -> None:
    """Milliseconds of one claim in the database: the pool's size, and what a person has answered."""
    for items in (20_000, 1_000_000):
        project, token, organization = _pool(items)
        print(f"{items} open items: newcomer p50 {_claim_ms(project, token):.2f} ms")
        if items == 20_000:
            old = _old_hand(project, organization)
            print(f"{items} open items, all answered by the person but the last: "
                  f"p50 {_claim_ms(project, old):.2f} ms")  # fmt: skip


def _pool(items: int) -> tuple[str, str, object]:
    from django.db import connection

    import factories
    from accounts.services import create_token
    from labeling.services.people import enroll

    organization = factories.organization(secrets.token_hex(4))
    project = factories.project(organization, gold_share=0.08)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO labeling_item (public_id, project_id, external_id, payload, role, status,"
            " priority, position, seats_wanted, seats_taken, has_seat, staged_by, created_at)"
            " SELECT md5(random()::text || n), %s, n, '{}', 'work', 'open', 0, n, 1000, 0, true, '', now()"
            " FROM generate_series(1, %s) n",
            [project.pk, items],
        )
        cursor.execute("ANALYZE labeling_item")
    person = factories.annotator(organization, secrets.token_hex(4))
    enroll(project, person)
    return project.public_id, create_token(person).token.digest, organization


def _old_hand(public_id: str, organization: object) -> str:
    """The token of a person who has answered all items but the last hundreds, which are all still open."""
    from django.db import connection

    import factories
    from accounts.services import create_token
    from labeling.models import Project
    from labeling.services.people import enroll

    project = Project.objects.get(public_id=public_id)
    person = factories.annotator(organization, secrets.token_hex(4))
    enroll(project, person)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO labeling_assignment (public_id, project_id, item_id, annotator_id, state,"
            " label_set_version, instructions_version, lease_until, price_micros, unused, reason, created_at)"
            " SELECT md5(random()::text || i.id), i.project_id, i.id, %s, 'answered', 1, 1, now(), 0, false, '', now()"
            " FROM labeling_item i WHERE i.project_id = %s ORDER BY i.position LIMIT 19500",
            [person.pk, project.pk],
        )
    return create_token(person).token.digest


def _claim_ms(project: str, token: str, times: int = 200) -> float:
    from labeling.models import Assignment
    from labeling.services.fast import Turn, take_turn

    took = []
    for _ in range(times):
        start = time.perf_counter()
        turned = take_turn(Turn(token, project, wanted=1))
        took.append(1e3 * (time.perf_counter() - start))
        assert turned is not None
        assert turned.seats, turned
        Assignment.objects.filter(state="leased").update(state="released")
    return median(took)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[1, 8, 32, 100])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--nice", type=int, default=0, help="of everything, while it is measured")
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--claims", action="store_true")
    parser.add_argument("--sqlite", action="store_true")
    main(parser.parse_args())
