"""How labels of each type are scored against a known truth.

    pearson, spearman        numbers, and scores of compared things; over all items at once
    accuracy, mean_distance  ordered classes
    word_error_rate          texts: word edits / words of the truth, both summed over the items;
                             lower-cased, ASCII punctuation removed, split at white space
    micro_character_f1       spans: true and false positives and negatives counted in characters
                             and summed over the items
    mean_soft_f1             boxes: 2 (sum of IoU over the best one-to-one matching) / (number of
                             boxes of both), mean over the items
    mean_box_f1              boxes: 2 (matched pairs with IoU of at least 0.5) / (number of boxes
                             of both), mean over the items
    calibration_error        any type: mean over ten equal-width bins, weighted by their size, of
                             |mean confidence - share right|

Two empty answers agree fully: every F1 of nothing with nothing is 1.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence

import numpy as np
from scipy import stats

from quality.inference.boxes import Box, box_f1, soft_f1
from quality.inference.span_segments import Span
from quality.inference.spans import covered
from quality.inference.text_alignment import edit_distance
from quality.inference.typed_answers import Bools, Floats

_PUNCTUATION = str.maketrans("", "", string.punctuation)


def pearson(values: Floats, truth: Floats) -> float:
    return float(stats.pearsonr(values, truth).statistic)


def spearman(values: Floats, truth: Floats) -> float:
    return float(stats.spearmanr(values, truth).statistic)


def accuracy(values: Floats, truth: Floats) -> float:
    return float(np.mean(np.asarray(values) == np.asarray(truth)))


def mean_distance(values: Floats, truth: Floats) -> float:
    """Mean number of classes between value and truth."""
    return float(np.mean(np.abs(np.asarray(values) - np.asarray(truth))))


def plain_words(text: str) -> list[str]:
    """The words that count: lower case, without ASCII punctuation."""
    return text.lower().translate(_PUNCTUATION).split()


def word_error_rate(values: Iterable[str], truths: Iterable[str]) -> float:
    edits = words = 0
    for value, truth in zip(values, truths, strict=True):
        right = plain_words(truth)
        edits += edit_distance(plain_words(value), right)
        words += len(right)
    return edits / max(words, 1)


def micro_character_f1(values: Iterable[Sequence[Span]], truths: Iterable[Sequence[Span]]) -> float:
    both = marked = 0
    for value, truth in zip(values, truths, strict=True):
        both += covered(value, truth)
        marked += covered(value, value) + covered(truth, truth)
    return 2.0 * both / marked if marked else 1.0


def mean_soft_f1(values: Iterable[Sequence[Box]], truths: Iterable[Sequence[Box]]) -> float:
    return float(np.mean([soft_f1(v, t) for v, t in zip(values, truths, strict=True)]))


def mean_box_f1(values: Iterable[Sequence[Box]], truths: Iterable[Sequence[Box]]) -> float:
    return float(np.mean([box_f1(v, t) for v, t in zip(values, truths, strict=True)]))


def calibration_error(confidence: Floats, right: Bools | Floats) -> float:
    """``right`` holds 0 or 1, or any share between them."""
    if confidence.size == 0:
        return 0.0
    bins = np.minimum((confidence * 10).astype(int), 9)
    gap = np.bincount(bins, confidence - np.asarray(right, dtype=np.float64))
    return float(np.abs(gap).sum() / confidence.size)
