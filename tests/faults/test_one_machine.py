"""SQLite and two processes: each of them is killed while people work, and nothing that was said is lost.

By night, like the same play on many machines; that killed processes come back belongs to the ordinary tests
(tests/platform/assay/test_processes.py, tests/platform/jobs/test_dead_workers.py).
"""

from pathlib import Path

import pytest

from fault_play import assert_kept, playing


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1, 8))
def test_web_and_jobs_are_killed_while_people_work(tmp_path: Path, seed: int) -> None:
    with playing(tmp_path, seed) as play:
        play.break_down(
            [
                lambda: play.kill("web", child=True),
                lambda: play.kill("jobs"),
                lambda: play.kill("web"),
                lambda: play.kill("jobs"),
            ]
        )
        assert_kept(play.outcome())
