"""Where the tests find the real crowd answers that are not part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def data_root() -> Path:
    """The folder named by ASSAY_DATA, else ../shared/data beside the repository."""
    return Path(os.environ.get("ASSAY_DATA", REPOSITORY.parent / "shared" / "data"))


def dataset_path(name: str) -> Path:
    """The folder of one data set; FileNotFoundError that says what to set when it is missing."""
    folder = data_root() / name
    if not folder.is_dir():
        raise FileNotFoundError(
            f"no data set {name!r} in {data_root()}; set ASSAY_DATA to the folder that holds it"
        )
    return folder
