"""The embedded database keeps the same promises: one writer at a time, in a fair line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.nightly
def test_a_crowd_is_exact_on_sqlite(tmp_path: Path) -> None:
    environment = {**os.environ, "ASSAY_MODE": "test", "ASSAY_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    script = Path(__file__).with_name("crowd_on_sqlite.py")
    ran = subprocess.run(
        [sys.executable, str(script), "8", "40"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert int(ran.stdout.split()[0]) >= 75  # the budget ends it at 80; some may be skipped


def test_the_twin_of_copy_brings_in_and_reports_the_same_rows(tmp_path: Path) -> None:
    environment = {**os.environ, "ASSAY_MODE": "test", "ASSAY_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    script = Path(__file__).with_name("import_on_sqlite.py")
    ran = subprocess.run(
        [sys.executable, str(script)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.stdout.splitlines() == [
        "('done', 2, [(3, 'text'), (5, 'id')])",
        "('refused', 0, [(3, 'text'), (2, 'id'), (4, 'id'), (5, 'id')])",
        "[('a', 'x', 2.0), ('c', 'y', 0.0)]",
    ], ran.stderr[-3000:]


@pytest.mark.parametrize(("word", "said"), [("as it is", "0 0"), ("broken", "1 0")])
def test_nobody_is_told_what_a_full_disk_has_undone(tmp_path: Path, word: str, said: str) -> None:
    environment = {**os.environ, "ASSAY_MODE": "test", "ASSAY_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    script = Path(__file__).with_name("sunk_on_sqlite.py")
    ran = subprocess.run(
        [sys.executable, str(script), word],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stdout.split() == said.split()
