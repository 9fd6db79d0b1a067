"""Two camps in a project: who belongs to the wrong one, or what an expert should be asked."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from labeling.models import Project
from quality.inference.answers import Ints
from quality.inference.camps import find_camps
from quality.models import Review
from quality.queries.answer_log import ProjectLog

MOST_ANSWERS = 200_000  # beyond it, items are sampled: the search is repeated on shuffled answers
LEAST_ANSWERS = 40


@dataclass(frozen=True)
class Sides:
    """``wrong``: codes of people in the camp that gold shows to be wrong. ``ask``: ids of items."""

    flagged: bool
    reason: str
    wrong: frozenset[int] = frozenset()
    sizes: tuple[int, ...] = ()
    ask: tuple[int, ...] = field(default=())

    @classmethod
    def none(cls) -> Self:
        return cls(False, "")

    def as_json(self) -> dict[str, Any]:
        return {"reason": self.reason, "sizes": list(self.sizes), "items": list(self.ask)}


def wrong_camp(project: Project, read: ProjectLog) -> Sides:
    """Gold and reviewed labels tell camps apart; where they do not, an expert has to."""
    log = read.log
    rows = _sampled(log.item)
    rows = rows[log.label[rows] >= 0]
    if rows.size < LEAST_ANSWERS:
        return Sides.none()
    found = find_camps(
        log.item[rows],
        log.annotator[rows],
        log.label[rows],
        np.random.default_rng(0),
        n_annotators=log.n_annotators,
        n_labels=log.n_labels,
        gold=_known(project, read),
    )
    sizes = tuple(int((found.camp == camp).sum()) for camp in (0, 1)) if found.camp.size else ()
    ask = tuple(int(read.item_ids[item]) for item in found.ask_expert)
    wrong: frozenset[int] = frozenset()
    if found.trusted is not None:
        wrong = frozenset(np.flatnonzero(found.camp == 1 - found.trusted).tolist())
    return Sides(found.flagged, found.reason, wrong, sizes if any(sizes) else (), ask)


def _known(project: Project, read: ProjectLog) -> Ints:
    """[item]: gold, else what a reviewer said; -1 where nobody knows."""
    reviewed = Review.objects.filter(item__project=project, label_code__isnull=False)
    codes = dict(reviewed.order_by("pk").values_list("item_id", "label_code"))
    known = read.log.gold.copy()
    for i, item_id in enumerate(read.item_ids.tolist()):
        if known[i] < 0 and item_id in codes:
            known[i] = int(codes[item_id] or 0)
    return known


def _sampled(item: Ints) -> Ints:
    """Rows of all items, or of so many that the search stays quick."""
    if item.size <= MOST_ANSWERS:
        return np.arange(item.size)
    n_items = int(item.max()) + 1
    share = MOST_ANSWERS / item.size
    kept = np.random.default_rng(0).random(n_items) < share
    return np.flatnonzero(kept[item])
