"""Agreement of every two people who met, without a row for those who did not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quality.inference.agreement.ratings import Ratings

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PairTable:
    """One row for each two people with items in common, `first` < `second`.

    common     items both answered
    agreed     items with the same label
    by_chance  agreements to expect on those items from each one's own label shares (Cohen)
    """

    first: Codes
    second: Codes
    common: Codes
    agreed: Codes
    by_chance: Floats
    n_annotators: int

    @property
    def share(self) -> Floats:
        return self.agreed / self.common

    def kappa(self, row: int) -> float | None:
        """Cohen's kappa of a row; None when chance explains full agreement."""
        n, chance = float(self.common[row]), float(self.by_chance[row])
        if chance >= n * (1 - 1e-12):
            return None
        return (float(self.agreed[row]) - chance) / (n - chance)

    def matrix(self) -> np.ma.MaskedArray[tuple[int, int], np.dtype[np.float64]]:
        """[annotator, annotator]: share of agreement, masked where two never met."""
        shape = (self.n_annotators, self.n_annotators)
        dense, met = np.zeros(shape), np.zeros(shape, dtype=bool)
        for a, b in ((self.first, self.second), (self.second, self.first)):
            dense[a, b], met[a, b] = self.share, True
        return np.ma.MaskedArray(dense, mask=~met)


def pairwise(ratings: Ratings, *, n_annotators: int | None = None) -> PairTable:
    """All pairs that met. Work grows with the sum over items of answers squared."""
    people = int(ratings.annotator.max()) + 1 if ratings.annotator.size else 0
    order = np.lexsort((ratings.annotator, ratings.item))  # so first < second within an item
    item, who, said = ratings.item[order], ratings.annotator[order], ratings.label[order]
    one, two = _together(item, int(ratings.answers.max()) if item.size else 0)
    key = who[one] * max(people, 1) + who[two]
    keys, row = np.unique(key, return_inverse=True)
    common = np.bincount(row, minlength=keys.size)
    agreed = np.bincount(row[said[one] == said[two]], minlength=keys.size)
    first, second = np.divmod(keys, max(people, 1))
    chance = _by_chance(row, said[one], said[two], common, ratings.n_labels)
    return PairTable(first, second, common, agreed, chance, max(people, n_annotators or 0))


def _together(item: Codes, most: int) -> tuple[Codes, Codes]:
    """Rows of the same item, each two once; `item` is sorted."""
    firsts, seconds = [item[:0]], [item[:0]]
    for apart in range(1, most):
        one = np.flatnonzero(item[apart:] == item[:-apart])
        firsts.append(one)
        seconds.append(one + apart)
    return np.concatenate(firsts), np.concatenate(seconds)


def _by_chance(row: Codes, a: Codes, b: Codes, common: Codes, n_labels: int) -> Floats:
    """[pair]: sum over labels of (times a said it) (times b said it) / items in common."""
    said = [np.unique(row * n_labels + label, return_counts=True) for label in (a, b)]
    cell, of_a, of_b = np.intersect1d(said[0][0], said[1][0], return_indices=True)
    product = said[0][1][of_a].astype(np.float64) * said[1][1][of_b]
    total = np.bincount(cell // max(n_labels, 1), weights=product, minlength=common.size)
    return total / np.maximum(common, 1)
