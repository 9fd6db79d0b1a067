"""Pictures as lists show them: at most ``SIDE`` pixels wide and high, made when they are first looked at."""

import io
from pathlib import Path

from django.conf import settings
from PIL import Image

from labeling.media_store import CONTENT_TYPES, path_of, write_whole
from labeling.models import MediaFile

SIDE = 96
FOLDER = "thumbnails"
CONTENT_TYPE = CONTENT_TYPES["WEBP"]


def thumbnail_of(file: MediaFile) -> Path:
    """Where it is, as ``CONTENT_TYPE``. Raises FileNotFoundError if the store has lost the picture."""
    place = Path(settings.MEDIA_STORE) / FOLDER / file.digest[:2] / file.digest
    if not place.exists():
        write_whole(place, _made_small(path_of(file.digest)))
    return place


def _made_small(path: Path) -> bytes:
    buffer = io.BytesIO()
    with Image.open(path, formats=list(CONTENT_TYPES)) as image:
        image.draft(
            "RGB", (2 * SIDE, 2 * SIDE)
        )  # a large JPEG is decoded at a fraction of its size
        small = _of_eight_bits(image)
        small.thumbnail((SIDE, SIDE))
        small.save(buffer, "WEBP", quality=80)
    return buffer.getvalue()


def _of_eight_bits(image: Image.Image) -> Image.Image:
    """With 16 bits a pixel, the upper eight of them."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA")
