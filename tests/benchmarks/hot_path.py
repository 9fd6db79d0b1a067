"""Answers a second over HTTP, each person with their own token, beside what PostgreSQL itself can do.

A closed loop without think time: ``wrk`` sends what a person answered and gets their next seats, one
connection and one thread a person. PostgreSQL runs with its default durability, two web processes and
the generator on the same machine. Before and after each load, pgbench runs the least transactions that a
claim and an answer can be; the ratio to it is the figure that travels from one machine to another.

    python tests/benchmarks/hot_path.py                         # 1, 8, 32 and 100 people, and batches of 5
    python tests/benchmarks/hot_path.py --people 32 --seconds 5
    python tests/benchmarks/hot_path.py --hard first two        # empty tables, two people, export, kills
    python tests/benchmarks/hot_path.py --claims                # claim alone: pool size and own answers
    python tests/benchmarks/hot_path.py --sqlite                # the embedded database, 8 people
"""

import argparse
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / part) for part in ("", "platform", "tests")]

import hot_path_beside as beside  # noqa: E402
from hot_path_claims import claims  # noqa: E402
from hot_path_cpu import cpu  # noqa: E402
from hot_path_plain import least  # noqa: E402
from hot_path_scenes import check, prepare, scene  # noqa: E402

from servers import assay, process  # noqa: E402
from servers.postgres import Postgres  # noqa: E402

DURABLE = {"fsync": "on", "full_page_writes": "on", "autovacuum_naptime": "5s"}


def main(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="assay-hot-") as folder:
        home = Path(folder)
        if options.sqlite:
            prepare(home, "")
            load(home, "", options, [Load(n, 1, options.seconds) for n in (8, 1, 32)])
            return
        # A claim alone is measured without its wait for the disk, which is the same for all of them.
        no_wait = {"synchronous_commit": "off"} if options.claims else {}
        server = Postgres("", **DURABLE | no_wait).start()
        try:
            prepare(home, server.url)
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


HARD = {
    "first": [Load(32, 1, 60)],  # on empty tables
    "two": [Load(2, 1, 60)],
    "export": [Load(32, 1, 30), Load(32, 1, 30, beside.exports)],
    "kills": [Load(32, 1, 30, beside.kills)],
}


def _plan(options: argparse.Namespace) -> list[Load]:
    seconds = options.seconds
    if options.hard:
        return [load for name in options.hard for load in HARD[name]]
    return [Load(n, 1, seconds) for n in options.people] + [
        Load(n, 5, seconds) for n in options.people if n == 32
    ]


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
    before = cpu(web)
    ran = subprocess.run(
        [*command, str(home / "people"), project, str(batch)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    after = cpu(web)
    result = next(x.split()[1:] for x in ran.stdout.splitlines() if x.startswith("RESULT"))
    names = ("stored", "failed", "socket", "starved", "seconds", "p50", "p99")
    found = dict(zip(names, map(float, result), strict=True))
    return found | {name: after[name] - before[name] for name in before}


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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[1, 8, 32, 100])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--nice", type=int, default=0, help="of everything, while it is measured")
    parser.add_argument("--hard", nargs="*", choices=HARD, help="without a name: all of them")
    parser.add_argument("--claims", action="store_true")
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args()
    options.hard = list(HARD) if options.hard == [] else options.hard
    main(options)
