"""What labels look like, from a sample that stays small however large the project.

The time from the first settled label to the last is cut into bins, and of each the earliest labels are
read: which labels came when, and how far the people behind a label agreed on it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from labeling.models import ItemRole
from labeling.queries import counted_answers_to
from quality.models import Consensus, ConsensusState
from quality.queries.settled import settled_between

BINS, OF_EACH = 12, 50
SHARES = (1.0, 0.8, 0.6, 0.0)  # least share of the answers that say the label, the best first


@dataclass(frozen=True)
class SettledLabel:
    """One settled label; ``bin`` counts from the earliest."""

    item_id: int
    code: int
    bin: int


@dataclass(frozen=True)
class Bin:
    """Labels that were settled until then: of how many it is known what they are, and how many of each code."""

    until: datetime
    read: int
    by_code: dict[int, int]


@dataclass(frozen=True)
class Sample:
    """Labels read, by bin. Without any where the answers are not one of several labels."""

    labels: list[SettledLabel]
    bins: list[Bin]


@dataclass(frozen=True)
class Agreeing:
    """Items with several answers, by the share of them that says the label: at least ``least``."""

    least: float
    items: int


def sampled(project_id: int) -> Sample:
    """At most ``BINS`` times ``OF_EACH`` labels of work items. Index ``consensus_by_state``."""
    settled = Consensus.objects.filter(project_id=project_id, state=ConsensusState.SETTLED)
    ends = settled_between(project_id)
    if ends is None:
        return Sample([], [])
    first, last = ends
    step = (last - first) / BINS
    edges = [first + step * n for n in range(BINS)] + [last]
    labels = _read(settled, edges)
    return Sample(labels, _bins(labels, edges[1:]))


def _read(settled: QuerySet[Consensus], edges: Sequence[datetime]) -> list[SettledLabel]:
    known = settled.filter(label_code__isnull=False, item__role=ItemRole.WORK)
    parts = [
        known.filter(settled_at__gt=edges[n] if n else edges[0] - timedelta(1))
        .filter(settled_at__lte=edges[n + 1])
        .order_by("settled_at")
        .values_list("item_id", "label_code")[:OF_EACH]
        for n in range(BINS)
    ]
    return [
        SettledLabel(item, code, n)
        for n, part in enumerate(parts)
        for item, code in part
        if code is not None
    ]


def _bins(labels: Sequence[SettledLabel], ends: Sequence[datetime]) -> list[Bin]:
    counts = [Counter(one.code for one in labels if one.bin == n) for n in range(BINS)]
    return [Bin(until, part.total(), dict(part)) for until, part in zip(ends, counts, strict=True)]


def agreeing(labels: Sequence[SettledLabel]) -> list[Agreeing]:
    """How unanimous people were about these items; an item with a single answer tells nothing."""
    label = {one.item_id: one.code for one in labels}
    said, same = Counter[int](), Counter[int]()
    rows = counted_answers_to(label).filter(label_code__isnull=False)
    for item, code in rows.values_list("item_id", "label_code"):
        said[item] += 1
        same[item] += code == label[item]
    shares = [same[item] / n for item, n in said.items() if n > 1]
    return [Agreeing(least, sum(_class(share) == least for share in shares)) for least in SHARES]


def _class(share: float) -> float:
    return next(least for least in SHARES if share >= least)
