"""How fast labels come, and from that when they will all be there and what they will have cost.

Pure functions on plain numbers. Settled labels are taken as a Poisson stream: n of them in a window tell the
pace up to about 1.96 / sqrt(n), so the band is wide while little has happened, and no band is given at all
before ``FEWEST`` labels.
"""

import math
from dataclasses import dataclass

FEWEST = 10
Z = 1.96


@dataclass(frozen=True)
class Range:
    """A figure with its 95 % band."""

    value: float
    low: float
    high: float


def pace(settled: int, seconds: float) -> Range | None:
    """Labels a second, from so many in so long a window; None when that is too few to say."""
    if settled < FEWEST or seconds <= 0:
        return None
    doubt = Z * math.sqrt(settled)
    return Range(settled / seconds, (settled - doubt) / seconds, (settled + doubt) / seconds)


def time_left(labels: int, now: Range | None) -> Range | None:
    """Seconds until ``labels`` more are settled: quick at the high end of the pace."""
    if now is None:
        return None
    return Range(labels / now.value, labels / now.high, labels / now.low)


def cost_at_end(spent: int, settled: int, labels: int, votes: int) -> Range | None:
    """Micro-units when ``labels`` more are settled at the present cost of one; None when too few are.

    The band: the mean of ``votes`` answers over ``settled`` labels is known up to 1.96 / sqrt(votes).
    """
    if settled < FEWEST or votes <= 0:
        return None
    more = labels * spent / settled
    doubt = min(1.0, Z / math.sqrt(votes))
    return Range(spent + more, spent + more * (1 - doubt), spent + more * (1 + doubt))
