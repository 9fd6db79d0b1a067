"""The embedded database keeps the same promises: one writer at a time, in a fair line."""

import os
import subprocess
import sys
from pathlib import Path


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
