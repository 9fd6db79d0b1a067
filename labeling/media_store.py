"""Pictures, kept under the SHA-256 of their bytes in ``settings.MEDIA_STORE``.

Only what Pillow can decode as one of a few kinds of image gets in, and what is kept is encoded anew by
us: metadata (EXIF with places and names) and anything hidden behind the pixels stays outside. Equal
pictures are one file.
"""

import hashlib
import io
import os
import secrets
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from labeling.limits import IMAGE_BYTES, IMAGE_PIXELS
from labeling.models import MediaFile

CONTENT_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
PLAIN_MODES = {"1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16"}


class BadImage(ValueError):
    """The bytes are not an image that we keep; the message says why."""


@dataclass(frozen=True)
class CheckedImage:
    """A picture that is safe to keep and to show; ``width`` and ``height`` in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked_image(content: bytes) -> CheckedImage:
    """The picture, encoded anew without metadata. Raises BadImage."""
    if len(content) > IMAGE_BYTES:
        raise BadImage(f"is larger than {IMAGE_BYTES} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our limit is lower
            return _encode_anew(Image.open(io.BytesIO(content), formats=list(CONTENT_TYPES)))
    except BadImage:
        raise
    except UnidentifiedImageError:
        raise BadImage(f"is not an image ({', '.join(CONTENT_TYPES)})") from None
    except Exception as error:  # whatever a decoder trips over
        raise BadImage(f"cannot be decoded ({type(error).__name__})") from None


def _encode_anew(image: Image.Image) -> CheckedImage:
    if image.width * image.height > IMAGE_PIXELS:  # known from the header, before decoding
        raise BadImage(f"has more than {IMAGE_PIXELS} pixels")
    kind = image.format or ""
    image.load()
    ImageOps.exif_transpose(image, in_place=True)  # the turn is metadata too: keep its effect
    clean = _without_metadata(image)
    buffer = io.BytesIO()
    clean.save(buffer, kind, **_options(kind))
    return CheckedImage(buffer.getvalue(), CONTENT_TYPES[kind], clean.width, clean.height)


def _without_metadata(image: Image.Image) -> Image.Image:
    """The pixels alone (of an animation the first frame)."""
    plain = image if image.mode in PLAIN_MODES else image.convert("RGB")
    clean = Image.new(plain.mode, plain.size)
    if plain.mode == "P":
        clean.putpalette(plain.getpalette("RGBA") or [], "RGBA")
    clean.paste(plain)
    return clean


def _options(kind: str) -> dict[str, int | bool]:
    return {"quality": 92} if kind == "JPEG" else {"lossless": True} if kind == "WEBP" else {}


def keep_all(organization_id: int, images: Sequence[CheckedImage]) -> dict[str, MediaFile]:
    """Store the pictures for the organization, each once; by digest. They are on disk when this returns."""
    different = {image.digest: image for image in images}
    for image in different.values():
        write_whole(path_of(image.digest), image.content)
    for digest in different:
        _flush(path_of(digest))  # after all are written: the first flush carries most of the others
    rows = [_row(organization_id, image) for image in different.values()]
    MediaFile.objects.bulk_create(rows, ignore_conflicts=True)
    found = MediaFile.objects.filter(organization_id=organization_id, digest__in=list(different))
    return {file.digest: file for file in found}


def _row(organization_id: int, image: CheckedImage) -> MediaFile:
    return MediaFile(
        organization_id=organization_id,
        digest=image.digest,
        content_type=image.content_type,
        size=len(image.content),
        width=image.width,
        height=image.height,
    )


def path_of(digest: str) -> Path:
    """Where the file with this digest is, in folders small enough to list."""
    return Path(settings.MEDIA_STORE) / digest[:2] / digest


def write_whole(path: Path, content: bytes) -> None:
    """Whole or not at all: under another name first, then moved into place."""
    if path.exists() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.write_bytes(content)
    draft.replace(path)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
