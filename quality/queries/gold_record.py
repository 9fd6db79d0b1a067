"""Every scored answer to gold in the order of arrival: what exposure, leaks and suspects are read from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models.functions import Coalesce

from quality.inference.answers import Bools, Floats, Ints
from quality.models import GoldAnswer, GoldResult, SetAside

ROWS_AT_ONCE = 20_000
PRIOR_RIGHT, PRIOR_ANSWERS = 4.0, 5.0  # people are taken for right with .8 until they show


@dataclass(frozen=True, eq=False)
class GoldLog:
    """[answer]: ids of item and annotator, said and known code (-1 without codes), right; by arrival."""

    item_id: Ints
    annotator_id: Ints
    said: Ints
    known: Ints
    right: Bools

    @cached_property
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
    """Answers that stand, to gold in use.

    What is set aside, and which gold is in use, is little: it is looked up here, not row by row by the database.
    """
    answer, item, who, said, right = _results(project_id).T
    aside = SetAside.objects.filter(answer__project_id=project_id)
    known = _codes_in_use(project_id)
    stands = ~np.isin(
        answer, np.fromiter(aside.values_list("answer_id", flat=True), dtype=np.int64)
    )
    stands &= np.isin(item, list(known))
    item = item[stands]
    gold, place = np.unique(item, return_inverse=True)
    codes = np.array([known[pk] for pk in gold.tolist()], dtype=np.int64)
    return GoldLog(item, who[stands], said[stands], codes[place], right[stands] == 1)


def _results(project_id: int) -> Ints:
    """[answer, (id, item, annotator, code said or -1, right)] in order of arrival."""
    rows = GoldResult.objects.filter(project_id=project_id).order_by()
    said = Coalesce("answer__label_code", -1)
    values = rows.values_list("answer_id", "answer__item_id", "annotator_id", said, "right")
    table: Ints = np.array(list(values.iterator(chunk_size=ROWS_AT_ONCE)), dtype=np.int64)
    table = table.reshape(-1, 5)
    return table[np.argsort(table[:, 0])]


def _codes_in_use(project_id: int) -> dict[int, int]:
    """By item of gold in use the known code, -1 without codes."""
    gold = GoldAnswer.objects.filter(item__project_id=project_id, retired_at__isnull=True)
    return dict(gold.values_list("item_id", Coalesce("label_code", -1)))
