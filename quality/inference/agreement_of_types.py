"""Agreement where answers are more than labels: Krippendorff's alpha with the distance of the type.

    number     squared difference            text     share of words that differ
    spans      1 - character F1              boxes    1 - soft F1
    pairwise   0 the same, 1 the other way round, a half where one of the two calls it a tie

Things compared are the item of a comparison, whichever stood left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator

from quality.inference.agreement import alpha_by_distance, alpha_of_numbers
from quality.inference.estimate import Estimate
from quality.inference.layouts import CodedComparisons
from quality.inference.type_registry import TYPES
from quality.inference.typed_answers import Ints


class Said(NamedTuple):
    """Row r: ``annotator[r]`` said ``label[r]`` about ``item[r]``; how many there are of each."""

    item: Ints
    annotator: Ints
    label: Sequence[Any]
    n_items: int
    n_annotators: int


def read_said(kind: str, path: Path) -> Said:
    """LayoutError, with row and column, for a file that is not in the layout of the type."""
    read = TYPES[kind].read(path)
    if isinstance(read, CodedComparisons):
        return _pairs(read)
    answers = read.answers
    return Said(
        answers.item, answers.annotator, answers.label, answers.n_items, answers.n_annotators
    )


def alpha(kind: str, said: Said, rng: Generator) -> Estimate:
    """With its 95 % interval, or the reason why it is undefined."""
    if kind == "number":
        return alpha_of_numbers(said.item, said.annotator, np.asarray(said.label), rng=rng)
    distance: Callable[[Any, Any], float] = TYPES[kind].distance
    return alpha_by_distance(
        said.item, said.label, _half_apart if kind == "pairwise" else distance, rng=rng
    )


def _pairs(read: CodedComparisons) -> Said:
    answers = read.answers
    turned = answers.left > answers.right
    first = np.where(turned, answers.right, answers.left)
    second = np.where(turned, answers.left, answers.right)
    pairs, item = np.unique(first * answers.n_things + second, return_inverse=True)
    outcome = np.where(turned, -answers.outcome, answers.outcome)
    return Said(item, answers.annotator, outcome.tolist(), pairs.size, answers.n_annotators)


def _half_apart(a: int, b: int) -> float:
    """Outcomes are -1, 0 (a tie) and 1."""
    return abs(a - b) / 2.0
