"""What an extractor may look at, and how it says that an item cannot be turned into numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Parameters = dict[str, Any]


@dataclass(frozen=True)
class RawItem:
    """One item as it was imported. ``read_media`` gives the bytes of its file; None without one."""

    external_id: str
    payload: Any
    read_media: Callable[[], bytes] | None = None


class UnusableItem(ValueError):
    """This item has no usable features; the message says why, without naming it."""


class Extractor(Protocol):
    """One way to turn items into vectors; ``dtype`` is how precisely they are stored."""

    name: str
    dtype: str

    def suits(self, item: RawItem) -> bool: ...

    def plan(self, sample: Sequence[RawItem]) -> Parameters:
        """What is fixed for the whole project, as plain JSON, from a sample that it suits."""
        ...

    def vector(self, item: RawItem, parameters: Parameters) -> Floats:
        """The same width for every item. Raises UnusableItem."""
        ...
