"""Training on beliefs: what a model learns, how it is judged, and how sure it says it is."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from learning.estimators import calibration, registry, training
from learning.estimators.examples import Examples, OneClassOnly, hard_rows

N_LABELS = 10


@pytest.fixture(scope="module")
def digits():
    loaded = load_digits()
    order = np.random.default_rng(0).permutation(len(loaded.target))
    return (loaded.data[order] / 16).astype(np.float32), loaded.target[order]


def beliefs(labels, sure=0.97):
    posterior = np.full((len(labels), N_LABELS), (1 - sure) / (N_LABELS - 1))
    posterior[np.arange(len(labels)), labels] = sure
    return posterior


def examples(digits, n, **changes):
    features, labels = digits
    values = {"features": features[:n], "posterior": beliefs(labels[:n]), "weight": np.ones(n)}
    return Examples(**{**values, **changes})


def train(name, taught, seed=1):
    return training.train(registry.get(name), taught, np.random.default_rng(seed))


@pytest.mark.parametrize("name", ["logistic", "sgd", "forest"])
def test_every_estimator_learns_digits_and_knows_held_out_ones(digits, name):
    features, labels = digits
    trained = train(name, examples(digits, 200))
    found = training.predict(
        trained.classifier, features[1000:1400], n_labels=10, temperature=trained.temperature
    )
    assert np.allclose(found.sum(axis=1), 1)
    assert (found.argmax(axis=1) == labels[1000:1400]).mean() > 0.8
    assert (trained.held_out.argmax(axis=1) == labels[:200]).mean() > 0.75


def test_boosting_learns_two_classes(digits):
    features, labels = digits
    posterior = np.eye(2)[(labels[:150] > 4).astype(int)]
    trained = train("boosting", Examples(features[:150], posterior, np.ones(150)))
    found = training.predict(trained.classifier, features[1000:1300], n_labels=2)
    assert (found.argmax(axis=1) == (labels[1000:1300] > 4)).mean() > 0.7


def test_held_out_predictions_do_not_echo_what_was_taught(digits):
    """Labels are pure noise: a model judged on what it was taught looks clever, held out it must not."""
    features, _ = digits
    noise = np.random.default_rng(3).integers(0, N_LABELS, 300)
    trained = train("forest", examples(digits, 300, posterior=beliefs(noise, 1.0)))
    echoed = training.predict(trained.classifier, features[:300], n_labels=N_LABELS)
    assert (echoed.argmax(axis=1) == noise).mean() > 0.5
    assert (trained.held_out.argmax(axis=1) == noise).mean() < 0.2


def test_the_same_seed_trains_the_same_model(digits):
    taught = examples(digits, 80)
    assert np.array_equal(train("logistic", taught).held_out, train("logistic", taught).held_out)


def test_an_example_with_more_weight_pulls_more(digits):
    """The same picture under two labels: the heavier belief wins."""
    features, _ = digits
    pictures = np.repeat(features[:1], 40, axis=0) + np.random.default_rng(0).normal(
        0, 0.01, (40, 64)
    )
    posterior = np.eye(N_LABELS)[np.arange(40) % 2]
    for heavy in (0, 1):
        weight = np.where(np.arange(40) % 2 == heavy, 5.0, 1.0)
        trained = train("logistic", Examples(pictures, posterior, weight))
        found = training.predict(trained.classifier, features[:1], n_labels=N_LABELS)
        assert found.argmax() == heavy


def test_labels_never_seen_get_a_small_probability_not_none(digits):
    features, labels = digits
    few = np.flatnonzero(labels < 3)[:60]
    trained = train("logistic", Examples(features[few], beliefs(labels[few], 1.0), np.ones(60)))
    found = training.predict(
        trained.classifier, features[:50], n_labels=N_LABELS, temperature=trained.temperature
    )
    assert (found > 0).all()
    assert found[:, 3:].sum(axis=1).max() < 0.1


def test_one_class_is_said_not_fitted(digits):
    with pytest.raises(OneClassOnly):
        train("logistic", examples(digits, 30, posterior=beliefs(np.zeros(30, dtype=int))))


def test_a_class_with_a_single_example_is_no_obstacle(digits):
    labels = np.zeros(30, dtype=int)
    labels[7] = 1
    trained = train("logistic", examples(digits, 30, posterior=beliefs(labels)))
    assert np.isfinite(trained.held_out).all()


def test_two_examples_are_enough_to_go_on(digits):
    trained = train("logistic", examples(digits, 2, posterior=beliefs(np.array([0, 1]))))
    assert trained.held_out.shape == (2, N_LABELS)


def test_folds_spread_every_label_evenly():
    labels = np.repeat([0, 1, 2], [50, 10, 3])
    fold = training.folds(labels, np.random.default_rng(0))
    for label in range(3):
        counts = np.bincount(fold[labels == label], minlength=training.FOLDS)
        assert counts.max() - counts.min() <= 1


def test_hard_rows_carry_the_belief_as_weight():
    taught = Examples(np.ones((2, 1)), np.array([[0.7, 0.3], [1.0, 0.0]]), np.array([1.0, 3.0]))
    rows = hard_rows(taught)
    assert rows.label.tolist() == [0, 1, 0]
    assert np.allclose(rows.weight, [0.35, 0.15, 1.5])


def test_temperature_softens_a_model_that_is_too_sure():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 4000)
    said = np.where(rng.random(4000) < 0.7, truth, 1 - truth)  # right 70 %, claims 99 %
    claimed = np.where(np.eye(2)[said] > 0, 0.99, 0.01)
    temperature = calibration.fit_temperature(claimed, np.eye(2)[truth], np.ones(4000))
    softened = calibration.at_temperature(claimed, temperature)
    assert temperature > 1
    assert abs(softened.max(axis=1).mean() - 0.7) < 0.03
    assert np.array_equal(softened.argmax(axis=1), claimed.argmax(axis=1))


def test_an_unknown_estimator_is_named():
    with pytest.raises(registry.UnknownEstimator, match="oracle"):
        registry.get("oracle")
