"""Call the sweeps and schedules. Two at once are harmless."""

import argparse
import signal
import threading

from assay.commands import _process

add_arguments = _process.add_arguments


def run(options: argparse.Namespace) -> int:
    environment = _process.begin(options)
    if not environment.redis_url:
        return _process.explain(
            "A scheduler needs REDIS_URL. Without Redis, `assay jobs` has its own."
        )
    from assay.django_setup import prepare_site

    prepare_site()
    from jobs.scheduler import Scheduler

    Scheduler(embedded=False).run(_stop_signal())
    return 0


def _stop_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
