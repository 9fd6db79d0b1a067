"""Whole columns on PostgreSQL and ``executemany`` on SQLite leave the same rows."""

import json
import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

SCENE = Path(__file__).with_name("refit_scene.py")


@pytest.mark.django_db
def test_a_refit_writes_the_same_rows_on_both_databases(tmp_path: Path) -> None:
    environment = {**os.environ, "ASSAY_MODE": "test", "ASSAY_HOME": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    ran = subprocess.run(
        [sys.executable, str(SCENE)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    rows = _scene().play()
    assert len(rows) == 12 + 12 + 3
    assert json.loads(ran.stdout.splitlines()[-1]) == rows


def _scene():
    spec = spec_from_file_location("refit_scene", SCENE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
