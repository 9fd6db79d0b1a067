"""Write a project's labels or answers to a file or to standard output."""

import argparse
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from assay.commands._manage import carry_out, find_project
from assay.commands._output import CannotDo, add_json, progress, progress_ends, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", help="id or name")
    parser.add_argument("--what", choices=["labels", "answers"], default="answers")
    parser.add_argument("--format", choices=["csv", "jsonl", "crowdkit"], default="csv")
    parser.add_argument(
        "--people",
        choices=["pseudonyms", "usernames"],
        default="pseudonyms",
        help="what people are called in answers (default: pseudonyms)",
    )
    add_json(parser)
    parser.add_argument(
        "-o", "--output", type=Path, help="file to write (default: standard output)"
    )


def run(options: argparse.Namespace) -> int:
    return carry_out(_export, options)


def _export(options: argparse.Namespace) -> None:
    if options.json and options.output is None:
        raise CannotDo("--json tells what was written to a file: it needs -o FILE")
    pieces = _pieces(options)
    with ExitStack() as stack:
        size = _write(pieces, _target(options, stack))
    progress_ends()
    if options.json:
        show(options, {"file": str(options.output), "what": options.what, "bytes": size})


def _pieces(options: argparse.Namespace) -> Iterable[bytes]:
    from labeling.services.exporting import export_answers
    from quality.services.exporting import export_labels

    project = find_project(options.project)
    if options.what == "labels":
        return export_labels(project, options.format)
    return export_answers(project, options.format, options.people)


def _target(options: argparse.Namespace, stack: ExitStack) -> IO[bytes]:
    if options.output is None:
        return sys.stdout.buffer
    try:
        return stack.enter_context(options.output.open("wb"))
    except OSError as error:
        raise CannotDo(f"{options.output}: {error.strerror}") from None


def _write(pieces: Iterable[bytes], target: IO[bytes]) -> int:
    size = 0
    for piece in pieces:
        size += target.write(piece)
        progress(f"{size:,} bytes written")
    target.flush()
    return size
