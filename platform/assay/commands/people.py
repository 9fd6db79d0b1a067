"""Make accounts for an invited crowd, with a token each."""

import argparse
import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from assay.commands._manage import carry_out, find_project
from assay.commands._output import CannotDo, add_json, show

if TYPE_CHECKING:
    from labeling.models import Project

MOST = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(metavar="ACT", required=True)
    add = acts.add_parser("add", help="add annotators to a project")
    add.add_argument("--count", type=int, required=True)
    add.add_argument("--project", required=True, help="id or name")
    add.add_argument(
        "--tokens-out", type=Path, required=True, help="CSV file to write: name, token"
    )
    add.add_argument("--group", action="append", default=[], help="may be given several times")
    add.add_argument("--language", action="append", default=[], help="may be given several times")
    add.add_argument("--door", help="the way that they came in (default: invited)")
    add_json(add)


def run(options: argparse.Namespace) -> int:
    return carry_out(_add, options)


def _add(options: argparse.Namespace) -> None:
    if not 1 <= options.count <= MOST:
        raise CannotDo(f"--count must be from 1 to {MOST}")
    project = find_project(options.project)
    with _private_file(options.tokens_out) as file:
        writer = csv.writer(file, lineterminator="\n")  # shells read it line by line
        writer.writerow(["name", "token"])
        writer.writerows(_people(project, options))
    show(options, {"people": options.count, "tokens": str(options.tokens_out)})


def _people(project: "Project", options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    from labeling.services.crowd import INVITED, Traits, add_people

    traits = Traits(options.group, options.language, options.door or INVITED)
    for person in add_people(project, options.count, traits):
        yield person.name, person.token


def _private_file(path: Path) -> IO[str]:
    """Tokens are passwords: nobody else on this machine reads them. An existing file is not replaced."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CannotDo(f"{path}: {error.strerror}") from None
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")
