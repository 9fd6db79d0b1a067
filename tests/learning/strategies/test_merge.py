import numpy as np
import pytest

from learning.strategies.block import Block, UnusableBlock
from learning.strategies.merge import TopK, merge, top_k


def scored(ids, scores):
    return Block(ids=np.asarray(ids)), np.asarray(scores, dtype=float)


def test_the_best_of_all_blocks_win_in_their_order():
    best = top_k([scored([1, 2, 3], [0.1, 0.9, 0.5]), scored([4, 5], [0.7, 0.2])], 3)
    assert best.ids.tolist() == [2, 4, 3]
    assert best.scores.tolist() == [0.9, 0.7, 0.5]


@pytest.mark.parametrize("cuts", [[500], [1, 2, 250], list(range(50, 1000, 50))])
def test_the_cut_into_blocks_does_not_matter_even_with_ties(cuts):
    rng = np.random.default_rng(3)
    ids, scores = rng.permutation(1000), rng.integers(0, 8, 1000).astype(float)
    whole = top_k([scored(ids, scores)], 60)
    pieces = zip(np.split(ids, cuts), np.split(scores, cuts), strict=True)
    assert top_k([scored(i, s) for i, s in pieces], 60).ids.tolist() == whole.ids.tolist()


def test_equal_scores_do_not_favour_the_items_imported_first():
    best = top_k([scored(np.arange(10_000), np.zeros(10_000))], 200)
    assert 3500 < best.ids.mean() < 6500


def test_parts_kept_by_several_processes_merge_to_the_same_batch():
    rng = np.random.default_rng(5)
    blocks = [scored(np.arange(100) + 100 * n, rng.random(100)) for n in range(4)]
    parts = [top_k(blocks[:2], 10), top_k(blocks[2:], 10)]
    assert merge(parts, 10).ids.tolist() == top_k(blocks, 10).ids.tolist()


def test_features_travel_with_the_kept_items():
    block = Block(ids=np.arange(4), features=np.arange(8).reshape(4, 2))
    best = top_k([(block, np.array([0.0, 3.0, 1.0, 2.0]))], 2)
    assert best.features.tolist() == [[2, 3], [6, 7]]


def test_nothing_offered_is_none_and_nothing_wanted_is_empty():
    assert TopK(3).best() is None
    assert len(top_k([scored([1, 2], [1, 2])], 0)) == 0


def test_a_block_that_does_not_fit_is_refused():
    with pytest.raises(UnusableBlock, match="probabilities: 2 rows for 3 items"):
        Block(ids=np.arange(3), probabilities=np.ones((2, 2)))
    with pytest.raises(UnusableBlock, match="finite"):
        Block(ids=np.arange(1), probabilities=np.array([[np.nan, 1]]))
