"""The sums over answers that all of EM is made of.

Axes: items i, annotators a, true labels k, given labels l. Time and memory grow linearly with the
number of answers; there is never a table of items by annotators. A weight scales an answer's part
in every sum.
"""

import numpy as np

from quality.inference.answers import Answers, Floats, Ints


def of_items(answers: Answers, items: Ints) -> Answers:
    """The answers to these different items only, the items renumbered in the order given."""
    place = np.full(answers.n_items, -1)
    place[items] = np.arange(len(items))
    kept = place[answers.item] >= 0
    weight = None if answers.weight is None else answers.weight[kept]
    return Answers(
        place[answers.item[kept]],
        answers.annotator[kept],
        answers.label[kept],
        len(items),
        answers.n_annotators,
        answers.n_labels,
        weight,
    )


def vote_counts(answers: Answers) -> Floats:
    """How often each item was given each label: [i, l]."""
    cells = answers.item * answers.n_labels + answers.label
    size = answers.n_items * answers.n_labels
    counts: Floats = np.bincount(cells, _weights(answers), size).astype(np.float64)
    return counts.reshape(answers.n_items, answers.n_labels)


def expected_counts(answers: Answers, posterior: Floats) -> Floats:
    """How often each annotator answered l where the truth is k, by the belief: [a, k, l]."""
    cells = answers.annotator * answers.n_labels + answers.label
    size = answers.n_annotators * answers.n_labels
    believed = posterior[answers.item] * _weights(answers)[:, None]
    columns = [np.bincount(cells, believed[:, k], size) for k in range(answers.n_labels)]
    counts: Floats = np.stack(columns)
    shape = (answers.n_labels, answers.n_annotators, answers.n_labels)
    return counts.reshape(shape).transpose(1, 0, 2)


def log_likelihood(answers: Answers, confusion: Floats) -> Floats:
    """Log probability of each item's answers, were its truth k: [i, k]. Zero without answers."""
    said = np.log(confusion)[answers.annotator, :, answers.label] * _weights(answers)[:, None]
    labels = range(answers.n_labels)
    return np.stack(
        [np.bincount(answers.item, said[:, k], answers.n_items) for k in labels], axis=1
    )


def normalised(log_joint: Floats) -> Floats:
    """exp(log_joint), rows scaled to one: [i, k]. Shifted before exp, or it would underflow."""
    joint: Floats = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    shares: Floats = joint / joint.sum(axis=1, keepdims=True)
    return shares


def _weights(answers: Answers) -> Floats:
    return np.ones(len(answers)) if answers.weight is None else answers.weight
