"""Bring in items whose answer is known, to measure people and labels by, or to practise with."""

import argparse
from pathlib import Path

from assay.commands._manage import carry_out, find_project
from assay.commands._output import CannotDo, add_json, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(metavar="ACT", required=True)
    bring = acts.add_parser(
        "import",
        help="a table of ids and labels, or of new items with a column label",
        description="A table of ids and labels for items of the pool, or new items with a column label.",
    )
    bring.add_argument("project", help="id or name")
    bring.add_argument("file", type=Path)
    bring.add_argument("--items", type=Path, help="file of new items that the table is about")
    bring.add_argument(
        "--practice",
        action="store_true",
        help="items to practise with, best with a column explanation",
    )
    add_json(bring)


def run(options: argparse.Namespace) -> int:
    return carry_out(_import, options)


def _import(options: argparse.Namespace) -> None:
    from labeling.models import ItemRole
    from quality.services.gold import import_gold

    project = find_project(options.project)
    for path in filter(None, (options.file, options.items)):
        if not path.is_file():
            raise CannotDo(f"{path} is not a file")
    role = ItemRole.PRACTICE if options.practice else ItemRole.GOLD
    count = import_gold(project, options.file, items=options.items, role=role)
    show(options, {"project": project.public_id, str(role): count})
