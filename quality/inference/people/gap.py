"""Better on gold than elsewhere: the gold was recognised.

Accuracy on gold is compared with the accuracy elsewhere, measured against the peers. Gold is often
easier than the rest for everybody, so the crowd's median gap is taken off first. The statistic is
the excess in standard errors, and 0 unless the excess is also large enough to matter.
"""

import numpy as np
from numpy.typing import NDArray

from quality.inference.people.evidence import Evidence
from quality.inference.people.peers import soft_accuracy

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

THRESHOLD = 4.0  # about 1 honest person in 30,000, if beliefs were exact
LEAST_GAP = 0.15
LEAST_GOLD, LEAST_OTHERS = 5, 20


def gold_gap(
    annotator: Codes,
    label: Codes,
    belief: Floats,
    is_gold: NDArray[np.bool_],
    *,
    n_annotators: int,
) -> list[Evidence | None]:
    """One a person; None with fewer than 5 gold or 20 other answers. `is_gold` is [answer]."""
    on_gold, elsewhere = (
        soft_accuracy(annotator[part], label[part], belief[part], n_annotators=n_annotators)
        for part in (is_gold, ~is_gold)
    )
    enough = (on_gold.answers >= LEAST_GOLD) & (elsewhere.answers >= LEAST_OTHERS)
    gap = on_gold.value - elsewhere.value
    excess = gap - (np.median(gap[enough]) if enough.any() else 0.0)
    gold_variance = _binomial_variance(on_gold.value, on_gold.answers)
    error = np.sqrt(gold_variance + np.where(enough, elsewhere.error, 1.0) ** 2)
    statistic = np.where(excess >= LEAST_GAP, excess / error, 0.0)
    return [
        _evidence(a, float(statistic[a]), float(on_gold.value[a]), float(elsewhere.value[a]))
        if enough[a]
        else None
        for a in range(n_annotators)
    ]


def _binomial_variance(share: Floats, n: Codes) -> Floats:
    """Of a share, as if two more answers, one right and one wrong, had been seen."""
    smoothed = (np.clip(share, 0.0, 1.0) * n + 1.0) / (n + 2.0)
    variance: Floats = smoothed * (1.0 - smoothed) / (n + 2.0)
    return variance


def _evidence(person: int, statistic: float, on_gold: float, elsewhere: float) -> Evidence:
    return Evidence(
        annotator=person,
        kind="gold_gap",
        family="gap",
        statistic=statistic,
        threshold=THRESHOLD,
        reason=(
            f"Accuracy is {on_gold:.0%} on items with a known answer and about "
            f"{min(max(elsewhere, 0.0), 1.0):.0%} on the others."
        ),
    )
