"""Same picks as modAL on the same estimator and pool."""

import modAL.batch as modal_batch
import modAL.density as modal_density
import modAL.disagreement as modal_disagreement
import modAL.models as modal_models
import modAL.uncertainty as modal_uncertainty
import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from learning.strategies import committee, density, uncertainty
from learning.strategies.block import Block
from learning.strategies.context import Context


@pytest.fixture
def pool():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 400)
    return 1.5 * np.eye(3)[truth] + rng.normal(size=(400, 3)), truth


@pytest.fixture
def learner(pool):
    features, truth = pool
    return modal_models.ActiveLearner(
        LogisticRegression(), X_training=features[:40], y_training=truth[:40]
    )


def block_of(learner, features):
    probabilities = learner.predict_proba(features)
    block = Block(np.arange(len(features)), probabilities=probabilities, features=features)
    return block.with_scores(uncertainty.least_confidence(block))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (uncertainty.least_confidence, "uncertainty_sampling"),
        (uncertainty.margin, "margin_sampling"),
        (uncertainty.entropy, "entropy_sampling"),
    ],
)
def test_uncertainty(pool, learner, ours, theirs):
    features = pool[0][40:]
    picked = np.argsort(-ours(block_of(learner, features)), kind="stable")[:15]
    expected = getattr(modal_uncertainty, theirs)(learner, features, n_instances=15)
    expected = expected[0] if isinstance(expected, tuple) else expected
    assert set(picked.tolist()) == set(np.asarray(expected).tolist())


@pytest.mark.parametrize("name", ["vote_entropy", "consensus_entropy", "max_disagreement"])
def test_committee(pool, name):
    features, truth = pool
    members = [
        modal_models.ActiveLearner(
            RandomForestClassifier(10, random_state=seed),
            X_training=features[seed * 30 : seed * 30 + 60],
            y_training=truth[seed * 30 : seed * 30 + 60],
        )
        for seed in range(4)
    ]
    theirs = modal_models.Committee(members)
    said = np.stack([member.predict_proba(features) for member in members], axis=1)
    ours = getattr(committee, name)(Block(np.arange(400), committee=said))
    measure = {"max_disagreement": "KL_max_disagreement"}.get(name, name)
    np.testing.assert_allclose(
        ours, getattr(modal_disagreement, measure)(theirs, features), atol=1e-9
    )


def test_density(pool):
    np.testing.assert_allclose(
        density.density(pool[0]), modal_density.information_density(pool[0], metric="euclidean")
    )


def test_ranked_batch(pool, learner):
    features = pool[0][40:]
    context = Context(np.random.default_rng(0), labelled=pool[0][:40])
    ours = density.ranked_batch(block_of(learner, features), 12, context)
    expected = modal_batch.uncertainty_batch_sampling(learner, features, n_instances=12)
    expected = expected[0] if isinstance(expected, tuple) else expected
    assert ours.tolist() == np.asarray(expected).tolist()
