"""Labelling functions of a project: made, applied to items, weighed against people's labels.

Applying is a job: items are read in order of id, some thousand a block, and each function goes on where
it stopped, so new items are voted on by whatever runs next. A function that fails or is too slow is
switched off and says why; the others go on.
"""

from typing import Any

import numpy as np
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services import audit
from jobs.running import Run
from labeling.errors import Conflict, Refused
from labeling.models import Item, ItemStatus, Project
from learning import kinds
from learning.blocks import Floats, Ints, pack_ids
from learning.functions import weighing
from learning.functions.kinds import FunctionBroken, Votes, check, votes
from learning.functions.weighing import ABSTAINS, Row
from learning.models import FunctionBlock, LabelingFunction
from learning.queries.functions import VOTES, Cast, active_functions, last_voted, votes_cast
from learning.services.asking import ask
from quality.queries import gold_labels, training_labels
from quality.queries.labels import label_values_of
from quality.queries.votes import n_labels_of

AT_ONCE = 4096


def add_function(
    project: Project, name: str, kind: str, parameters: dict[str, Any], *, actor: User | None
) -> LabelingFunction:
    """A new function, whose votes a job collects. Raises Refused or Conflict."""
    _check_name(name)
    check(kind, parameters, list(label_values_of(project.pk).values()))
    try:
        with transaction.atomic():
            made = LabelingFunction.objects.create(
                project=project, name=name, kind=kind, parameters=parameters
            )
            audit(project.organization, actor, "function.added", project.public_id, name=name)
            ask(kinds.FUNCTIONS, project)
    except IntegrityError:
        raise Conflict(f"There is a function {name!r} already.") from None
    return made


def _check_name(name: str) -> None:
    """The name is a part of the function's address: a slash would end it, dots climb out of it."""
    if "/" in name or not name.strip(". "):
        raise Refused("must hold no slash, and more than dots", field="name")


@transaction.atomic
def switch(function: LabelingFunction, *, active: bool, actor: User | None) -> LabelingFunction:
    """Hear it or not. Its votes stay; switched on again, it goes on where it stopped."""
    function.active, function.problem = active, ""
    function.save(update_fields=["active", "problem"])
    project, did = function.project, "on" if active else "off"
    audit(project.organization, actor, f"function.{did}", project.public_id, name=function.name)
    ask(kinds.FUNCTIONS, project)
    return function


def apply_functions(run: Run) -> dict[str, Any]:
    """The handler: votes about items that each function has not seen, then weigh them all."""
    project = Project.objects.get(pk=int(run.arguments["project_id"]))
    codes = {value: code for code, value in label_values_of(project.pk).items()}
    seen = sum(_apply(function, codes, run) for function in active_functions(project.pk))
    with run.fenced():
        weigh(project.pk)
    return {"items": seen, "functions": active_functions(project.pk).count()}


def _apply(function: LabelingFunction, codes: dict[str, int], run: Run) -> int:
    seen = 0
    while items := _unseen(function):
        try:
            said = votes(function.kind, function.parameters, [payload for _, payload in items])
        except FunctionBroken as broken:
            with run.fenced():
                LabelingFunction.objects.filter(pk=function.pk).update(
                    active=False, problem=str(broken)
                )
            return seen
        with run.fenced():
            _store(function, [pk for pk, _ in items], said, codes)
        seen += len(items)
        run.progress(seen, message=f"{function.name}: {seen} items")
    return seen


def _unseen(function: LabelingFunction) -> list[tuple[int, dict[str, Any]]]:
    items = Item.objects.filter(project_id=function.project_id, pk__gt=last_voted(function))
    rows = items.exclude(status=ItemStatus.STAGED).order_by("pk").values_list("pk", "payload")
    return list(rows[:AT_ONCE])


def _store(
    function: LabelingFunction, item_ids: list[int], said: Votes, codes: dict[str, int]
) -> None:
    """A word that is no label is an abstention."""
    cast = np.array([codes.get(label or "", ABSTAINS) for label in said], dtype=VOTES)
    FunctionBlock.objects.get_or_create(
        function=function,
        first_item=item_ids[0],
        defaults={
            "last_item": item_ids[-1],
            "item_ids": pack_ids(np.array(item_ids, dtype=np.int64)),
            "votes": cast.tobytes(),
        },
    )


def weigh(project_id: int) -> None:
    """Count each function's confusion against gold and people's labels."""
    cast, n_labels = votes_cast(project_id), n_labels_of(project_id)
    rows, belief = known_labels(project_id, cast.item_ids, n_labels)
    if not cast.functions or not n_labels:
        return
    found = weighing.confusion(cast.votes[rows], belief).round(6).tolist()
    for function, matrix in zip(cast.functions, found, strict=True):
        function.confusion = matrix
    LabelingFunction.objects.bulk_update(cast.functions, ["confusion"])


def function_table(project_id: int) -> list[tuple[LabelingFunction, Row | None]]:
    """Every function with its row; None for one that is switched off."""
    cast = votes_cast(project_id)
    rows = _rows(project_id, cast)
    found = {function.pk: row for function, row in zip(cast.functions, rows, strict=True)}
    every = LabelingFunction.objects.filter(project_id=project_id)
    return [(function, found.get(function.pk)) for function in every]


def _rows(project_id: int, cast: Cast) -> list[Row]:
    known, belief = known_labels(project_id, cast.item_ids, n_labels_of(project_id))
    return weighing.table(cast.votes, known, belief)


def known_labels(project_id: int, item_ids: Ints, n_labels: int) -> tuple[Ints, Floats]:
    """Rows of ``item_ids`` whose label people have settled or gold knows, and the belief [j, k]."""
    settled, gold = training_labels(project_id), gold_labels(project_id)
    ids = np.concatenate([settled.item_ids, gold.item_ids])
    sure = np.eye(n_labels)[gold.label_code] if n_labels else np.empty((0, 0))
    belief = np.concatenate([settled.posterior.reshape(-1, n_labels), sure])
    ids, first = np.unique(ids, return_index=True)
    there = np.isin(ids, item_ids)
    return np.searchsorted(item_ids, ids[there]), belief[first[there]]
