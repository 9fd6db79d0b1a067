"""How much each answer should count, given what was found about people.

A weight of 0 to 1 for each answer, to be handed to truth inference:

* answers of people whose record calls for a pause or more count nothing, or, where it went wrong
  at one point, only those from that point on;
* answers of a group that copies are one vote an item, shared among the members who answered;
* where a lower weight is proposed for another reason, answers count half;
* who is wrong in a regular way keeps full weight: the confusion matrix knows.
"""

import numpy as np
from numpy.typing import NDArray

from quality.inference.grouped import count_by
from quality.inference.people.combine import Standing
from quality.inference.people.survey import AnswerLog, Survey

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

SET_ASIDE = frozenset({"pause", "hold_pay", "ban_possible"})
LOWER = 0.5


def answer_weights(log: AnswerLog, survey: Survey) -> Floats:
    """[answer]: what each should count for."""
    weight = np.ones(log.item.size)
    nth = position_of_person(log.annotator)
    for person, standing in enumerate(survey.standing):
        if standing.proposal in SET_ASIDE or _lowered(standing):
            from_start = (log.annotator == person) & (nth >= (standing.start or 0))
            weight[from_start] = 0.0 if standing.proposal in SET_ASIDE else LOWER
    for group in survey.groups:
        _share_votes(log, weight, np.array(group))
    return weight


def _lowered(standing: Standing) -> bool:
    kinds = {evidence.family for evidence in standing.raised}
    return standing.proposal == "lower_weight" and kinds != {"copying"}


def _share_votes(log: AnswerLog, weight: Floats, group: Codes) -> None:
    """One vote an item for the whole group, in place."""
    mine = np.flatnonzero(np.isin(log.annotator, group) & (weight > 0))
    weight[mine] /= count_by(log.item[mine], log.n_items)[log.item[mine]]


def position_of_person(annotator: Codes) -> Codes:
    """[answer]: how many answers the same person gave before."""
    order = np.argsort(annotator, kind="stable")
    grouped = annotator[order]
    nth = np.empty(annotator.size, dtype=np.int64)
    nth[order] = np.arange(annotator.size) - np.searchsorted(grouped, grouped)
    return nth
