"""The embedded database keeps the same promises: one writer at a time, in a fair line."""

from pathlib import Path

import pytest

from on_sqlite import run_on_sqlite

HERE = Path(__file__).parent


@pytest.mark.nightly
def test_a_crowd_is_exact_on_sqlite(tmp_path: Path) -> None:
    said = run_on_sqlite(HERE / "crowd_on_sqlite.py", tmp_path, "8", "40")
    assert int(said.split()[0]) >= 75  # the budget ends it at 80; some may be skipped


def test_the_twin_of_copy_brings_in_and_reports_the_same_rows(tmp_path: Path) -> None:
    said = run_on_sqlite(HERE / "import_on_sqlite.py", tmp_path)
    assert said.splitlines()[:3] == [
        "('done', 2, [(3, 'text'), (5, 'id')])",
        "('refused', 0, [(3, 'text'), (2, 'id'), (4, 'id'), (5, 'id')])",
        "[('a', 'x', 2.0), ('c', 'y', 0.0)]",
    ]
    assert "INDEX answers_of_item (item_id=?)" in said
    assert "answers_of_project" not in said


@pytest.mark.parametrize(
    ("word", "said"),
    [("as it is", "0 0"), pytest.param("broken", "1 0", marks=pytest.mark.nightly)],
)
def test_nobody_is_told_what_a_full_disk_has_undone(tmp_path: Path, word: str, said: str) -> None:
    assert run_on_sqlite(HERE / "sunk_on_sqlite.py", tmp_path, word).split() == said.split()
