"""How a synthetic item is made out of two real ones, by kind of features: the plug-in point.

A generator takes both items and the share of the way, and gives the payload and, where there is one, the
picture. Others than these are named by dotted path, as far as the administrator allows (``allowed``).
"""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from learning import allowed
from learning.features.raw import RawItem
from learning.features.vectors import FIELD

Made = tuple[dict[str, Any], bytes | None]
Generator = Callable[[RawItem, RawItem, float], Made]


class NothingToMake(ValueError):
    """No generator makes items of this kind; the message is for people."""


def generator_for(kind: str, path: str = "") -> Generator:
    """Raises NothingToMake, or NotAllowed for a path that is not on the list."""
    if path:
        made: Generator = allowed.resolve(path)
        return made
    if kind not in _OURS:
        known = ", ".join(sorted(_OURS))
        raise NothingToMake(f"items with features of kind {kind!r} are not made; {known} are")
    return _OURS[kind]


def mixed_vectors(first: RawItem, second: RawItem, share: float) -> Made:
    start, end = (np.array(item.payload[FIELD], dtype=np.float64) for item in (first, second))
    return {FIELD: ((1 - share) * start + share * end).round(6).tolist()}, None


def mixed_pictures(first: RawItem, second: RawItem, share: float) -> Made:
    """One picture shining through the other; the second is brought to the size of the first."""
    start, end = _opened(first), _opened(second)
    blended = Image.blend(start, end.resize(start.size), share)
    content = io.BytesIO()
    blended.save(content, "PNG")
    return {}, content.getvalue()


def _opened(item: RawItem) -> Image.Image:
    if item.read_media is None:
        raise NothingToMake(f"item {item.external_id!r} has no picture")
    return Image.open(io.BytesIO(item.read_media())).convert("RGB")


_OURS: dict[str, Generator] = {
    "vectors": mixed_vectors,
    "images": mixed_pictures,
    "gradients": mixed_pictures,
}
