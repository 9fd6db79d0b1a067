"""Where EM starts: the vote shares, or what an earlier fit knows about people.

Votes also fix which class is which; a random start may swap them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from quality.inference.answers import NO_GOLD, Floats
from quality.inference.em import Tables
from quality.inference.fit import Fit
from quality.inference.skills import Lens
from quality.inference.votes import Votes


class Start(NamedTuple):
    """Beliefs to begin with, and tables that already know what annotators have in common."""

    posterior: Floats
    tables: Tables | None = None


def cold(votes: Votes) -> Start:
    return Start(votes.shares)


def warm(votes: Votes, lens: Lens) -> Start:
    """Beliefs of an earlier lens about today's answers; new items and people are welcome.

    They come from its tables, not from its posterior: an item that changed is not held back.
    """
    no_gold = np.full(votes.n_items, NO_GOLD)
    posterior = lens.widened(votes.n_annotators).posterior(votes, no_gold)
    return Start(posterior, lens.tables)


def start_from(votes: Votes, earlier: Fit | None) -> Start:
    """The start of a method with one lens; cold where the earlier fit learned no tables."""
    lenses = lenses_of(votes, earlier)
    return warm(votes, lenses[0]) if lenses else cold(votes)


def lenses_of(votes: Votes, earlier: Fit | None) -> tuple[Lens, ...]:
    """Lenses of an earlier fit, none without one. ValueError when it had other labels."""
    if earlier is None:
        return ()
    if earlier.posterior.shape[1] != votes.n_labels:
        had = earlier.posterior.shape[1]
        raise ValueError(f"warm start has {had} labels, answers have {votes.n_labels}")
    return earlier.skills.lenses if earlier.skills else ()
