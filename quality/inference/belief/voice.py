"""The model as one more annotator whose voice is earned band by band.

The model's answer to an item is (its best label, a band of the margin between its two best). What
such an answer is worth is counted on answered items against the belief itself. A new model has no
voice: without evidence every table row is the plain class shares.

    guess[i]           the model's best label
    band[i]            quarter of the margin, 0 the least sure
    table[b, a, k]     P(truth k | band b, guess a)
"""

from dataclasses import dataclass

import numpy as np

from quality.inference.answers import Floats, Ints

N_BANDS = 4
TABLE_WEIGHT = 4.0  # pseudo-items of the base in a table row
BAND_WEIGHT = 8.0  # pseudo-items that agree no more than the shares would
SECOND_CHOICE = 0.2  # probability spread over labels the model rules out


@dataclass(frozen=True)
class Heard:
    """What the model says about each item, in the terms of its table."""

    probabilities: Floats
    guess: Ints
    band: Ints

    def at(self, rows: Ints) -> "Heard":
        return Heard(self.probabilities[rows], self.guess[rows], self.band[rows])


def hear(probabilities: Floats) -> Heard:
    """Best label and band of each item; the bands are the quarters of all margins."""
    two_best = np.partition(probabilities, -2, axis=1)[:, -2:]
    margin = two_best[:, 1] - two_best[:, 0]
    borders = np.quantile(margin, np.arange(1, N_BANDS) / N_BANDS)
    return Heard(probabilities, probabilities.argmax(axis=1), np.searchsorted(borders, margin))


def calibration(heard: Heard, posterior: Floats, shares: Floats) -> Floats:
    """The table from answered items' belief [i, k]: [b, a, k]."""
    n_labels = len(shares)
    rows = heard.band * n_labels + heard.guess
    size = N_BANDS * n_labels
    sums = np.stack([np.bincount(rows, posterior[:, k], size) for k in range(n_labels)], axis=1)
    sums = sums.reshape(N_BANDS, n_labels, n_labels)
    base = _bases(heard, posterior, shares)
    table: Floats = (sums + TABLE_WEIGHT * base) / (sums.sum(axis=2, keepdims=True) + TABLE_WEIGHT)
    return table


def prior(heard: Heard, table: Floats, shares: Floats) -> Floats:
    """What the model's answer alone says about each item: [i, k]."""
    said: Floats = table[heard.band, heard.guess]
    if len(shares) == 2:
        return said
    return _with_second_choices(said, heard)


def _bases(heard: Heard, posterior: Floats, shares: Floats) -> Floats:
    """Rows before any count: the guess with the band's own credit, the shares otherwise."""
    credit = _credit(heard, posterior, shares)[:, None, None]
    return credit * np.eye(len(shares))[None] + (1 - credit) * shares[None, None, :]


def _credit(heard: Heard, posterior: Floats, shares: Floats) -> Floats:
    """Agreement beyond what the shares alone would give, between 0 and 1: [b]."""
    n = np.bincount(heard.band, minlength=N_BANDS)
    agreement = posterior[np.arange(len(posterior)), heard.guess]
    agreed = np.bincount(heard.band, agreement, N_BANDS)
    by_chance = np.bincount(heard.band, shares[heard.guess], N_BANDS) / np.maximum(n, 1)
    by_chance = np.where(n > 0, by_chance, shares.max())
    rate = (agreed + BAND_WEIGHT * by_chance) / (n + BAND_WEIGHT)
    credit: Floats = np.maximum(0, (rate - by_chance) / (1 - by_chance))
    return credit


def _with_second_choices(said: Floats, heard: Heard) -> Floats:
    """Only the best label is read from the table; the rest follows the model's own order."""
    n_labels = said.shape[1]
    rows = np.arange(len(said))
    others: Floats = said * (heard.probabilities + SECOND_CHOICE / n_labels)
    others[rows, heard.guess] = 0
    best = said[rows, heard.guess]
    others *= ((1 - best) / np.maximum(others.sum(axis=1), 1e-12))[:, None]
    others[rows, heard.guess] = best
    return others
