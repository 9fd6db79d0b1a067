"""How much people's votes count by decision: a lower weight, or an accuracy that was set by hand.

A vote of weight w adds w times its log-odds, so its matrix is raised to the power w; an accuracy p set by
hand stands for the matrix of somebody who is right with p and errs evenly.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from quality.inference.answers import Floats, Ints
from quality.models import Action, Decision


@dataclass(frozen=True)
class Handling:
    """``weight`` of a vote, and the ``accuracy`` taken for granted (None: as it was learned)."""

    weight: float = 1.0
    accuracy: float | None = None

    def applied(self, confusion: Floats) -> Floats:
        """[k, l] as it is used; rows of a lowered weight no longer sum to one."""
        if self.accuracy is not None:
            n = len(confusion)
            confusion = np.full((n, n), (1 - self.accuracy) / (n - 1))
            np.fill_diagonal(confusion, self.accuracy)
        return confusion if self.weight == 1.0 else np.asarray(confusion**self.weight)


AS_LEARNED = Handling()


def handling(project_id: int) -> dict[int, Handling]:
    """By annotator id, for the few people about whom such a decision stands."""
    standing = Decision.objects.filter(
        project_id=project_id, reversed_at__isnull=True, amount__isnull=False
    )
    found: dict[int, Handling] = {}
    for row in standing.order_by("pk").only("annotator_id", "action", "also", "amount"):
        found[row.annotator_id] = _with(found.get(row.annotator_id, AS_LEARNED), row)
    return found


def _with(before: Handling, row: Decision) -> Handling:
    does, amount = {row.action, *row.also}, float(row.amount or 0.0)
    if Action.SET_SKILL in does:
        return Handling(before.weight, amount)
    if Action.LOWER_WEIGHT in does:
        return Handling(min(before.weight, amount), before.accuracy)
    return before


def handled(project_id: int, annotator_ids: Ints | Iterable[int], confusion: Floats) -> Floats:
    """[a, k, l] with every decision about these people applied; the same array where there is none."""
    known = handling(project_id)
    if not known:
        return confusion
    used = confusion.copy()
    for a, who in enumerate(np.asarray(annotator_ids).tolist()):
        used[a] = known.get(who, AS_LEARNED).applied(confusion[a])
    return used
