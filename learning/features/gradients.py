"""Which way edges run in each part of a picture: histograms of oriented gradients (Dalal and Triggs, 2005).

The picture becomes 32 x 32 grey values. In each cell of 8 x 8 the gradients vote, by their length, for one of
nine directions from 0 to 180 degrees, shared between the two nearest. Two by two cells are a block, scaled to
length one, which takes out light and contrast: 3 x 3 blocks of 36 numbers.
"""

from collections.abc import Sequence

import numpy as np

from learning.features.images import grey, opened
from learning.features.raw import Floats, Parameters, RawItem, UnusableItem

EDGE, CELL, DIRECTIONS = 32, 8, 9
CELLS = EDGE // CELL
FLOOR = 1e-3  # of a block's length: a block without edges stays near zero


class Gradients:
    name = "gradients"
    dtype = "float16"

    def suits(self, item: RawItem) -> bool:
        return item.read_media is not None

    def plan(self, sample: Sequence[RawItem]) -> Parameters:  # noqa: ARG002
        """The same for every picture."""
        return {"edge": EDGE}

    def vector(self, item: RawItem, parameters: Parameters) -> Floats:
        picture = opened(item)
        if picture is None:
            raise UnusableItem("it has no picture that can be read")
        edge = parameters["edge"]
        return histograms(grey(picture, edge).reshape(edge, edge))


def histograms(shade: Floats) -> Floats:
    """Blocks of histograms, one behind the other, of grey values [y, x]: [324]."""
    cells = _cells(*_gradients(shade.astype(np.float64)))
    blocks = [
        cells[y : y + 2, x : x + 2].ravel() for y in range(CELLS - 1) for x in range(CELLS - 1)
    ]
    scaled = [block / np.sqrt(block @ block + FLOOR**2) for block in blocks]
    return np.concatenate(scaled).astype(np.float32)


def _gradients(shade: Floats) -> tuple[Floats, Floats]:
    """Length and direction (0 up to 1 for half a turn) of each pixel's gradient: [y, x]."""
    down, right = np.gradient(shade)
    return np.hypot(down, right), (np.arctan2(down, right) / np.pi) % 1.0


def _cells(length: Floats, direction: Floats) -> Floats:
    """Votes [cell y, cell x, direction], each shared between the two nearest directions."""
    place = direction * DIRECTIONS
    low = np.floor(place).astype(np.int64)
    cells = np.zeros((CELLS, CELLS, DIRECTIONS))
    y, x = np.divmod(np.arange(length.size), length.shape[1])
    where = (y // CELL, x // CELL)
    share = (place - low).ravel()
    np.add.at(cells, (*where, low.ravel() % DIRECTIONS), length.ravel() * (1 - share))
    np.add.at(cells, (*where, (low.ravel() + 1) % DIRECTIONS), length.ravel() * share)
    return cells
