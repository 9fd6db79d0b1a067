import numpy as np
import pytest

from learning.strategies import diversity
from learning.strategies.block import Block
from learning.strategies.context import Context
from learning.strategies.duplicates import distinct_rows

STRATEGIES = [diversity.typical_first, diversity.kmeans, diversity.core_set]


def clusters(sizes, *, spread=0.05, seed=0):
    """Blobs around orthogonal directions, and the blob of each row."""
    rng = np.random.default_rng(seed)
    blob = np.repeat(np.arange(len(sizes)), sizes)
    features = np.eye(max(8, len(sizes)))[blob] + spread * rng.normal(size=(len(blob), 8))
    return Block(ids=np.arange(len(blob)), features=features.astype(np.float16)), blob


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_cluster_gets_one_even_the_small_ones(strategy):
    block, blob = clusters([100, 60, 10, 5])
    picks = strategy(block, 4, Context(np.random.default_rng(1)))
    assert sorted(blob[picks].tolist()) == [0, 1, 2, 3]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_same_seed_gives_the_same_batch_and_no_item_twice(strategy):
    block, _ = clusters([40, 40, 40])
    picks = [strategy(block, 12, Context(np.random.default_rng(2))).tolist() for _ in range(2)]
    assert picks[0] == picks[1]
    assert len(set(picks[0])) == 12


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_copies_do_not_break_it(strategy):
    block = Block(ids=np.arange(9), features=np.tile([1.0, 0.0], (9, 1)))
    assert len(set(strategy(block, 4, Context(np.random.default_rng(0))).tolist())) == 4


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_more_wanted_than_there_are_gives_all(strategy):
    block, _ = clusters([3, 2])
    assert sorted(strategy(block, 50, Context(np.random.default_rng(0))).tolist()) == list(range(5))


def test_the_typical_item_is_no_outlier_and_large_clusters_come_first():
    block, blob = clusters([80, 30, 10])
    far = np.zeros((1, 8))
    far[0, [0, 7]] = [1, 0.9]  # belongs to the first blob, at its edge
    features = np.vstack([far, block.features])
    picks = diversity.typical_first(
        Block(ids=np.arange(121), features=features), 3, Context(np.random.default_rng(0))
    )
    assert 0 not in picks
    assert blob[picks - 1].tolist() == [0, 1, 2]


def test_near_duplicates_are_left_for_last():
    rows = np.array([[1, 0], [1, 0.001], [0, 1], [1, 1]], dtype=float)
    assert distinct_rows(rows, wanted=3).tolist() == [0, 2, 3]
    assert distinct_rows(rows, wanted=4).tolist() == [0, 2, 3, 1]
