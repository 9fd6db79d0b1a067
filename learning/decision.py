"""One question, one price: which answer to buy next, over answered and unanswered items alike.

The value of another answer is what it may repair: 1 - the belief in the best label, per unit of
money. Looking several answers ahead, or weighing by the arriving person's own matrix, brought
nothing beyond noise in replay. What does matter is *who* answers: people clearly below the crowd
get no more questions (``who_may_answer``).

A small share of each batch goes to random unanswered items, so that the crowd and the model are
also seen where both are sure of themselves. An item gets at most one further answer a batch: the
first answer may make the second one needless.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EXPLORED = 0.1
OPENING = 40  # answers to random items before anybody's opinion ranks them
TIE_BREAK = 1e-3  # weight of the model's own doubt: it only orders items of the same belief


@dataclass(frozen=True)
class Market:
    """What can be bought now.

    certainty[i]  the belief in each item's best label
    answers[i]    answers bought so far
    open[i]       whether another answer can be had: not settled, not held, a seat left
    doubt[i]      the model's own uncertainty between 0 and 1 (zeros without a model)
    price[i]      what the next answer costs, in any unit
    elsewhere     answered items that are not on offer any more
    """

    certainty: Floats
    answers: Ints
    open: Bools
    doubt: Floats
    price: Floats
    elsewhere: int = 0


@dataclass(frozen=True)
class Purchase:
    """Rows to ask, most wanted first; ``explored`` marks those drawn at random."""

    items: Ints
    explored: Bools


def next_questions(
    market: Market, wanted: int, rng: Generator, *, explored: float = EXPLORED
) -> Purchase:
    """At most ``wanted`` different items, each to get one more answer."""
    drawn = _drawn(market, _share_to_explore(market, wanted, explored), rng)
    left = market.open.copy()
    left[drawn] = False
    valued = _most_valuable(market, left, wanted - len(drawn), rng)
    by_chance = np.arange(len(valued) + len(drawn)) >= len(valued)
    return Purchase(np.concatenate([valued, drawn]), by_chance)


def value(market: Market) -> Floats:
    """What one more answer may repair, per unit of money: [i]."""
    worth: Floats = (1 - market.certainty + TIE_BREAK * market.doubt) / market.price
    return worth


def still_worth(certainty: Floats, least: float) -> Bools:
    """Whether another answer repairs as much as the last one bought in the newest batch: [i].

    Between two batches an item that was just answered is asked again at once where a batch would buy
    that answer before others; nobody waits for the next batch to say so.
    """
    asked: Bools = (1 - certainty) >= least
    return asked


def margin_of(market: Market, bought: Purchase, wanted: int) -> float:
    """What the least valuable purchase may repair; 0 where everything on offer was bought."""
    chosen = bought.items[~bought.explored]
    if len(bought.items) < wanted or not len(chosen):
        return 0.0
    return float((1 - market.certainty[chosen]).min())


def gain_of_answer(posterior: Floats, confusion: Floats) -> Floats:
    """Expected rise of the best label's probability if this person answers: [i].

    ``confusion[k, l]`` is the person's. At claim time it ranks the few items on offer: a person
    who cannot tell two labels apart gains nothing where only these two are left.
    """
    joint = posterior[:, :, None] * confusion[None]  # [i, k, l]
    expected: Floats = joint.max(axis=1).sum(axis=1)
    gain: Floats = np.maximum(0, expected - posterior.max(axis=1))
    return gain


def _share_to_explore(market: Market, wanted: int, explored: float) -> int:
    missing = OPENING - market.elsewhere - int(np.count_nonzero(market.answers))
    return min(wanted, max(missing, round(explored * wanted)))


def _drawn(market: Market, n: int, rng: Generator) -> Ints:
    fresh = np.flatnonzero(market.open & (market.answers == 0))
    return rng.permutation(fresh)[:n]


def _most_valuable(market: Market, open_items: Bools, n: int, rng: Generator) -> Ints:
    rows = rng.permutation(np.flatnonzero(open_items))  # equal values in random order
    order = np.argsort(-value(market)[rows], kind="stable")
    return rows[order[:n]]


LEAST_EVIDENCE = 12  # answers about which others have an opinion
# Chance left that the person reaches the line. Asking for proof (.05) lets guessers answer until the money
# is gone. 24 campaigns with a quarter of the crowd guessing: from .4 to .1 the labels gain the same (.018,
# error .005); good people away at the end fall from 5.6 to 1.4 % at .2, guessers from 80 to 59 %.
BENEFIT_OF_DOUBT = 0.2


def who_may_answer(right: Floats, judged: Floats, n_labels: int) -> Bools:
    """Who still gets questions: everybody except those likely below the line: [a].

    ``right[a]`` of ``judged[a]`` answers agree with what the *others* and the gold say (expected
    counts). The line is half way between chance and the crowd's mean. Nobody is judged on fewer
    than a dozen answers. The way back: the counts are made anew at every fit, so later answers of
    others and every gold answer can lift a person over the line again.
    """
    line = (1 / n_labels + _crowd_mean(right, judged)) / 2
    wrong = np.maximum(judged - right, 0)
    best_case = betaincinv(right + 1, wrong + 1, 1 - BENEFIT_OF_DOUBT)
    allowed: Bools = (judged < LEAST_EVIDENCE) | (best_case >= line)
    return allowed


def _crowd_mean(right: Floats, judged: Floats) -> float:
    """Mean over people, not over answers: one busy spammer must not move the line."""
    known = judged > 0
    return float(((right[known] + 1) / (judged[known] + 2)).mean()) if known.any() else 1.0
