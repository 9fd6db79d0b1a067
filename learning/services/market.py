"""What can be bought now, as the decision wants it: the pool, and answered items that wait for more.

Beliefs are the ones that quality has stored; about items that nobody was asked about, what the model
says, as far as it has earned a voice. Four numbers an item: a pool of millions fits into memory.
"""

from dataclasses import dataclass

import numpy as np

from labeling.models import Project
from learning import queries
from learning.blocks import Ints
from learning.decision import Floats, Market
from learning.models import ModelVersion
from learning.predictions import Predicted, all_predicted, predicted
from learning.says import Says, doubt_of, said_by, said_in
from quality.queries import certainty_before_answers, count_answered, waiting


@dataclass(frozen=True, eq=False)
class Offer:
    """``item_ids[i]`` of the market's rows: those of the pool first, then the answered ones."""

    item_ids: Ints
    market: Market


def offer_of(project: Project, model: ModelVersion | None) -> Offer:
    """Everything that a round may name."""
    pool, asked = queries.ids_of(queries.pool(project.pk)), waiting(project.pk)
    certainty, doubt = _of_pool(project, pool, model)
    n_items = len(pool) + len(asked.item_ids)
    market = Market(
        certainty=np.concatenate([certainty, asked.certainty]),
        answers=np.concatenate([np.zeros(len(pool), dtype=np.int64), asked.answers]),
        open=np.ones(n_items, dtype=bool),
        doubt=np.concatenate([doubt, _doubt_about(asked.item_ids, model)]),
        price=np.full(n_items, float(project.price_micros or 1)),
        elsewhere=count_answered(project.pk) - len(asked.item_ids),
    )
    return Offer(np.concatenate([pool, asked.item_ids]), market)


def _of_pool(project: Project, pool: Ints, model: ModelVersion | None) -> tuple[Floats, Floats]:
    """Certainty and doubt of items that nobody was asked about: [i] each."""
    certainty, doubt = _believed(project, None, len(pool)), np.zeros(len(pool))
    says = said_by(model) if model else Says.LABEL
    for said in all_predicted(model.pk) if model else ():
        rows, known = _rows(pool, said.item_ids)
        probabilities = said.probabilities[known].astype(np.float64)
        certainty[rows] = _believed(project, probabilities, len(rows))
        doubt[rows] = doubt_of(says, probabilities)
    return certainty, doubt


def _believed(project: Project, probabilities: Floats | None, n_items: int) -> Floats:
    """Before anybody answered, sets and numbers could be anything."""
    if said_in(project) is not Says.LABEL:
        return np.zeros(n_items)
    return certainty_before_answers(project.pk, probabilities, n_items)


def _doubt_about(item_ids: Ints, model: ModelVersion | None) -> Floats:
    doubt = np.zeros(len(item_ids))
    found: Predicted | None = predicted(model.pk, item_ids) if model else None
    if model is not None and found is not None:
        rows, known = _rows(item_ids, found.item_ids)
        doubt[rows] = doubt_of(said_by(model), found.probabilities[known])
    return doubt


def _rows(ascending: Ints, ids: Ints) -> tuple[Ints, Ints]:
    """Rows of ``ascending`` that hold some of ``ids``, and which of ``ids`` those are."""
    _, rows, known = np.intersect1d(ascending, ids, assume_unique=True, return_indices=True)
    return rows, known
