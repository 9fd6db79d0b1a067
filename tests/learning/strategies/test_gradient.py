import numpy as np
import pytest

from learning.strategies import balance, gradient
from learning.strategies.block import Block
from learning.strategies.context import Context, MissingContext


def pool(seed=0, n=60):
    rng = np.random.default_rng(seed)
    return Block(
        ids=np.arange(n),
        probabilities=rng.dirichlet(np.ones(3), size=n),
        features=rng.normal(size=(n, 4)),
    )


def test_expected_gradient_length_is_the_mean_norm_over_the_possible_labels():
    block = pool()
    rows = np.hstack([block.features, np.ones((len(block), 1))])
    expected = np.zeros(len(block))
    for k in range(3):
        gradients = np.einsum("ik,if->ikf", block.probabilities - np.eye(3)[k], rows)
        expected += block.probabilities[:, k] * np.sqrt((gradients**2).sum(axis=(1, 2)))
    np.testing.assert_allclose(gradient.expected_gradient_length(block), expected, rtol=1e-5)


def test_badge_begins_with_the_longest_gradient_and_spreads_out():
    block = pool()
    picks = gradient.badge(block, 10, Context(np.random.default_rng(1)))
    own = block.probabilities - np.eye(3)[block.probabilities.argmax(axis=1)]
    rows = np.hstack([block.features, np.ones((len(block), 1))])
    lengths = np.linalg.norm(own, axis=1) * np.linalg.norm(rows, axis=1)
    assert picks[0] == lengths.argmax()
    assert len(set(picks.tolist())) == 10


def test_badge_asks_for_no_copy_while_there_is_something_else():
    block = pool(n=6).take(np.repeat(np.arange(6), 5))
    picks = gradient.badge(block, 6, Context(np.random.default_rng(0)))
    assert sorted(picks // 5) == list(range(6))
    everything = gradient.badge(block, 30, Context(np.random.default_rng(0)))
    assert sorted(everything) == list(range(30))


def test_class_balance_prefers_the_label_of_which_there_are_few():
    block = Block(ids=np.arange(2), probabilities=np.array([[0.9, 0.1], [0.1, 0.9]]))
    context = Context(np.random.default_rng(0), label_counts=np.array([50, 2]))
    assert balance.class_balance(block, context).argmax() == 1
    with pytest.raises(MissingContext):
        balance.class_balance(block, Context(np.random.default_rng(0)))
