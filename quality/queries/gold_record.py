"""Every scored answer to gold in the order of arrival: what exposure, leaks and suspects are read from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quality.inference.answers import Bools, Floats, Ints
from quality.models import GoldResult

PRIOR_RIGHT, PRIOR_ANSWERS = 4.0, 5.0  # people are taken for right with .8 until they show


@dataclass(frozen=True, eq=False)
class GoldLog:
    """[answer]: ids of item and annotator, said and known code (-1 without codes), right; by arrival."""

    item_id: Ints
    annotator_id: Ints
    said: Ints
    known: Ints
    right: Bools

    @property
    def nth(self) -> Ints:
        """[answer]: how many people had answered the same item before."""
        order = np.argsort(self.item_id, kind="stable")
        grouped = self.item_id[order]
        nth = np.empty(order.size, dtype=np.int64)
        nth[order] = np.arange(order.size) - np.searchsorted(grouped, grouped)
        return nth

    def accuracy_elsewhere(self) -> Floats:
        """[answer]: how often the same person is right on other gold, steadied by a prior."""
        people, who = np.unique(self.annotator_id, return_inverse=True)
        right = np.bincount(who, self.right.astype(np.float64), minlength=people.size)
        answers = np.bincount(who, minlength=people.size)
        others = right[who] - self.right + PRIOR_RIGHT
        elsewhere: Floats = others / (answers[who] - 1 + PRIOR_ANSWERS)
        return elsewhere


def gold_log(project_id: int) -> GoldLog:
    """Answers that stand, to gold in use."""
    rows = GoldResult.objects.filter(
        project_id=project_id,
        answer__set_aside__isnull=True,
        answer__item__gold_answer__retired_at__isnull=True,
    ).order_by("answer_id")
    columns = ("answer__item_id", "annotator_id", "answer__label_code")
    values = rows.values_list(*columns, "answer__item__gold_answer__label_code", "right")
    plain = [[-1 if value is None else int(value) for value in row] for row in values]
    table: NDArray[np.int64] = np.array(plain, dtype=np.int64).reshape(-1, 5)
    return GoldLog(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4] == 1)
