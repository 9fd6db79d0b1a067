"""Look at everybody in a project now: all evidence, camps, suspect gold; and do what the rules say."""

import argparse

from assay.commands._manage import carry_out, find_project
from assay.commands._output import add_json, progress, progress_ends, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", help="id or name")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    return carry_out(_survey, options)


def _survey(options: argparse.Namespace) -> None:
    from quality.services.refit import Unfenced
    from quality.services.surveying import survey_project

    project = find_project(options.project)
    found = survey_project(project.pk, Unfenced(_say))
    progress_ends()
    show(options, found)


def _say(done: int, total: int | None, message: str) -> None:
    progress(f"{message} {done} of {total}" if total else message)
