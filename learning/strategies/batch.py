"""One batch from one pass over the pool: several strategies, each with its share.

A mixed batch (say 70 % by value, 20 % diverse, 10 % random) spends a little on what the model does
not know that it does not know, and its random part measures without bias: it is drawn first and
from the whole pool. No item is picked twice, and no near-duplicate within one part, except among
the random ones; what one strategy lost to another it takes from its reserve.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from learning.strategies import registry
from learning.strategies.block import Block, Floats, Ints
from learning.strategies.context import Context
from learning.strategies.duplicates import distinct_rows
from learning.strategies.merge import TopK
from learning.strategies.registry import Strategy

VectorsOf = Callable[[Ints], Floats]  # ids -> features [i, f], in their order

RESERVE = 2  # candidates kept for each place, so that overlaps and near-duplicates can be replaced


@dataclass(frozen=True)
class Pick:
    """One chosen item and the strategy that wanted it."""

    item_id: int
    strategy: str


def query(
    blocks: Iterable[Block],
    shares: Mapping[str, float],
    wanted: int,
    context: Context,
    vectors_of: VectorsOf | None = None,
) -> list[Pick]:
    """At most ``wanted`` items of the pool; ``shares`` gives each strategy's part by its name.

    Random comes first, then the order of ``shares``. Fewer come back only from a smaller pool.
    Blocks may come without the features that no score reads, if ``vectors_of`` tells them afterwards.
    """
    ordered = sorted(shares, key=lambda name: name != "random")
    strategies = [registry.get(name) for name in ordered]
    kept = keep_candidates(blocks, strategies, wanted, context)
    if vectors_of is not None:
        kept = [_with_vectors(*pair, vectors_of) for pair in zip(strategies, kept, strict=True)]
    places = seats([shares[name] for name in ordered], wanted)
    return choose(dict(zip(strategies, kept, strict=True)), places, context)


def keep_candidates(
    blocks: Iterable[Block], strategies: list[Strategy], wanted: int, context: Context
) -> list[Block | None]:
    """The pass over the pool: each strategy's candidates, most wanted first (None: no items)."""
    merges = [TopK(RESERVE * strategy.keep * wanted) for strategy in strategies]
    for block in blocks:
        for strategy, merged in zip(strategies, merges, strict=True):
            merged.offer(block, strategy.score(block, context))
    return [merged.best() for merged in merges]


def choose(
    candidates: Mapping[Strategy, Block | None], places: list[int], context: Context
) -> list[Pick]:
    """The batch out of each strategy's candidates and number of places."""
    picks: list[Pick] = []
    owed = 0
    for (strategy, kept), n_places in zip(candidates.items(), places, strict=True):
        taken = _part(strategy, kept, n_places + owed, picks, context)
        owed += n_places - len(taken)  # what one could not fill the next one may
        picks.extend(taken)
    return picks


def seats(shares: list[float], wanted: int) -> list[int]:
    """Shares as whole numbers that add up to ``wanted`` (largest remainders)."""
    exact = np.array(shares, dtype=float) / sum(shares) * wanted
    places = np.floor(exact + 1e-9).astype(int)
    largest = np.argsort(places - exact, kind="stable")[: wanted - places.sum()]
    places[largest] += 1
    return [int(n) for n in places]


def _with_vectors(strategy: Strategy, kept: Block | None, vectors_of: VectorsOf) -> Block | None:
    """Random picks are taken as they come; everybody else at least looks for copies."""
    if kept is None or kept.features is not None or strategy.name == "random":
        return kept
    return replace(kept, features=vectors_of(kept.ids))


def _part(
    strategy: Strategy, kept: Block | None, wanted: int, before: list[Pick], context: Context
) -> list[Pick]:
    if kept is None or wanted <= 0:
        return []
    fresh = kept.take(np.flatnonzero(~np.isin(kept.ids, [pick.item_id for pick in before])))
    if not len(fresh):
        return []
    chosen = strategy.choose(fresh, min(wanted, len(fresh)), context)
    rest = np.setdiff1d(np.arange(len(fresh)), chosen)
    ordered = fresh.take(np.concatenate([chosen, rest]))
    if strategy.name != "random":  # leaving out copies would bias the sample
        ordered = ordered.take(_distinct(ordered, wanted))
    return [Pick(int(item_id), strategy.name) for item_id in ordered.ids[:wanted]]


def _distinct(ordered: Block, wanted: int) -> Ints:
    if ordered.features is None:
        return np.arange(min(wanted, len(ordered)))
    return distinct_rows(ordered.features, wanted=wanted)
