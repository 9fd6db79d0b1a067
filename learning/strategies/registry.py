"""All strategies by name. The only place that lists them.

A strategy works in two steps. ``score`` sees one block and says how much each item is wanted; the
merge keeps the best ``keep * wanted`` items of the pool. ``choose`` sees those candidates, most
wanted first, and returns the rows of the batch. Most strategies are all score; those about a batch
as a whole (diversity) score at random or by uncertainty and do their work in ``choose``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from learning.strategies import (
    balance,
    committee,
    density,
    diversity,
    gradient,
    multilabel,
    numbers,
    reduction,
    uncertainty,
)
from learning.strategies.block import Block, Floats, Ints
from learning.strategies.context import Context

Score = Callable[[Block, Context], Floats]
Choose = Callable[[Block, int, Context], Ints]


@dataclass(frozen=True)
class Strategy:
    """``needs`` names the arrays of a block that it reads; of these ``late`` only for candidates."""

    name: str
    needs: frozenset[str]
    score: Score
    choose: Choose
    keep: int = 1
    late: frozenset[str] = frozenset()

    @property
    def read_by_score(self) -> frozenset[str]:
        """What has to be read of the whole pool."""
        return self.needs - self.late


class UnknownStrategy(ValueError):
    """No strategy has that name."""


def at_random(block: Block, context: Context) -> Floats:
    """Every item alike: the unbiased sample that learning curves are measured on."""
    return context.rng.random(len(block))


def best_first(candidates: Block, wanted: int, _context: Context) -> Ints:
    return np.arange(min(wanted, len(candidates)))


def get(name: str) -> Strategy:
    if name not in _STRATEGIES:
        raise UnknownStrategy(f"no strategy {name!r}; there are {', '.join(names())}")
    return _STRATEGIES[name]


def names() -> list[str]:
    return sorted(_STRATEGIES)


def _plain(score: Callable[[Block], Floats]) -> Score:
    def scored(block: Block, _context: Context) -> Floats:
        return score(block)

    return scored


def _by_score(name: str, needs: str, score: Callable[[Block], Floats]) -> Strategy:
    return Strategy(name, frozenset(needs.split()), _plain(score), best_first)


def _by_batch(name: str, choose: Choose, *, score: Score = at_random) -> Strategy:
    needs = {"features"} if score is at_random else {"features", "probabilities"}
    return Strategy(name, frozenset(needs), score, choose, keep=20, late=frozenset({"features"}))


_least_sure = _plain(uncertainty.least_confidence)

_STRATEGIES = {
    strategy.name: strategy
    for strategy in (
        Strategy("random", frozenset(), at_random, best_first),
        _by_score("least_confidence", "probabilities", uncertainty.least_confidence),
        _by_score("margin", "probabilities", uncertainty.margin),
        _by_score("entropy", "probabilities", uncertainty.entropy),
        _by_score("vote_entropy", "committee", committee.vote_entropy),
        _by_score("consensus_entropy", "committee", committee.consensus_entropy),
        _by_score("max_disagreement", "committee", committee.max_disagreement),
        _by_score(
            "expected_gradient_length", "probabilities features", gradient.expected_gradient_length
        ),
        _by_score("committee_spread", "numbers", numbers.committee_spread),
        _by_score("deviation", "deviations", numbers.deviation),
        _by_score("multilabel_entropy", "probabilities", multilabel.mean_entropy),
        _by_score("multilabel_mean_doubt", "probabilities", multilabel.mean_doubt),
        _by_score("multilabel_worst_doubt", "probabilities", multilabel.worst_doubt),
        Strategy("class_balance", frozenset({"probabilities"}), balance.class_balance, best_first),
        _by_batch("typical_first", diversity.typical_first),
        _by_batch("kmeans", diversity.kmeans),
        _by_batch("core_set", diversity.core_set),
        _by_batch("badge", gradient.badge, score=_least_sure),
        _by_batch("information_density", density.information_density, score=_least_sure),
        _by_batch("ranked_batch", density.ranked_batch, score=_least_sure),
        Strategy(
            "expected_error_reduction",
            frozenset({"probabilities", "features"}),
            _least_sure,
            reduction.expected_error_reduction,
            keep=5,
            late=frozenset({"features"}),
        ),
    )
}
