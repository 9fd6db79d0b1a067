"""A Celery worker. Its children, too, die with it."""

import os
import warnings
from typing import Any

import structlog
from celery.exceptions import SecurityWarning
from celery.signals import worker_process_init, worker_shutting_down

from assay.celery import app
from assay.lifeline import die_with_parent
from learning.long_work import import_ahead

log = structlog.get_logger(__name__)


def work(*, pool: str, slots: int) -> None:
    """Run tasks until told to stop."""
    import_ahead()  # once, before children are forked
    parent = os.getpid()

    def hold_on(**_: Any) -> None:
        die_with_parent(parent)

    worker_process_init.connect(hold_on, weak=False)
    worker_shutting_down.connect(_stop_jobs, weak=False)
    # The advice against root is for pickled messages; ours are JSON.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    worker = app.Worker(
        pool=pool,
        concurrency=slots,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel=None,
    )
    log.info("worker_started", pool=pool, slots=slots)
    worker.start()


def _stop_jobs(**_: Any) -> None:
    """Jobs that report progress give themselves back instead of holding up the end."""
    from jobs.running import stop_runs

    stop_runs()
