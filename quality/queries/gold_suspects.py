"""Gold that good people miss: is the known answer wrong?

Two stories about a gold item g are compared by its answers, each person being right with the accuracy p
that they show on other gold::

    sum over answers  log P(answer | truth is the other label) - log P(answer | truth is as known)

The other label is the one that people said instead most. Three people must have said it, and the sum must
reach `THRESHOLD`: odds of 1,000 to 1, which makes up for wrong gold being rare. An item that misleads does
not get there, because about as many good people answer it rightly.
"""

from dataclasses import dataclass

import numpy as np

from quality.inference.answers import Bools, Floats
from quality.queries.gold_record import GoldLog

THRESHOLD = float(np.log(1000.0))
LEAST_WRONG = 3
LEAST_TRUST, MOST_TRUST = 0.55, 0.97


@dataclass(frozen=True)
class Suspect:
    """A gold item, how strong the evidence is, and the label (code) that was said instead, if it has one."""

    item_id: int
    statistic: float
    instead: int | None
    right: int
    wrong: int


def suspects(log: GoldLog, n_labels: int) -> list[Suspect]:
    """Every gold item beyond the threshold, the worst first."""
    trust = np.clip(log.accuracy_elsewhere(), LEAST_TRUST, MOST_TRUST)
    gain = np.log(trust / (1 - trust)) + np.log(max(n_labels - 1, 1))
    found = [_judge(log, gain, log.item_id == item) for item in np.unique(log.item_id)]
    worst = [one for one in found if one.statistic >= THRESHOLD]
    return sorted(worst, key=lambda one: -one.statistic)


def _judge(log: GoldLog, gain: Floats, rows: Bools) -> Suspect:
    right, wrong = rows & log.right, rows & ~log.right
    instead, most = None, wrong
    if (log.said[wrong] >= 0).any():
        codes, counts = np.unique(log.said[wrong], return_counts=True)
        instead = int(codes[counts.argmax()])
        most = wrong & (log.said == instead)
    enough = int(most.sum()) >= LEAST_WRONG
    statistic = float(gain[most].sum() - gain[right].sum()) if enough else 0.0
    item_id = int(log.item_id[rows][0])
    return Suspect(item_id, statistic, instead, int(right.sum()), int(wrong.sum()))
