"""Items that could be asked about once more, and what is believed about those never asked."""

from dataclasses import dataclass

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet

from labeling.models import Assignment, AssignmentState, Item, ItemRole, ItemStatus
from quality.inference.answers import Floats, Ints
from quality.inference.settling.parameters import priors
from quality.models import Consensus, ConsensusState
from quality.queries.fits import parameters_of


@dataclass(frozen=True, eq=False)
class Waiting:
    """Answered work items in doubt without a seat: belief in the best label, answers used; [i] by id."""

    item_ids: Ints
    certainty: Floats
    answers: Ints


def waiting(project_id: int) -> Waiting:
    """All of them; items with an answer under way are not among them."""
    rows = list(_waiting(project_id).values_list("item_id", "confidence", "answers_used"))
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return Waiting(table[:, 0].astype(np.int64), table[:, 1], table[:, 2].astype(np.int64))


def count_waiting(project_id: int) -> int:
    return _waiting(project_id).count()


def count_answered(project_id: int) -> int:
    """Work items about which somebody's vote counts."""
    return Consensus.objects.filter(project_id=project_id, item__role=ItemRole.WORK).count()


def _waiting(project_id: int) -> QuerySet[Consensus]:
    """Starts from the index ``consensus_by_state``."""
    under_way = Assignment.objects.filter(
        Q(state=AssignmentState.LEASED) | Q(unused=True), item=OuterRef("item")
    )
    idle = Item.objects.filter(
        pk=OuterRef("item"), role=ItemRole.WORK, status=ItemStatus.OPEN, has_seat=False
    )
    in_doubt = Consensus.objects.filter(project_id=project_id, state=ConsensusState.OPEN)
    return in_doubt.filter(Exists(idle), ~Exists(under_way)).order_by("item_id")


def certainty_before_answers(project_id: int, probabilities: Floats | None, n_items: int) -> Floats:
    """[i]: belief in the best label of items without answers, from the model [i, k] and the shares.

    Without a closed set of labels nothing is believed beforehand: zeros.
    """
    parameters = parameters_of(project_id)
    if not parameters.n_labels:
        return np.zeros(n_items)
    if probabilities is not None and probabilities.shape[1] != parameters.n_labels:
        probabilities = None
    best: Floats = priors(parameters, probabilities, n_items).max(axis=1)
    return best
