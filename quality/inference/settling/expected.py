"""How many labels are right, stated honestly: what gold says, steadied by what the beliefs promise.

Items fall into strata (settled, answered but not settled); what has no label counts as wrong. In each,
the share of right labels has a Beta prior that is worth ``PRIOR_ITEMS`` items; the gold items that the
rule would have put there are the data. A belief may rank items but not promise: on real crowds the
items that the rule settled were wrong 1.2 times as often as stated (3 times before doubt was stated,
see doubt.py; the others 1.3 times), because people's errors about one item are not independent. So
the prior is worth few items, and is centred at an error ``UNDERSTATED`` times the stated one, and
without gold not above what may be promised without (ceiling.py). The strata are added by their sizes;
the interval allows for the luck of the items as well:

    value = sum_s share_s * m_s
    var   = sum_s share_s^2 * (v_s + m_s (1 - m_s) / n_s)

and is that of the Beta with this mean and variance, outwards to whole items.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from quality.inference.answers import Floats, Ints
from quality.inference.ceiling import UNTESTED

PRIOR_ITEMS = 20.0
UNDERSTATED = 1.25
LEAST = 1e-3  # no stratum is taken for wholly right or wholly wrong beforehand


def representative(truth: Ints, shares: Floats) -> Floats:
    """[g]: how much each gold item counts: the share of its label among all items over that in gold.

    Gold is chosen evenly over the labels, and the rare ones are often the hard ones: counted plainly,
    gold would say too little of what is right.
    """
    weights: Floats = shares[truth] * truth.size / np.bincount(truth)[truth]
    return weights


def effective(weight: Floats, right: Ints) -> tuple[float, float]:
    """How many unweighted items would say as much (Kish 1965: (sum w)^2 / sum w^2), and how many of
    them would be right.
    """
    total = float(weight.sum())
    n = total**2 / float((weight**2).sum()) if total else 0.0
    return n, n * float(weight @ right) / total if total else 0.0


@dataclass(frozen=True)
class Stratum:
    """``n_items`` labels stated with mean ``confidence``; of ``gold`` comparable ones ``right`` were right.

    Gold may be an effective number, where its items are weighted.
    """

    n_items: int
    confidence: float
    gold: float = 0
    right: float = 0

    def moments(self) -> tuple[float, float]:
        """Mean share of right labels and its variance, luck of the items included."""
        most = 1 - LEAST if self.gold else UNTESTED
        centre = min(max(1 - UNDERSTATED * (1 - self.confidence), LEAST), most)
        size = PRIOR_ITEMS + self.gold
        mean = (PRIOR_ITEMS * centre + self.right) / size
        return mean, mean * (1 - mean) * (1 / (size + 1) + 1 / self.n_items)


@dataclass(frozen=True)
class Expected:
    """Share of right labels with its 95 % interval, and how many gold items spoke for it (of effective
    numbers: rounded).

    ``value`` is None where there is nothing to judge.
    """

    value: float | None
    low: float | None
    high: float | None
    gold_items: int


def over_strata(strata: Sequence[Stratum], *, unlabeled: int = 0) -> Expected:
    """The strata together, empty ones left out; each of ``unlabeled`` further items counts as wrong."""
    present = [stratum for stratum in strata if stratum.n_items]
    gold = round(sum(stratum.gold for stratum in present))
    if not present:
        return Expected(None, None, None, gold)
    total = unlabeled + sum(stratum.n_items for stratum in present)
    moments = [(stratum.n_items / total, *stratum.moments()) for stratum in present]
    mean = sum(share * m for share, m, _ in moments)
    variance = sum(share**2 * v for share, _, v in moments)
    low, high = _interval(mean, variance, total)
    return Expected(mean, low, high, gold)


def _interval(mean: float, variance: float, n_items: int) -> tuple[float, float]:
    """95 % of the Beta with this mean and variance, outwards to whole items."""
    size = mean * (1 - mean) / variance - 1
    low, high = betaincinv(mean * size, (1 - mean) * size, [0.025, 0.975]) * n_items
    return float(np.floor(low) / n_items), float(min(np.ceil(high) / n_items, 1.0))
