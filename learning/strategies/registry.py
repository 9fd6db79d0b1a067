"""All strategies by name. The only place that lists them.

A strategy works in two steps. ``score`` sees one block and says how much each item is wanted; the
merge keeps the best ``keep * wanted`` items of the pool. ``choose`` sees those candidates, most
wanted first, and returns the rows of the batch. Most strategies are all score; those about a batch
as a whole (diversity) score at random or by uncertainty and do their work in ``choose``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from learning.strategies import diversity, uncertainty
from learning.strategies.block import Block, Floats, Ints

Score = Callable[[Block, Generator], Floats]
Choose = Callable[[Block, int, Generator], Ints]


@dataclass(frozen=True)
class Strategy:
    """``needs`` names the arrays of a block that it reads."""

    name: str
    needs: frozenset[str]
    score: Score
    choose: Choose
    keep: int = 1


class UnknownStrategy(ValueError):
    """No strategy has that name."""


def at_random(block: Block, rng: Generator) -> Floats:
    """Every item alike: the unbiased sample that learning curves are measured on."""
    return rng.random(len(block))


def best_first(candidates: Block, wanted: int, _rng: Generator) -> Ints:
    return np.arange(min(wanted, len(candidates)))


def get(name: str) -> Strategy:
    if name not in _STRATEGIES:
        raise UnknownStrategy(f"no strategy {name!r}; there are {', '.join(names())}")
    return _STRATEGIES[name]


def names() -> list[str]:
    return sorted(_STRATEGIES)


def _plain(score: Callable[[Block], Floats]) -> Score:
    def scored(block: Block, _rng: Generator) -> Floats:
        return score(block)

    return scored


def _by_score(name: str, needs: str, score: Callable[[Block], Floats]) -> Strategy:
    return Strategy(name, frozenset({needs}), _plain(score), best_first)


def _by_batch(name: str, choose: Choose) -> Strategy:
    return Strategy(name, frozenset({"features"}), at_random, choose, keep=20)


_STRATEGIES = {
    strategy.name: strategy
    for strategy in (
        Strategy("random", frozenset(), at_random, best_first),
        _by_score("least_confidence", "probabilities", uncertainty.least_confidence),
        _by_score("margin", "probabilities", uncertainty.margin),
        _by_score("entropy", "probabilities", uncertainty.entropy),
        _by_batch("typical_first", diversity.typical_first),
        _by_batch("kmeans", diversity.kmeans),
        _by_batch("core_set", diversity.core_set),
    )
}
