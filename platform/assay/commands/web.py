"""Serve the pages and the API."""

import argparse

from assay.commands import _process


def add_arguments(parser: argparse.ArgumentParser) -> None:
    _process.add_arguments(parser)
    parser.add_argument(
        "--port", type=_process.port, help="port to listen on (default: ASSAY_PORT)"
    )


def run(options: argparse.Namespace) -> int:
    environment = _process.begin(options)
    from assay.processes.ports import PortTaken
    from assay.processes.web import serve

    try:
        serve(environment, options.port or environment.port)
    except PortTaken as problem:
        return _process.explain(problem)
    return 0
