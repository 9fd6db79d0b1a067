"""Write the whole site, database and media, into one file; it may run while people work."""

import argparse
from pathlib import Path

from assay.commands._output import add_json, progress, progress_ends, show
from assay.django_setup import NotWell, prepare_site
from assay.settings.environment import read_environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the tar file to write; it holds secrets")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    prepare_site()
    from assay.backups import BackupProblem
    from assay.backups.site import back_up

    if options.file.exists():
        raise NotWell(f"{options.file} exists already; it is not written over")
    try:
        facts = back_up(read_environment().home, options.file.absolute(), _say)
    except BackupProblem as problem:
        raise NotWell(str(problem)) from problem
    progress_ends()
    show(options, facts)
    return 0


def _say(files: int) -> None:
    if files % 100 == 0:
        progress(f"{files:,} media files")
