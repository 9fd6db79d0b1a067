import numpy as np
import pytest

from learning.strategies import uncertainty
from learning.strategies.block import Block, UnusableBlock

MEASURES = [uncertainty.least_confidence, uncertainty.margin, uncertainty.entropy]


def block(*rows):
    return Block(ids=np.arange(len(rows)), probabilities=np.array(rows, dtype=float))


@pytest.mark.parametrize("measure", MEASURES)
def test_even_odds_are_wanted_most_and_certainty_least(measure):
    scores = measure(block([1, 0, 0], [0.34, 0.33, 0.33], [0.6, 0.4, 0]))
    assert scores.argsort().tolist() == [0, 2, 1]


@pytest.mark.parametrize("measure", MEASURES)
def test_renaming_labels_changes_nothing(measure):
    rows = np.random.default_rng(0).dirichlet(np.ones(4), size=30)
    np.testing.assert_allclose(measure(block(*rows)), measure(block(*rows[:, [2, 0, 3, 1]])))


def test_the_measures_differ_where_they_should():
    two_rivals, flat_tail = [0.45, 0.45, 0.1], [0.4, 0.3, 0.3]
    assert np.diff(uncertainty.margin(block(two_rivals, flat_tail)))[0] < 0
    assert np.diff(uncertainty.least_confidence(block(two_rivals, flat_tail)))[0] > 0
    assert np.diff(uncertainty.entropy(block(two_rivals, flat_tail)))[0] > 0


def test_the_entropy_of_a_fair_coin_is_log_two():
    assert uncertainty.entropy(block([0.5, 0.5]))[0] == pytest.approx(np.log(2))


def test_one_label_alone_leaves_nothing_uncertain():
    assert all(measure(block([1.0], [1.0])).max() <= 0 for measure in MEASURES)


def test_without_probabilities_the_block_is_refused():
    with pytest.raises(UnusableBlock, match="needs probabilities"):
        uncertainty.entropy(Block(ids=np.arange(2)))
