"""Random work against a small pure model; and broken engines, which the same machine must catch.

In the ordinary run on SQLite, in a process of its own; every night for longer on PostgreSQL.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import Phase

from broken_engines import BROKEN, broken
from on_sqlite import run_on_sqlite
from work_machine import run

CAUGHT_EVERY_TIME = [
    "seats are sold without counting",
    "answers are paid twice",
    "keys are not looked up",
]
SHORT, LONG = ("12", "40"), (200, 50)  # histories, acts in each


def test_the_engine_does_what_the_model_says_on_sqlite(tmp_path: Path) -> None:
    assert _on_sqlite(tmp_path, CAUGHT_EVERY_TIME) == ["as the model says", *CAUGHT_EVERY_TIME]


@pytest.mark.nightly
def test_every_broken_engine_is_caught_on_sqlite(tmp_path: Path) -> None:
    assert _on_sqlite(tmp_path, list(BROKEN)) == ["as the model says", *BROKEN]


def _on_sqlite(home: Path, broken_engines: Sequence[str]) -> list[str]:
    """What went as it should, in a process of its own."""
    script = Path(__file__).with_name("machine_on_sqlite.py")
    return run_on_sqlite(script, home, *SHORT, *broken_engines).splitlines()


@pytest.mark.nightly
@pytest.mark.django_db
def test_the_engine_does_what_the_model_says_for_long() -> None:
    run(*LONG)


@pytest.mark.nightly
@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_engine_is_caught(name: str) -> None:
    with broken(name), pytest.raises(Exception):  # noqa: B017, PT011  (an assertion, or a constraint)
        run(*LONG, phases=[Phase.generate])
