"""What people answered, beside what everybody else says about the same items."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Seen:
    """Answers in order with what the others say: ``belief[answer, k]``; ``known`` are those to gold."""

    annotator: Codes
    label: Codes
    belief: Floats
    known: Bools
    n_annotators: int
    item: Codes | None = None
    seconds: Floats | None = None

    def part(self, rows: Codes | Bools) -> "Seen":
        item, seconds = self.item, self.seconds
        return Seen(
            self.annotator[rows],
            self.label[rows],
            self.belief[rows],
            self.known[rows],
            self.n_annotators,
            None if item is None else item[rows],
            None if seconds is None else seconds[rows],
        )
