"""Simulated crowds for the tests of truth inference."""

from __future__ import annotations

import numpy as np

from quality.inference.answers import Answers, Floats, Ints


def simulate(
    n_items: int = 300,
    n_annotators: int = 20,
    n_labels: int = 3,
    per_item: int = 5,
    seed: int = 0,
) -> tuple[Answers, Ints, Floats]:
    """Answers, truth[i] and confusion[a, k, l] of people with their own confusion matrices."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(n_labels, n_items, p=np.arange(1, n_labels + 1) / sum(range(n_labels + 1)))
    confusion = rng.dirichlet(np.ones(n_labels), (n_annotators, n_labels)) * 0.5
    confusion += 0.5 * np.eye(n_labels)
    item = np.repeat(np.arange(n_items), per_item)
    annotator = np.concatenate([rng.permutation(n_annotators)[:per_item] for _ in range(n_items)])
    chances = confusion[annotator, truth[item]].cumsum(axis=1)
    label = (chances > rng.random(item.size)[:, None]).argmax(axis=1)
    return Answers(item, annotator, label, n_items, n_annotators, n_labels), truth, confusion
