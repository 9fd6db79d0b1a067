import numpy as np
import pytest

from quality.inference.belief.correction import learn_correction


def biased(seed, *, n=1500, n_gold=100, shared=0.5):
    """Half of the ones look like zeros to everybody; a model of good features sees through it."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    seen = np.where((truth == 1) & (rng.random(n) < shared), 0, truth)
    belief = np.where(np.eye(2, dtype=bool)[seen], 0.9, 0.1)
    logit = (2 * truth - 1) * 1.5 + rng.normal(size=n)
    model = np.stack([1 / (1 + np.exp(logit)), 1 / (1 + np.exp(-logit))], axis=1)
    gold = np.where(np.arange(n) < n_gold, truth, -1)
    return belief, model, gold, truth


def accuracy(posterior, truth):
    return (posterior.argmax(axis=1) == truth)[200:].mean()


@pytest.mark.parametrize("seed", range(3))
def test_gold_repairs_what_the_whole_crowd_misses(seed):
    belief, model, gold, truth = biased(seed)
    correction = learn_correction(belief, model, gold)
    assert correction.gain > 0
    assert accuracy(correction(belief, model), truth) > accuracy(belief, truth) + 0.05


def test_without_a_model_the_offsets_and_the_certainty_are_repaired():
    belief, _, gold, _ = biased(0)
    correction = learn_correction(belief, None, gold)
    corrected = correction(belief, None)
    assert corrected[belief[:, 0] > 0.5, 1].mean() > 0.25  # a third of these are ones


@pytest.mark.parametrize("seed", range(5))
def test_a_belief_that_is_honest_stays_as_it_is(seed):
    rng = np.random.default_rng(seed)
    belief = rng.dirichlet([1.0, 1.0, 1.0], size=600)
    truth = (belief.cumsum(axis=1) < rng.random((600, 1))).sum(axis=1)
    model = rng.dirichlet([1.0, 1.0, 1.0], size=600)
    correction = learn_correction(belief, model, np.where(np.arange(600) < 100, truth, -1))
    assert correction(belief, model).tolist() == belief.tolist()


def test_a_handful_of_gold_changes_nothing():
    belief, model, gold, _ = biased(0, n_gold=10)
    assert learn_correction(belief, model, gold).gain == 0
