"""Where the real crowd answers of the development sets are found."""

from __future__ import annotations

import os
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[1].parent / "shared" / "data"


def dataset_path(name: str) -> Path:
    """The folder of one data set, under ASSAY_DATA or ../shared/data beside the repository."""
    path = Path(os.environ.get("ASSAY_DATA", BESIDE)) / name
    if not path.is_dir():
        raise FileNotFoundError(f"no data set at {path}: set ASSAY_DATA to the folder of data sets")
    return path
