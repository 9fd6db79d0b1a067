"""Comparisons of two things by people, as long parallel arrays of codes, with ties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from quality.inference.typed_answers import Floats, Ints

LEFT, TIE, RIGHT = 1, 0, -1
TIES = ("tie", "equal", "=", "")  # how files say that neither wins


def distance(a: int, b: int) -> float:
    """0 for the same answer, 1 for opposite ones, a half between a tie and a side."""
    return abs(a - b) / 2.0


def label_distance(a: str, b: str) -> float:
    """The same between two labels of one pair as files hold them: the winner's id, or a tie."""
    ties = (a.strip().lower() in TIES) + (b.strip().lower() in TIES)
    if ties == 1:
        return 0.5
    return 0.0 if ties == 2 or a == b else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Row r: ``annotator[r]`` saw things ``left[r]`` and ``right[r]`` and said ``outcome[r]``.

    ``outcome`` is LEFT, TIE or RIGHT. ValueError when a code is out of range, lengths differ or a
    thing is compared with itself.
    """

    left: Ints
    right: Ints
    annotator: Ints
    outcome: Ints
    n_things: int
    n_annotators: int

    def __post_init__(self) -> None:
        sizes = {column.size for column in (self.left, self.right, self.annotator, self.outcome)}
        if len(sizes) != 1:
            raise ValueError(f"left, right, annotator and outcome differ in length: {sizes}")
        _check_codes("left", self.left, self.n_things)
        _check_codes("right", self.right, self.n_things)
        _check_codes("annotator", self.annotator, self.n_annotators)
        if not np.isin(self.outcome, (LEFT, TIE, RIGHT)).all():
            raise ValueError("outcome must be 1 (left), 0 (tie) or -1 (right)")
        if (self.left == self.right).any():
            row = int(np.flatnonzero(self.left == self.right)[0])
            raise ValueError(f"row {row} compares thing {self.left[row]} with itself")

    def per_thing(self) -> Ints:
        """[i]: in how many comparisons each thing was shown."""
        both = np.concatenate([self.left, self.right])
        return np.bincount(both, minlength=self.n_things).astype(np.int64)

    def per_annotator(self) -> Ints:
        """[a]: how many comparisons each annotator made."""
        return np.bincount(self.annotator, minlength=self.n_annotators).astype(np.int64)


def _check_codes(name: str, codes: Ints, size: int) -> None:
    if codes.size and (codes.min() < 0 or codes.max() >= size):
        raise ValueError(f"{name} has a code outside 0..{size - 1}")


def outcome_likelihood(
    z: Floats, answers: Comparisons, threshold: float
) -> tuple[float, Floats, float]:
    """Log-likelihood with its derivatives by z[r] and by the threshold."""
    lower, upper = z - threshold, z + threshold
    left, right = answers.outcome == LEFT, answers.outcome == RIGHT
    tie = ~(left | right)
    total = log_expit(lower[left]).sum() + log_expit(-upper[right]).sum()
    below, above = expit(lower), expit(upper)
    by_z = np.where(left, 1.0 - below, np.where(right, -above, 1.0 - above - below))
    by_threshold = -float((1.0 - below)[left].sum() + above[right].sum())
    if tie.any():
        # logistic(u) - logistic(l) = logistic(u) logistic(-l) (1 - exp(l - u)), without cancelling
        total += log_expit(upper[tie]).sum() + log_expit(-lower[tie]).sum()
        total += tie.sum() * np.log(-np.expm1(-2.0 * threshold))
        by_threshold += float((1.0 - above + below)[tie].sum())
        wide = np.exp(-2.0 * threshold)  # the exponential that cannot overflow
        by_threshold += float(tie.sum() * 2.0 * wide / -np.expm1(-2.0 * threshold))
    return float(total), by_z, by_threshold
