import numpy as np
import pytest
from scipy.spatial.distance import cdist

from learning.estimators.examples import Examples
from learning.estimators.what_if import WhatIf
from learning.strategies import density, reduction
from learning.strategies.block import Block
from learning.strategies.context import Context, MissingContext


def candidates(n=80, seed=0):
    rng = np.random.default_rng(seed)
    return Block(ids=np.arange(n), features=rng.normal(size=(n, 5)), scores=rng.random(n) * 0.5)


def ranked_by_definition(block, labelled, wanted):
    """Cardoso et al. step by step, with every distance computed anew."""
    picks, known = [], list(labelled)
    for _ in range(wanted):
        left = [i for i in range(len(block)) if i not in picks]
        alpha = len(left) / (len(left) + len(known))
        similarity = 1 / (1 + cdist(block.features[left], np.array(known)).min(axis=1))
        scores = alpha * (1 - similarity) + (1 - alpha) * block.scores[left]
        picks.append(left[int(scores.argmax())])
        known.append(block.features[picks[-1]])
    return picks


@pytest.mark.parametrize("n_labelled", [1, 40, 1500])
def test_ranked_batch_follows_its_definition(n_labelled):
    labelled = np.random.default_rng(9).normal(size=(n_labelled, 5))
    context = Context(np.random.default_rng(0), labelled=labelled)
    picks = density.ranked_batch(candidates(), 12, context)
    assert picks.tolist() == ranked_by_definition(candidates(), labelled, 12)


def test_without_labels_ranked_batch_still_gives_different_items():
    picks = density.ranked_batch(candidates(), 10, Context(np.random.default_rng(0)))
    assert len(set(picks.tolist())) == 10


def test_between_equally_uncertain_items_the_typical_one_goes_first():
    features = np.vstack([np.zeros((9, 2)) + np.linspace(0, 0.1, 9)[:, None], [[9.0, 9.0]]])
    block = Block(ids=np.arange(10), features=features, scores=np.full(10, 0.4))
    order = density.information_density(block, 10, Context(np.random.default_rng(0)))
    assert order[0] == 4
    assert order[-1] == 9


def test_density_does_not_depend_on_the_chunks(monkeypatch):
    features = candidates(50).features
    whole = density.density(features)
    monkeypatch.setattr(density, "CHUNK", 7)
    np.testing.assert_allclose(density.density(features), whole)


def test_only_as_many_candidates_are_looked_at_as_there_may_be_trainings(monkeypatch):
    monkeypatch.setattr(reduction, "TRAININGS", 6)
    block = Block(ids=np.arange(8), probabilities=np.full((8, 2), 0.5))
    asked = []

    def retrain(candidates, row, label):
        asked.append((row, label))
        return candidates.probabilities

    context = Context(np.random.default_rng(0), retrain=retrain)
    picked = reduction.expected_error_reduction(block, 5, context)
    assert sorted(asked) == [(row, label) for row in range(3) for label in range(2)]
    assert picked.tolist() == [0, 1, 2, 3, 4]


def test_what_would_be_said_follows_the_label_that_is_supposed():
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, 60)
    features = rng.normal(size=(60, 6)) + 2 * label[:, None]
    what_if = WhatIf(Examples(features, np.eye(2)[label], np.ones(60)), rng)
    near = Block(ids=np.arange(3), features=np.ones((3, 6)) + 0.01 * rng.normal(size=(3, 6)))
    supposed = [what_if(near, 0, k)[:, 1].mean() for k in (0, 1)]
    assert supposed[0] < supposed[1] - 0.01


def test_expected_error_reduction_asks_for_what_settles_most():
    block = Block(ids=np.arange(3), probabilities=np.full((3, 2), 0.5))

    def retrain(candidates, row, label):
        """Knowing item 1 settles everything; knowing another settles only itself."""
        answer = np.eye(2)[label]
        settled = [True] * 3 if row == 1 else [i == row for i in range(3)]
        return np.where(np.array(settled)[:, None], answer, candidates.probabilities)

    context = Context(np.random.default_rng(0), retrain=retrain)
    assert reduction.expected_error_reduction(block, 1, context).tolist() == [1]
    assert reduction.expected_errors(block, retrain).tolist() == [1, 0, 1]
    with pytest.raises(MissingContext):
        reduction.expected_error_reduction(block, 1, Context(np.random.default_rng(0)))
