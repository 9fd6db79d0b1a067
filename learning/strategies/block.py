"""One block of the pool as arrays: what a strategy may look at.

Axes: items i, labels k, features f, committee members m. A pool of millions is read block by
block, so a strategy never sees more than one block and the candidates that were kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]


class UnusableBlock(ValueError):
    """A block whose arrays do not fit together, or hold numbers that mean nothing."""


@dataclass(frozen=True)
class Block:
    """Items with whatever is known about them. Every array has the items on its first axis.

    ids            [i]        identifiers, unique over the pool
    probabilities  [i, k]     the model's belief; rows sum to one unless the labels are independent
    features       [i, f]     any float type
    committee      [i, m, k]  the belief of each member of a committee
    numbers        [i, m]     predicted numbers of each member (regression)
    deviations     [i]        the model's own standard deviation (regression)
    scores         [i]        set by the merge: how much each item was wanted
    """

    ids: Ints
    probabilities: Floats | None = None
    features: Floats | None = None
    committee: Floats | None = None
    numbers: Floats | None = None
    deviations: Floats | None = None
    scores: Floats | None = None

    def __post_init__(self) -> None:
        for name, array in self._arrays():
            if len(array) != len(self.ids):
                raise UnusableBlock(f"{name}: {len(array)} rows for {len(self.ids)} items")
            # Features are the one big array: they are checked when they are stored, not here.
            if name != "features" and not np.isfinite(array).all():
                raise UnusableBlock(f"{name}: not all numbers are finite")

    def __len__(self) -> int:
        return len(self.ids)

    def require(self, name: str) -> Floats:
        """The array of that name; ``UnusableBlock`` when the block came without it."""
        array: Floats | None = getattr(self, name)
        if array is None:
            raise UnusableBlock(f"this strategy needs {name}")
        return array

    def take(self, rows: Ints) -> Self:
        """The same block with only these rows, in this order."""
        return replace(
            self, ids=self.ids[rows], **{name: array[rows] for name, array in self._arrays()}
        )

    def with_scores(self, scores: Floats) -> Self:
        return replace(self, scores=scores)

    def _arrays(self) -> list[tuple[str, Floats]]:
        named = [(field.name, getattr(self, field.name)) for field in fields(self)[1:]]
        return [(name, array) for name, array in named if array is not None]


def join(blocks: Iterable[Block]) -> Block:
    """Several blocks with the same arrays as one."""
    parts = list(blocks)
    names = [name for name, _ in parts[0]._arrays()]
    arrays = {name: np.concatenate([part.require(name) for part in parts]) for name in names}
    return Block(ids=np.concatenate([part.ids for part in parts]), **arrays)
