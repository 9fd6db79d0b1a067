"""Compute everything derived in a project once more from its answers and gold.

Labels, skills, gold results and parameters come out as they were; it may run while people work.
"""

import argparse
import json
import sys

from assay.django_setup import prepare_site

NO_SUCH_PROJECT = 65  # EX_DATAERR


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", help="id of the project")
    parser.add_argument("--json", action="store_true", help="the result as one line of JSON")


def run(options: argparse.Namespace) -> int:
    prepare_site()
    from labeling.models import Project
    from quality.services.rebuilding import rebuild
    from quality.services.refit import Unfenced

    project = Project.objects.filter(public_id=options.project).first()
    if project is None:
        sys.stderr.write(f"There is no project {options.project!r}.\n")
        return NO_SUCH_PROJECT
    done = rebuild(project, Unfenced(_say))
    words = f"{done['answers']} answers, {done['items']} labels"
    sys.stdout.write(f"{json.dumps(done) if options.json else words}\n")
    return 0


def _say(done: int, total: int | None, message: str) -> None:
    share = f" {done} of {total}" if total else ""
    sys.stderr.write(f"{message}{share}\n")
