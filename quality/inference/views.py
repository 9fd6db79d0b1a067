"""The related models whose average is ``Auto``, and those that gold may move weight to."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from quality.inference.answers import Ints
from quality.inference.blindness import HardItems
from quality.inference.em import Run, Tables, maximise
from quality.inference.start import Start
from quality.inference.tables import BlendTables, CoinTables, PoolTables
from quality.inference.votes import Votes

TOLERANCE = 1e-4
COIN_ONLY, POOL_ONLY = 0.0, float("inf")


@dataclass(frozen=True, slots=True)
class View:
    """A blend of coin and pool, with a power of the class prior, and hard items or not.

    Blends are the same after 10 and after 60 iterations; a pool alone must stop early (at 8), it
    follows the answers away from the truth.
    """

    pool_weight: float
    prior_power: float
    hard_items: bool = False
    max_iterations: int = 20

    def run(self, votes: Votes, gold: Ints, start: Start) -> Run:
        return maximise(
            votes,
            gold,
            deepcopy(start.tables) or self._tables(votes.n_labels),
            start=start.posterior,
            max_iterations=self.max_iterations,
            tolerance=TOLERANCE,
            prior_power=self.prior_power,
            expectation=HardItems(votes) if self.hard_items else None,
        )

    def _tables(self, n_labels: int) -> Tables:
        if self.pool_weight == COIN_ONLY:
            return CoinTables()
        if self.pool_weight == POOL_ONLY:
            return PoolTables(n_labels)
        return BlendTables(n_labels, self.pool_weight)


VIEWS = (View(1, 0.25), View(2, 0.25), View(3, 0.5, hard_items=True))
OTHERS = (
    View(POOL_ONLY, 1.0, max_iterations=8),
    View(POOL_ONLY, 0.25, max_iterations=8),
    View(COIN_ONLY, 0.0),
)
