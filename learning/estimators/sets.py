"""Several labels at once: one classifier for each label (binary relevance), each calibrated by itself.

A label that all or none of the examples carry is said with its share, never with certainty.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.random import Generator
from sklearn.base import BaseEstimator

from learning.estimators import training
from learning.estimators.examples import Examples, OneClassOnly
from learning.estimators.registry import Recipe
from learning.estimators.training import Floats, Ints, Trained


class SetsClassifier(BaseEstimator):  # type: ignore[misc]
    """``parts_[n]`` answers for the label ``known_[n]``, ``shares_`` [k] for labels without a part."""

    def taught(
        self, parts: list[Any], known: list[int], temperatures: list[float], shares: Floats
    ) -> Self:
        self.parts_, self.known_, self.temperatures_ = parts, known, temperatures
        self.shares_ = shares
        return self

    def likely(self, features: Floats) -> Floats:
        """P(label is in the set): [i, k]."""
        found = np.tile(self.shares_, (len(features), 1))
        for part, k, temperature in zip(self.parts_, self.known_, self.temperatures_, strict=True):
            said = training.predict(part, features, n_labels=2, temperature=temperature)
            found[:, k] = said[:, 1]
        return found


@dataclass(frozen=True)
class _Part:
    label: int
    trained: Trained


def train_sets(recipe: Recipe, examples: Examples, rng: Generator) -> Trained:
    """``examples.posterior[i, k]``: P(label k is in the set of item i). Raises OneClassOnly, BadModel."""
    chosen = examples.posterior
    parts = [part for k in range(chosen.shape[1]) if (part := _part(recipe, examples, k, rng))]
    if not parts:
        raise OneClassOnly("all sets so far are the same")
    shares = (chosen.sum(axis=0) + 0.5) / (len(chosen) + 1)
    held_out = np.tile(shares, (len(chosen), 1))
    for part in parts:
        held_out[:, part.label] = part.trained.held_out[:, 1]
    return Trained(
        classifier=_joined(parts, shares),
        n_labels=chosen.shape[1],
        temperature=1.0,  # each part has its own
        setting=parts[0].trained.setting,
        held_out=held_out,
        held_out_loss=_loss(held_out, chosen, examples.weight),
    )


def _joined(parts: list[_Part], shares: Floats) -> SetsClassifier:
    return SetsClassifier().taught(
        [part.trained.classifier for part in parts],
        [part.label for part in parts],
        [part.trained.temperature for part in parts],
        shares,
    )


def _part(recipe: Recipe, examples: Examples, label: int, rng: Generator) -> _Part | None:
    """None where everybody or nobody has the label: there is nothing to tell apart."""
    yes = examples.posterior[:, label]
    mine = Examples(examples.features, np.stack([1 - yes, yes], axis=1), examples.weight)
    kinds: Ints = np.bincount(mine.labels, minlength=2)
    return _Part(label, training.train(recipe, mine, rng)) if kinds.min() > 1 else None


def _loss(said: Floats, chosen: Floats, weight: Floats) -> float:
    """The mean binary log-loss over labels, in nats."""
    said = said.clip(1e-6, 1 - 1e-6)
    losses = -(chosen * np.log(said) + (1 - chosen) * np.log(1 - said)).mean(axis=1)
    return float(np.average(losses, weights=weight))
