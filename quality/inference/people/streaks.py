"""The same label many times in a row, where the items do not explain it.

For each run of one label the surprise is -sum log P(this label | the item's belief, a working
person): a run of cats among cats is no surprise, a long one among other things is. A person who
works makes a run of surprise s with probability about exp(-s) at each start, so log(answers) is
taken off; runs shorter than `SHORTEST` are left to the other tests.
"""

import numpy as np
from numpy.typing import NDArray

from quality.inference.gold_limits import DRIFT
from quality.inference.people.evidence import Evidence

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

SHORTEST = 6
THRESHOLD = float(np.log(2000.0))


def streaks(
    annotator: Codes, label: Codes, belief: Floats, *, n_annotators: int
) -> list[Evidence | None]:
    """One a person, about the most surprising run; None with fewer answers than a run needs."""
    order = np.argsort(annotator, kind="stable")
    who, said = annotator[order], label[order]
    surprise = _surprise(said, belief[order])
    first = np.flatnonzero(np.r_[True, (who[1:] != who[:-1]) | (said[1:] != said[:-1])])
    if said.size == 0:
        return [None] * n_annotators
    length = np.diff(np.r_[first, said.size])
    total = np.where(length >= SHORTEST, np.add.reduceat(surprise, first), 0.0)
    answers = np.bincount(annotator, minlength=n_annotators)
    begins = np.searchsorted(who, np.arange(n_annotators))
    worst = _worst_run(who[first], total, n_annotators)
    return [
        _evidence(a, float(total[w]), int(length[w]), int(answers[a]), int(first[w] - begins[a]))
        if answers[a] >= SHORTEST
        else None
        for a, w in enumerate(worst)
    ]


def _surprise(label: Codes, belief: Floats) -> Floats:
    right = belief[np.arange(label.size), label]
    n_labels = belief.shape[1]
    surprise = -np.log(DRIFT * right + (1.0 - DRIFT) / (n_labels - 1) * (1.0 - right))
    return np.where(right >= 0.5, 0.0, surprise)  # the likely label is no surprise at all


def _worst_run(who: Codes, total: Floats, n_annotators: int) -> Codes:
    """[annotator]: index of the most surprising run; 0 for those without answers."""
    order = np.lexsort((total, who))
    last = np.searchsorted(who[order], np.arange(n_annotators), side="right") - 1
    return order[np.maximum(last, 0)]


def _evidence(person: int, surprise: float, length: int, answers: int, start: int) -> Evidence:
    return Evidence(
        annotator=person,
        kind="streak",
        family="agreement",
        statistic=max(surprise - float(np.log(answers)), 0.0),
        threshold=THRESHOLD,
        counts={"answers": answers, "run": length},
        reason=f"The same label {length} times in a row, on items that others answer differently.",
        start=start,
    )
