"""How much confidence may be promised to others, and why.

Without truth the best one can do is an average over the kinds of crowd seen so far, and one crowd
in ten is surer than it should be. So nothing above 0.95 is promised without gold, and 0.99 only
when gold items that were held at 0.99 bear it out. Gold that contradicts 0.95 takes that promise
away.
"""

from __future__ import annotations

from scipy.special import bdtrc

from quality.inference.answers import Bools, Floats, Ints

UNTESTED = 0.95
TESTED = 0.99
REFUTED = 0.9
CAP_WITHOUT_PROOF = 0.98  # stated confidence stays below what may never be promised
DOUBT = 0.05


def tested_ceiling(belief: Floats, truth: Ints) -> float:
    """Ceiling from beliefs[g, k] about gold items, made without their gold, and their labels[g]."""
    confidence, right = belief.max(axis=1), belief.argmax(axis=1) == truth
    if _bears_out(right[confidence >= TESTED]):
        return TESTED
    return REFUTED if _contradicts(right[confidence >= UNTESTED]) else UNTESTED


def _bears_out(right: Bools) -> bool:
    """Laplace's rule of succession: about 98 right of 98 are needed for 0.99."""
    return bool((right.sum() + 1) / (right.size + 2) >= TESTED)


def _contradicts(right: Bools) -> bool:
    """Whether so many errors have a chance under ``DOUBT`` if 0.95 were true."""
    errors = int(right.size - right.sum())
    return errors > 0 and float(bdtrc(errors - 1, right.size, 1 - UNTESTED)) < DOUBT
