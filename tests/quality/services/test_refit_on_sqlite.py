"""Whole columns on PostgreSQL and ``executemany`` on SQLite leave the same rows."""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from on_sqlite import run_on_sqlite

SCENE = Path(__file__).with_name("refit_scene.py")


@pytest.mark.django_db
def test_a_refit_writes_the_same_rows_on_both_databases(tmp_path: Path) -> None:
    said = run_on_sqlite(SCENE, tmp_path)
    rows = _scene().play()
    assert len(rows) == 12 + 12 + 3 + 1
    assert len(rows[-1]) == 1, "one label was spoilt, so one row is to be written anew"
    assert json.loads(said.splitlines()[-1]) == rows


def _scene():
    spec = spec_from_file_location("refit_scene", SCENE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
