"""A coefficient is a formula on sums over items, so resampling items is one sparse product.

`features` is [item, feature]: what each item adds. `formula` takes the summed features and gives
the value, or a sentence that says why there is none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import csr_array

from quality.inference.estimate import Estimate

Floats = NDArray[np.float64]

RESAMPLES = 500
CONFIDENCE = 0.95
LEAST_DEFINED = 0.5  # share of the resamples that must have a value

NO_PAIRS = "no item has answers of two people"
NO_VARIATION = "everybody gave the same label to everything, so chance explains it all"


@dataclass(frozen=True, eq=False)
class Coefficient:
    features: csr_array
    formula: Callable[[Floats], float | str]

    def estimate(self, rng: Generator | None, resamples: int = RESAMPLES) -> Estimate:
        """The value with its percentile bootstrap interval; without `rng` only the value."""
        value = self.formula(np.asarray(self.features.sum(axis=0), dtype=np.float64).ravel())
        if isinstance(value, str):
            return Estimate.undefined(value)
        if rng is None:
            return Estimate(value, reason="no interval was asked for")
        return _with_interval(value, self._resampled(rng, resamples), resamples)

    def _resampled(self, rng: Generator, resamples: int) -> list[float]:
        """Values of the resamples that have one. Items without features are not drawn."""
        useful = np.flatnonzero(np.diff(self.features.indptr))
        by_feature = self.features[useful].T.tocsr()
        values = []
        for _ in range(resamples):
            drawn = rng.integers(useful.size, size=useful.size)
            weight = np.bincount(drawn, minlength=useful.size).astype(np.float64)
            value = self.formula(by_feature @ weight)
            if not isinstance(value, str):
                values.append(value)
        return values


def _with_interval(value: float, resampled: list[float], resamples: int) -> Estimate:
    if len(resampled) < max(LEAST_DEFINED * resamples, 1):
        return Estimate(value, reason="too few items differ to say how certain the value is")
    tail = (1.0 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, [tail, 1.0 - tail])
    return Estimate(value, min(float(low), value), max(float(high), value))
