"""Bring a site back from a backup, into an empty place."""

import argparse
from pathlib import Path

from assay.commands._output import add_json, show
from assay.django_setup import NotWell, prepare_django
from assay.settings.environment import read_environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="what `assay backup` wrote")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    environment = read_environment()
    prepare_django()
    from assay.backups import BackupProblem
    from assay.backups.site import restore
    from assay.reachability import reach_database

    if environment.database["ENGINE"] != "assay.sqlite":
        reach_database()
    try:
        facts = restore(options.file, environment.home)
    except BackupProblem as problem:
        raise NotWell(str(problem)) from problem
    show(options, facts)
    return 0
