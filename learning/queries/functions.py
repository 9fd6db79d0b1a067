"""Votes of labelling functions as arrays."""

from dataclasses import dataclass

import numpy as np
from django.db.models import Max, QuerySet

from learning.blocks import Floats, Ints, unpack_ids
from learning.functions.weighing import ABSTAINS
from learning.models import FunctionBlock, LabelingFunction

VOTES = np.dtype("<i2")


@dataclass(frozen=True, eq=False)
class Cast:
    """``votes[i, f]`` of some functions about ``item_ids[i]``, ascending."""

    functions: list[LabelingFunction]
    item_ids: Ints
    votes: Ints


def active_functions(project_id: int) -> QuerySet[LabelingFunction]:
    """Those whose votes are heard."""
    return LabelingFunction.objects.filter(project_id=project_id, active=True).order_by("pk")


def last_voted(function: LabelingFunction) -> int:
    """The id of the last item that the function has seen; 0 before the first."""
    blocks = FunctionBlock.objects.filter(function=function)
    return int(blocks.aggregate(last=Max("last_item"))["last"] or 0)


def votes_cast(project_id: int, item_ids: Ints | None = None) -> Cast:
    """All votes of the active functions, or those about some items (ascending; the others abstain)."""
    functions = list(active_functions(project_id))
    columns = [_of_function(function, item_ids) for function in functions]
    if item_ids is None:
        seen = [ids for ids, _ in columns] or [np.empty(0, dtype=np.int64)]
        item_ids = np.unique(np.concatenate(seen))
    votes = np.full((len(item_ids), len(functions)), ABSTAINS, dtype=np.int64)
    for f, (ids, codes) in enumerate(columns):
        votes[np.searchsorted(item_ids, ids), f] = codes
    return Cast(functions, item_ids, votes)


def _of_function(function: LabelingFunction, wanted: Ints | None) -> tuple[Ints, Ints]:
    blocks = FunctionBlock.objects.filter(function=function).order_by("first_item")
    if wanted is not None and len(wanted):
        blocks = blocks.filter(first_item__lte=wanted[-1], last_item__gte=wanted[0])
    nothing: Ints = np.empty(0, dtype=np.int64)
    ids, codes = [nothing], [nothing]
    for item_ids, votes in blocks.values_list("item_ids", "votes"):
        mine = unpack_ids(item_ids)
        kept = np.ones(len(mine), dtype=bool) if wanted is None else np.isin(mine, wanted)
        ids.append(mine[kept])
        codes.append(np.frombuffer(votes, VOTES)[kept].astype(np.int64))
    return np.concatenate(ids), np.concatenate(codes)


def matrices(functions: list[LabelingFunction], n_labels: int) -> tuple[list[int], Floats]:
    """Columns of the functions that have been weighed, and their confusion [f, k, l]."""
    weighed = [
        n for n, one in enumerate(functions) if one.confusion and len(one.confusion) == n_labels
    ]
    known = [functions[n].confusion for n in weighed]
    return weighed, np.array(known, dtype=np.float64).reshape(-1, n_labels, n_labels)
