"""Run jobs and sweeps on this machine alone, without Redis."""

import argparse

from assay.commands import _process

add_arguments = _process.add_arguments


def run(options: argparse.Namespace) -> int:
    environment = _process.begin(options)
    if environment.redis_url:
        return _process.explain(
            "REDIS_URL is set, so jobs run in `assay worker` and `assay scheduler`."
        )
    from assay.django_setup import prepare_site

    prepare_site()
    from assay.processes.jobs import AlreadyRunning, run_jobs

    try:
        run_jobs(environment)
    except AlreadyRunning as problem:
        return _process.explain(problem)
    return 0
