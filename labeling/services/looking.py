"""A first look into an uploaded file, before there is a project: its first rows, and how many there are."""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from PIL import Image

from labeling.files import BadFile, Row, read_every_row
from labeling.media_store import BadImage, checked_image
from labeling.services.importing import upload_path

SAMPLE, SHOWN = 300, 5
COUNTED = 50_000
PREVIEW_SIDE = 640  # pixels


@dataclass(frozen=True)
class Look:
    """``rows`` are the first ones; ``more`` says that ``count`` is only where counting ended.

    ``picture`` is the first row's, small, as a data address; ``problem`` why nothing can be read on.
    """

    rows: list[Row] = field(default_factory=list)
    count: int = 0
    more: bool = False
    picture: str = ""
    problem: str = ""


def look(stored_as: str, name: str) -> Look:
    """What is in the kept file; a file that cannot be read is a Look with a problem."""
    rows: list[Row] = []
    picture, count, problem = "", 0, ""
    try:
        for row in islice(_rows(stored_as, name), COUNTED):
            picture = picture or _small(row)
            count += 1
            rows += [row] if count <= SAMPLE else []
    except BadFile as bad:
        place = f"row {bad.row}: " if bad.row else ""
        problem = f"{place}{bad.field + ' ' if bad.field else ''}{bad.message}"
    return Look(rows, count, count == COUNTED, picture, problem)


def _rows(stored_as: str, name: str) -> Iterator[Row]:
    path = upload_path(stored_as)
    if not path.is_file():
        raise BadFile("was uploaded too long ago; choose it once more", field="file")
    return read_every_row(path, name)


def _small(row: Row) -> str:
    """The row's picture as a data address, if it has one that can be shown."""
    if row.picture is None:
        return ""
    try:
        checked = checked_image(row.picture())
    except (BadImage, BadFile):
        return ""
    image = Image.open(io.BytesIO(checked.content)).convert("RGB")
    image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
