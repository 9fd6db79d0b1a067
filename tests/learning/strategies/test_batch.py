from collections import Counter

import numpy as np
import pytest

from learning.strategies import registry
from learning.strategies.batch import query, seats
from learning.strategies.block import Block
from learning.strategies.context import Context
from learning.strategies.registry import UnknownStrategy


def pool(n_items=400, *, n_blocks=4, seed=0):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(3), size=n_items)
    features = rng.normal(size=(n_items, 16))
    return [
        Block(ids=rows, probabilities=probabilities[rows], features=features[rows])
        for rows in np.array_split(np.arange(n_items), n_blocks)
    ]


def test_a_mixed_batch_keeps_its_shares_and_asks_nothing_twice():
    shares = {"entropy": 0.7, "typical_first": 0.2, "random": 0.1}
    picks = query(pool(), shares, 50, Context(np.random.default_rng(1)))
    assert Counter(pick.strategy for pick in picks) == {
        "entropy": 35,
        "typical_first": 10,
        "random": 5,
    }
    assert len({pick.item_id for pick in picks}) == 50


def test_copies_of_one_item_are_asked_once():
    blocks = pool(40, n_blocks=1)
    twins = Block(
        ids=np.arange(100, 140),
        probabilities=blocks[0].probabilities,
        features=blocks[0].features * 1.0001,
    )
    picks = query([*blocks, twins], {"entropy": 1}, 20, Context(np.random.default_rng(0)))
    assert len({pick.item_id % 100 for pick in picks}) == 20


def test_the_random_part_is_drawn_from_the_whole_pool_whatever_else_is_wanted():
    drawn = Counter(
        pick.item_id
        for seed in range(200)
        for pick in query(
            pool(20), {"entropy": 0.5, "random": 0.5}, 10, Context(np.random.default_rng(seed))
        )
        if pick.strategy == "random"
    )
    expected = 200 * 5 / 20
    assert sum((drawn[i] - expected) ** 2 / expected for i in range(20)) < 43.8  # chi2, p = .001


@pytest.mark.parametrize("size", [0, 3])
def test_a_small_pool_gives_all_it_has(size):
    picks = query(
        pool(size, n_blocks=1),
        {"margin": 0.5, "random": 0.5},
        10,
        Context(np.random.default_rng(0)),
    )
    assert len({pick.item_id for pick in picks}) == len(picks) == size


def test_no_blocks_at_all_gives_an_empty_batch():
    assert query([], {"entropy": 1}, 10, Context(np.random.default_rng(0))) == []


def test_shares_become_whole_places_that_add_up():
    assert seats([0.7, 0.2, 0.1], 10) == [7, 2, 1]
    assert seats([1, 1, 1], 10) == [4, 3, 3]


def test_an_unknown_name_says_which_there_are():
    with pytest.raises(UnknownStrategy, match="entropy"):
        query([], {"best": 1}, 1, Context(np.random.default_rng(0)))


def plausible_context():
    rng = np.random.default_rng(0)
    return Context(
        rng,
        labelled=rng.normal(size=(7, 16)),
        label_counts=np.array([9.0, 3.0, 1.0]),
        retrain=lambda block, row, label: block.probabilities,
    )


@pytest.mark.parametrize("name", registry.names())
def test_every_strategy_fills_a_batch_without_repeats(name):
    rng = np.random.default_rng(4)
    n_items = 60
    block = Block(
        ids=np.arange(n_items) + 1000,
        probabilities=rng.dirichlet(np.ones(3), size=n_items),
        features=rng.normal(size=(n_items, 16)).astype(np.float16),
        committee=rng.dirichlet(np.ones(3), size=(n_items, 4)),
        numbers=rng.normal(size=(n_items, 4)),
        deviations=rng.random(n_items),
    )
    picks = query([block], {name: 1}, 12, plausible_context())
    assert len({pick.item_id for pick in picks}) == 12
    assert all(pick.strategy == name and pick.item_id >= 1000 for pick in picks)
