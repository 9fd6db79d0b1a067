"""Write a project's answers to a file or to standard output."""

import argparse
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from assay.commands._manage import carry_out, find_project
from assay.commands._output import CannotDo, progress, progress_ends


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", help="id or name")
    parser.add_argument("--what", choices=["answers"], default="answers")
    parser.add_argument("--format", choices=["csv", "jsonl", "crowdkit"], default="csv")
    parser.add_argument(
        "-o", "--output", type=Path, help="file to write (default: standard output)"
    )


def run(options: argparse.Namespace) -> int:
    return carry_out(_export, options)


def _export(options: argparse.Namespace) -> None:
    from labeling.services.exporting import export_answers

    pieces = export_answers(find_project(options.project), options.format)
    with ExitStack() as stack:
        _write(pieces, _target(options, stack))
    progress_ends()


def _target(options: argparse.Namespace, stack: ExitStack) -> IO[bytes]:
    if options.output is None:
        return sys.stdout.buffer
    try:
        return stack.enter_context(options.output.open("wb"))
    except OSError as error:
        raise CannotDo(f"{options.output}: {error.strerror}") from None


def _write(pieces: Iterable[bytes], target: IO[bytes]) -> None:
    for number, piece in enumerate(pieces, 1):
        target.write(piece)
        if number % 1000 == 0:
            progress(f"{number:,} lines written")
    target.flush()
