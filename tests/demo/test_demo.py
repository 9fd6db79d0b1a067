"""`assay demo --quick --json` as a user types it, on SQLite and on PostgreSQL with Redis."""

import json
import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import psycopg
import pytest

from assay.demo.setting import PRICE_MICROS
from servers import assay

PATIENCE = 900  # never a measure of speed: only the end of what would hang
FEWER = """
import sys
from assay.commands import demo
from assay.__main__ import main
demo.QUICK_ITEMS = 90
sys.exit(main(sys.argv[1:]))
"""
KEYS = {
    "label_accuracy", "expected_accuracy", "expected_low", "expected_high", "items", "answers_paid",
    "stopped_because", "baselines", "paused", "wrongly_paused", "model_accuracy", "rounds", "seconds",
}  # fmt: skip
BAD = {"random", "one_label", "turns_bad"}


def demo(tmp_path: Path, program: list[str], **variables: str) -> dict[str, Any]:
    """The line of JSON of a quick demonstration that left no process and no file behind."""
    mark, temporary = uuid.uuid4().hex, tmp_path / "tmp"
    temporary.mkdir()
    environ = assay.environment(
        tmp_path / "unused", DEMO_MARK=mark, TMPDIR=str(temporary), **variables
    )
    done = subprocess.run(
        [sys.executable, "-P", *program, "demo", "--quick", "--seed", "3", "--json"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert alive_with(mark) == []
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "unused").exists()
    [line] = done.stdout.splitlines()
    return dict(json.loads(line))


def alive_with(mark: str) -> list[int]:
    """Processes that inherited this mark."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:  # gone, or somebody else's
            continue
    return assay.alive(found)


def assert_complete(report: dict[str, Any], items: int) -> None:
    assert report.keys() == KEYS
    assert report["items"] == items
    assert report["label_accuracy"] > report["baselines"]["majority3"]["accuracy"]
    assert report["baselines"]["majority3"]["answers"] == 3 * items
    assert report["expected_low"] <= report["expected_accuracy"] <= report["expected_high"]
    assert report["stopped_because"]
    assert report["rounds"] >= 1
    for person in report["paused"]:
        assert person.keys() == {"person", "kind", "reason", "answers"}
        assert person["reason"]
    wrong = [one["person"] for one in report["paused"] if one["kind"] not in BAD]
    assert report["wrongly_paused"] == wrong


def test_on_sqlite(tmp_path: Path) -> None:
    assert_complete(demo(tmp_path, ["-c", FEWER]), items=50)


@pytest.mark.nightly  # tests/faults plays the same, and breaks things meanwhile
def test_on_postgresql_and_redis(tmp_path: Path, fresh_database: str, redis_url: str) -> None:
    report = demo(tmp_path, ["-c", FEWER], DATABASE_URL=fresh_database, REDIS_URL=redis_url)
    assert_complete(report, items=50)
    assert_paid(fresh_database, report["answers_paid"])


def assert_paid(database: str, answers: int) -> None:
    """Each counted answer was paid once, at the price; pay that is held is an entry of its own."""
    with psycopg.connect(database) as connection:
        counted = "SELECT count(*) FROM labeling_answer WHERE counted"
        assert connection.execute(counted).fetchone() == (answers,)
        paid = "SELECT count(*), sum(amount_micros) FROM labeling_ledgerentry WHERE kind = 'answer'"
        assert connection.execute(paid).fetchone() == (answers, answers * PRICE_MICROS)


@pytest.mark.nightly
@pytest.mark.parametrize("servers", ["sqlite", "postgresql"])
def test_three_hundred_items(
    tmp_path: Path, servers: str, fresh_database: str, redis_url: str
) -> None:
    variables = {"DATABASE_URL": fresh_database, "REDIS_URL": redis_url}
    report = demo(tmp_path, ["-m", "assay"], **(variables if servers == "postgresql" else {}))
    assert_complete(report, items=260)
    assert report["label_accuracy"] > 0.95
    assert report["answers_paid"] < report["baselines"]["majority5"]["answers"]
    assert report["model_accuracy"] > 0.8


def refused(tmp_path: Path, *arguments: str) -> str:
    done = assay.run("demo", "--quick", *arguments, environ=assay.environment(tmp_path))
    assert done.returncode == 69
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(tmp_path, "--port", str(port))
    assert f"Cannot listen on 127.0.0.1:{port}: address already in use" in said
    assert f"{port + 1}" in said


def test_a_folder_that_is_no_recording_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "items.csv.gz is missing" in refused(tmp_path, "--answers", str(tmp_path / "empty"))


def test_the_marks_of_a_living_process_are_found() -> None:
    """So that the check for processes left behind can fail."""
    mark = uuid.uuid4().hex
    child = subprocess.Popen(["sleep", "60"], env={**os.environ, "DEMO_MARK": mark})
    try:
        assert alive_with(mark) == [child.pid]
    finally:
        child.kill()
        child.wait()
    assert alive_with(mark) == []
