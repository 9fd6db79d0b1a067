"""``assay`` with job kinds for tests: one that waits to be killed, one that kills its process."""

import os
import signal
import sys
import time
from datetime import timedelta

from assay.__main__ import main
from assay.django_setup import prepare_django

prepare_django()

from jobs.models import ScheduleSlot  # noqa: E402
from jobs.registry import job_kind  # noqa: E402
from jobs.running import Run  # noqa: E402


@job_kind("tests.sleepy", lease=timedelta(seconds=3))
def sleepy(run: Run) -> dict[str, int]:
    """Its first attempt says who it is and hangs; the next one writes, once."""
    if run.attempt == 1:
        run.progress(1, 2, str(os.getpid()))
        time.sleep(300)
    with run.fenced():
        ScheduleSlot.objects.create(schedule="tests.effect", slot=run.job_id)
    return {"attempt": run.attempt}


@job_kind("tests.deadly", lease=timedelta(seconds=1), max_attempts=2)
def deadly(run: Run) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@job_kind("tests.plain")
def plain(run: Run) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main())
