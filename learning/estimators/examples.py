"""What an estimator learns from: features, beliefs instead of labels, and how much each counts.

scikit-learn's classifiers want one hard label a row. A belief over labels is the same training set
written out: the row once for each label that is possible, weighted by its probability (the expected
log-likelihood under the belief). Labels below ``POSSIBLE`` are left out: they cost time and say
nothing.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]

POSSIBLE = 0.02


class OneClassOnly(ValueError):
    """All examples most likely have the same label: there is nothing to tell apart yet."""


@dataclass(frozen=True)
class Examples:
    """features [i, f], posterior [i, k] (rows sum to one), weight [i]."""

    features: Floats
    posterior: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.features)

    @property
    def n_labels(self) -> int:
        return int(self.posterior.shape[1])

    @property
    def labels(self) -> Ints:
        """The most likely label of each: [i]."""
        labels: Ints = self.posterior.argmax(axis=1).astype(np.int64)
        return labels

    def take(self, rows: Ints) -> Self:
        return type(self)(self.features[rows], self.posterior[rows], self.weight[rows])


@dataclass(frozen=True)
class HardRows:
    """The same examples as scikit-learn wants them: features [r, f], label [r], weight [r]."""

    features: Floats
    label: Ints
    weight: Floats


def hard_rows(examples: Examples) -> HardRows:
    """Each example once per possible label. The weights have mean one over the examples."""
    share = np.where(examples.posterior >= POSSIBLE, examples.posterior, 0.0)
    share[np.arange(len(examples)), examples.labels] += 1e-12  # a flat belief over 100 labels too
    share /= share.sum(axis=1, keepdims=True)
    row, label = np.nonzero(share)
    weight = share[row, label] * examples.weight[row] / examples.weight.mean()
    return HardRows(examples.features[row], label.astype(np.int64), weight)


def require_two_classes(examples: Examples) -> None:
    if len(np.unique(examples.labels)) < 2:
        raise OneClassOnly("all labels so far are the same")
