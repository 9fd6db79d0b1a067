"""Run jobs and other tasks that come over Redis."""

import argparse

from assay.commands import _process


def add_arguments(parser: argparse.ArgumentParser) -> None:
    _process.add_arguments(parser)
    parser.add_argument(
        "--slots", type=int, help="tasks at the same time (default: ASSAY_JOB_SLOTS)"
    )


def run(options: argparse.Namespace) -> int:
    environment = _process.begin(options)
    if not environment.redis_url:
        return _process.explain(
            "A worker needs REDIS_URL. Without Redis, `assay jobs` does its work."
        )
    from assay.django_setup import prepare_site

    prepare_site()
    from assay.processes.worker import work

    work(pool="prefork", slots=options.slots or environment.job_slots)
    return 0
