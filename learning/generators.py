"""How a synthetic item is made out of two real ones, by kind of features: the plug-in point.

A generator takes both items and the share of the way, and gives the payload and, where there is one, the
picture. Others than these are named by dotted path, as far as the administrator allows (``allowed``); they
make all items of a batch in a process of their own, and have an end (``children``).
"""

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PIL import Image

from learning import allowed
from learning.called import packed_item, unpacked
from learning.children import call
from learning.features.raw import RawItem
from learning.features.vectors import FIELD

Made = tuple[dict[str, Any], bytes | None]
Pair = tuple[RawItem, RawItem, float]
Generator = Callable[[list[Pair]], list[Made]]
SECONDS = 10.0  # somebody waits for the answer


class NothingToMake(ValueError):
    """No generator makes items of this kind; the message is for people."""


def generator_for(kind: str, path: str = "") -> Generator:
    """Raises NothingToMake, or NotAllowed for a path that is not on the list."""
    if path:
        allowed.require(path)
        return partial(_of_others, path)
    if kind not in _OURS:
        known = ", ".join(sorted(_OURS))
        raise NothingToMake(f"items with features of kind {kind!r} are not made; {known} are")
    return partial(_of_ours, _OURS[kind])


def _of_ours(one: Callable[[RawItem, RawItem, float], Made], pairs: list[Pair]) -> list[Made]:
    return [one(*pair) for pair in pairs]


def _of_others(path: str, pairs: list[Pair]) -> list[Made]:
    """Raises Unanswered."""
    told = [[packed_item(first), packed_item(second), share] for first, second, share in pairs]
    made = call(path, "items", told, SECONDS)
    return [(payload, unpacked(picture)) for payload, picture in made]


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


_OURS: dict[str, Callable[[RawItem, RawItem, float], Made]] = {
    "vectors": mixed_vectors,
    "images": mixed_pictures,
    "gradients": mixed_pictures,
}
