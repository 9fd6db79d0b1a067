"""Where the real crowd answers are: ASSAY_DATA, else ../shared/data beside the repository."""

import os
from pathlib import Path

VARIABLE = "ASSAY_DATA"
BESIDE = Path(__file__).resolve().parents[1].parent / "shared" / "data"


def dataset_path(name: str) -> Path:
    """The folder of one data set. Raises FileNotFoundError that says what to set."""
    path = Path(os.environ.get(VARIABLE) or BESIDE) / name
    if not path.is_dir():
        raise FileNotFoundError(
            f"no data set {name!r} at {path}; set {VARIABLE} to the folder of data sets"
        )
    return path
