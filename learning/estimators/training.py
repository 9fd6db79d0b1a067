"""Train one recipe on beliefs, judge it on what it did not see, calibrate it.

Cross-fitting: the examples are cut into folds, and each fold is predicted by a model that never saw
it. These held-out predictions choose the setting, fit the temperature, and are what the platform
uses for items that it trained on: the model may then serve as one more annotator without hearing
its own echo.

Axes: examples i, labels k, features f.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from learning.estimators import calibration
from learning.estimators.examples import Examples, hard_rows, require_two_classes
from learning.estimators.registry import Make, Recipe, weight_argument

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]

FOLDS = 5
ENOUGH_TO_CHOOSE = 4000  # a setting that is best on so many examples is good enough on all


@dataclass(frozen=True)
class Trained:
    """A fitted model and what is needed to use it. ``held_out`` [i, k] is calibrated."""

    classifier: Any
    n_labels: int
    temperature: float
    setting: str
    held_out: Floats
    held_out_loss: float


class BadModel(Exception):
    """The estimator raised, or predicts nonsense; the message is for people."""


def train(recipe: Recipe, examples: Examples, rng: Generator) -> Trained:
    """The recipe fitted on all examples. Raises OneClassOnly when there is nothing to tell apart."""
    require_two_classes(examples)
    seed = int(rng.integers(2**31))
    setting = choose_setting(recipe, examples, rng)
    make = recipe.settings[setting]
    raw = cross_fit(make, examples, folds(examples.labels, rng), seed)
    temperature = calibration.fit_temperature(raw, examples.posterior, examples.weight)
    held_out = calibration.at_temperature(raw, temperature)
    return Trained(
        classifier=fit(make, examples, seed),
        n_labels=examples.n_labels,
        temperature=temperature,
        setting=setting,
        held_out=held_out,
        held_out_loss=calibration.log_loss(held_out, examples.posterior, examples.weight),
    )


def predict(
    classifier: Any, features: Floats, *, n_labels: int, temperature: float = 1.0
) -> Floats:
    """Calibrated probabilities of all ``n_labels`` labels: [i, k], also of those never seen."""
    return calibration.at_temperature(_raw(classifier, features, n_labels), temperature)


def choose_setting(recipe: Recipe, examples: Examples, rng: Generator) -> str:
    """The most regularised setting within one standard error of the best held-out log-loss.

    Breiman, Friedman, Olshen and Stone (1984): differences below one standard error are luck.
    """
    if len(recipe.settings) == 1:
        return next(iter(recipe.settings))
    sample = _sample(examples, rng)
    fold, seed = folds(sample.labels, rng), int(rng.integers(2**31))
    losses = np.array([_held_out_losses(m, sample, fold, seed) for m in recipe.settings.values()])
    means = losses.mean(axis=1)
    error = losses[means.argmin()].std() / np.sqrt(len(sample))
    near_best = np.flatnonzero(means <= means.min() + error)
    return list(recipe.settings)[int(near_best[0])]


def _held_out_losses(make: Make, examples: Examples, fold: Ints, seed: int) -> Floats:
    """The weighted log-loss of each example when it is held out, at the best temperature: [i]."""
    raw = cross_fit(make, examples, fold, seed)
    temperature = calibration.fit_temperature(raw, examples.posterior, examples.weight)
    scaled = calibration.at_temperature(raw, temperature)
    share = examples.weight / examples.weight.mean()
    losses: Floats = calibration.log_losses(scaled, examples.posterior) * share
    return losses


def cross_fit(make: Make, examples: Examples, fold: Ints, seed: int) -> Floats:
    """Uncalibrated held-out probabilities [i, k]; ``fold`` [i] says who is left out together."""
    held_out = np.empty(examples.posterior.shape)
    for number in np.unique(fold):
        outside, inside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        classifier = fit(make, examples.take(outside), seed)
        held_out[inside] = _raw(classifier, examples.features[inside], examples.n_labels)
    return held_out


def folds(labels: Ints, rng: Generator) -> Ints:
    """A fold number for each example; each label is spread evenly over the folds."""
    n_folds = min(FOLDS, len(labels))
    order = np.lexsort((rng.random(len(labels)), labels))
    fold = np.empty(len(labels), dtype=np.int64)
    fold[order] = np.arange(len(labels)) % n_folds
    return fold


def fit(make: Make, examples: Examples, seed: int) -> Any:
    """A classifier on these examples, or the one label they all have where there is only one."""
    rows = hard_rows(examples)
    if len(np.unique(rows.label)) < 2:
        return OneLabel(int(rows.label[0]))
    try:
        return _fitted(make(seed), examples)
    except Exception as error:
        raise BadModel(f"the estimator failed: {_told(error)}") from error


def _fitted(classifier: Any, examples: Examples) -> Any:
    """One that takes no weights learns the most likely labels as they are.

    A search that ends at the border of its range, or early, is judged like any other: by what it predicts.
    """
    from sklearn.exceptions import ConvergenceWarning

    argument, rows = weight_argument(classifier), hard_rows(examples)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        if argument is None:
            return classifier.fit(examples.features, examples.labels)
        return classifier.fit(rows.features, rows.label, **{argument: rows.weight})


def _told(error: Exception) -> str:
    first = (str(error).splitlines() or [""])[0]
    if getattr(
        error, "is_sentence", False
    ):  # of a model that is not ours: written for people already
        return first[:200]
    return f"{type(error).__name__}: {first}"[:200]


class OneLabel:
    """What a fold gets whose examples all have one label. Never stored."""

    def __init__(self, label: int) -> None:
        self.classes_ = np.array([label])

    def predict_proba(self, features: Floats) -> Floats:
        return np.ones((len(features), 1))


def _raw(classifier: Any, features: Floats, n_labels: int) -> Floats:
    probabilities = np.zeros((len(features), n_labels))
    if len(features):
        wide = np.asarray(features, dtype=np.float32)
        try:
            probabilities[:, classifier.classes_] = classifier.predict_proba(wide)
        except Exception as error:
            raise BadModel(f"the model cannot predict: {_told(error)}") from error
    _require_sense(probabilities)
    return probabilities


def _require_sense(probabilities: Floats) -> None:
    """Probabilities are finite, not negative, and sum to one in each row."""
    if not np.isfinite(probabilities).all():
        raise BadModel("the model predicts numbers that are not finite")
    if (probabilities < -1e-6).any() or (np.abs(probabilities.sum(axis=1) - 1) > 1e-3).any():
        raise BadModel("the model predicts numbers that are no probabilities")


def _sample(examples: Examples, rng: Generator) -> Examples:
    if len(examples) <= ENOUGH_TO_CHOOSE:
        return examples
    return examples.take(rng.choice(len(examples), ENOUGH_TO_CHOOSE, replace=False))
