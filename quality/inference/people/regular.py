"""Wrong in a regular way: answers that tell the truth once their meaning is known.

Somebody who swaps two labels has a poor accuracy and a perfect confusion matrix. What counts is
the mutual information between the true label and the answer, as a share of what there is to know:

    share = max(I(truth; answer) - bias, 0) / H(truth),   bias = freedom / 2n  (Miller, 1955)

0 for a guesser and for always the same label, 1 for a person without error, under whatever names.
Such a person's votes are used through the confusion matrix; being "wrong" is no reason to act.
It must be certain as well: a G-test of independence with p under `CERTAIN`.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from quality.inference.people.evidence import Evidence

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

THRESHOLD = 0.2  # as much as an accuracy of 0.76 tells on two labels, or 0.6 on four
CERTAIN = 1e-6
SURE = 0.6
LEAST_ANSWERS = 15


def information(
    annotator: Codes, label: Codes, belief: Floats, *, n_annotators: int
) -> list[Evidence | None]:
    """One a person, family "information"; None with fewer than 15 sure answers.

    Unlike the other kinds, `raised` speaks for the person.
    """
    truth, sure = belief.argmax(axis=1), belief.max(axis=1) >= SURE
    annotator, label, truth = annotator[sure], label[sure], truth[sure]
    n_labels = belief.shape[1]
    order = np.argsort(annotator, kind="stable")
    cell = (truth * n_labels + label)[order]
    edges = np.searchsorted(annotator[order], np.arange(n_annotators + 1))
    return [
        _evidence(person, part, n_labels) if part.size >= LEAST_ANSWERS else None
        for person, part in enumerate(np.split(cell, edges[1:-1]))
    ]


def information_share(truth: Codes, label: Codes, *, n_labels: int) -> float:
    """The share of the truth's entropy that the labels tell; 0 unless it is certain."""
    n = truth.size
    both = _entropy(truth * n_labels + label)
    of_truth, of_label = _entropy(truth), _entropy(label)
    freedom = (np.unique(truth).size - 1) * (np.unique(label).size - 1)
    told = of_truth + of_label - both
    if freedom == 0 or chdtrc(freedom, 2.0 * n * max(told, 0.0)) > CERTAIN:
        return 0.0
    return max(told - freedom / (2.0 * n), 0.0) / of_truth


def _entropy(codes: Codes) -> float:
    share = np.unique(codes, return_counts=True)[1] / codes.size
    return float(-(share * np.log(share)).sum())


def _evidence(person: int, cell: Codes, n_labels: int) -> Evidence:
    truth, label = np.divmod(cell, n_labels)
    right = int((truth == label).sum())
    share = information_share(truth, label, n_labels=n_labels)
    return Evidence(
        annotator=person,
        kind="regular",
        family="information",
        statistic=share,
        threshold=THRESHOLD,
        counts={"answers": cell.size, "right": right},
        reason=(
            f"{right} of {cell.size} answers are right as they stand, and the answers tell "
            f"{share:.0%} of what there is to know."
        ),
    )
