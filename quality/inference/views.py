"""The three related models whose average is ``Auto``: what each is, and one run of each."""

from __future__ import annotations

from dataclasses import dataclass

from quality.inference.answers import Floats, Ints
from quality.inference.blindness import HardItems
from quality.inference.em import Run, expect, maximise
from quality.inference.tables import BlendTables
from quality.inference.votes import Votes

MAX_ITERATIONS = 20  # blends do not change between 10 and 60
TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class View:
    """A blend of coin and pool, with a power of the class prior, and hard items or not."""

    pool_weight: float
    prior_power: float
    hard_items: bool = False

    def run(self, votes: Votes, gold: Ints, start: Floats) -> Run:
        return maximise(
            votes,
            gold,
            BlendTables(votes.n_labels, self.pool_weight),
            start=start,
            max_iterations=MAX_ITERATIONS,
            tolerance=TOLERANCE,
            prior_power=self.prior_power,
            expectation=HardItems(votes) if self.hard_items else expect,
        )


VIEWS = (View(1, 0.25), View(2, 0.25), View(3, 0.5, hard_items=True))
