"""Use vectors that come with the data: a file of them, as the model sees the items from then on."""

import argparse
from pathlib import Path

from assay.commands._manage import carry_out, find_project
from assay.commands._output import CannotDo, add_json, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", help="id or name")
    parser.add_argument("file", type=Path, help=".npz with vectors and ids, .npy, or .parquet")
    parser.add_argument("--ids", type=Path, help="for .npy: the items' names, one a line")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    return carry_out(_take, options)


def _take(options: argparse.Namespace) -> None:
    from accounts.services import audit
    from learning.features.files import UnreadableVectors, read
    from learning.services.plans import UnusablePlan
    from learning.services.supplying import UnusableFeatures, supply_features

    project = find_project(options.project)
    for path in filter(None, (options.file, options.ids)):
        if not path.is_file():
            raise CannotDo(f"{path} is not a file")
    try:
        brought = read(options.file, options.file.name, options.ids)
        known = supply_features(project.pk, brought.ids, brought.vectors)
    except (UnreadableVectors, UnusableFeatures, UnusablePlan) as bad:
        raise CannotDo(str(bad)) from None
    name = options.file.name[-255:]
    audit(project.organization, None, "vectors.accepted", project.public_id, name=name)
    show(options, {"project": project.public_id, "items": known})
