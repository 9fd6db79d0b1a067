"""What a query round knows beside the pool itself. Only the random numbers are always there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from numpy.random import Generator

from learning.strategies.block import Block, Floats

# (candidates, row, label) -> probabilities [i, k] of all candidates, had that row been labeled so.
Retrain = Callable[[Block, int, int], Floats]


class MissingContext(ValueError):
    """The strategy needs to know something that the round did not give it."""


@dataclass(frozen=True)
class Context:
    """``labelled[j, f]`` are the features of items that have a label already;
    ``label_counts[k]`` how many of each label there are; ``retrain`` answers "what if".
    """

    rng: Generator
    labelled: Floats | None = None
    label_counts: Floats | None = None
    retrain: Retrain | None = field(default=None, compare=False)

    @property
    def n_labelled(self) -> int:
        return 0 if self.labelled is None else len(self.labelled)
