import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from learning.estimators.crossfit import CrossFit
from learning.estimators.softmax import SoftmaxRegression
from learning.estimators.tuned import TunedSoftmax


def blobs(n=300, n_labels=3, seed=0, distance=2.0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_labels, n)
    return distance * np.eye(n_labels)[truth] + rng.normal(size=(n, n_labels)), truth


def test_with_hard_labels_it_is_logistic_regression():
    features, truth = blobs()
    ours = SoftmaxRegression(penalty=2.0, max_iter=500).fit(
        features, np.eye(3)[truth], np.ones(300)
    )
    reference = LogisticRegression(C=1 / 2.0, tol=1e-8, max_iter=500).fit(features, truth)
    np.testing.assert_allclose(
        ours.predict_proba(features), reference.predict_proba(features), atol=2e-3
    )


def test_a_soft_label_is_the_same_as_its_hard_halves():
    features, truth = blobs()
    soft = 0.7 * np.eye(3)[truth] + 0.1
    halves = np.repeat(np.eye(3), 300, axis=0)
    ours = SoftmaxRegression(max_iter=500).fit(features, soft, np.ones(300))
    split = SoftmaxRegression(max_iter=500).fit(np.tile(features, (3, 1)), halves, soft.T.ravel())
    np.testing.assert_allclose(
        ours.predict_proba(features), split.predict_proba(features), atol=2e-3
    )


def test_starting_from_the_last_fit_ends_at_the_same_place():
    features, truth = blobs()
    targets, weights = np.eye(3)[truth], np.ones(300)
    warm = SoftmaxRegression(max_iter=500).fit(features[:50], targets[:50], weights[:50])
    warm.fit(features, targets, weights)
    cold = SoftmaxRegression(max_iter=500).fit(features, targets, weights)
    np.testing.assert_allclose(
        warm.predict_proba(features), cold.predict_proba(features), atol=5e-3
    )


def test_prediction_before_any_fit_is_refused():
    with pytest.raises(ValueError, match="fit first"):
        SoftmaxRegression().predict_proba(np.ones((1, 2)))


def test_no_item_hears_its_own_label():
    """Changing one item's label may change the predictions of others, never its own."""
    features, truth = blobs(60)
    folds, rows = np.arange(60) % 4, np.arange(60)
    lied = truth.copy()
    lied[10] = (truth[10] + 1) % 3

    def predicted(labels):
        fitted = CrossFit(SoftmaxRegression, folds)
        for n in (30, 60):  # two rounds: not even through the starting point
            out = fitted.fit_predict(features, rows[:n], np.eye(3)[labels[:n]], np.ones(n))
        return out

    before, after = predicted(truth), predicted(lied)
    assert before[10].tolist() == after[10].tolist()
    assert np.abs(before - after).max() > 1e-3


@pytest.mark.parametrize("scale", ["alike", "table"])
def test_the_scale_of_the_columns_is_found_out(scale):
    features, truth = blobs(400, distance=3.0)
    if scale == "table":  # one useless column in very large units
        noise = np.random.default_rng(5).normal(size=(400, 1)) * 1e4
        features = np.hstack([features, noise])
    tuned = TunedSoftmax(features, np.random.default_rng(0))
    rows = np.arange(200)
    predicted = tuned.fit_predict(rows, np.eye(3)[truth[:200]], np.ones(200))
    assert (predicted.argmax(axis=1) == truth).mean() > 0.85
    assert (tuned.predict(features[200:]).argmax(axis=1) == truth[200:]).mean() > 0.85
