"""A script that runs on the embedded database, in a process of its own: the tests' own database is PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

PATIENCE = 600  # seconds; never a measure of speed


def run_on_sqlite(script: Path, home: Path, *arguments: str, **more: str) -> str:
    """What it wrote to standard output; fails with what it said when it fails."""
    environment = {**os.environ, "ASSAY_MODE": "test", "ASSAY_HOME": str(home), **more}
    environment.pop("DATABASE_URL", None)
    ran = subprocess.run(
        [sys.executable, str(script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout
