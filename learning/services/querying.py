"""Open the next round: choose items from the pool, block by block, and let people be asked about them.

The first rounds, while there is no model, cover the pool (diverse); later ones ask where the model is
least sure. A random share is always drawn from the whole pool: it measures without bias, and it is how
items without features get their turn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from jobs.running import Run
from labeling.models import Project, ProjectStatus
from labeling.services.opening import open_gold, open_items
from labeling.services.redundancy import seats_at_first
from learning import queries
from learning.blocks import Ints, unpack_ids
from learning.events import round_opened
from learning.models import FeatureSpace, ModelVersion, Plan, QueryRound
from learning.predictions import predicted
from learning.services.examples import lessons
from learning.services.plans import plan_for, strategy_named
from learning.services.predicting import catch_up, matrix_of
from learning.strategies import registry
from learning.strategies.batch import Pick, query
from learning.strategies.block import Block
from learning.strategies.context import Context

RANDOM = "random"
IDS_AT_ONCE = 4096
LOOKS_AT_LABELS = ("class_balance", "core_set", "information_density", "ranked_batch")


@dataclass(frozen=True)
class Chosen:
    """A batch before it is opened, and by what it was chosen."""

    picks: list[Pick]
    strategy: str
    model: ModelVersion | None


def open_round(run: Run) -> dict[str, Any]:
    """The handler: round ``number`` with at most ``wanted`` items, unless it is there already."""
    project_id, number = int(run.arguments["project_id"]), int(run.arguments["number"])
    catch_up(project_id, run)
    chosen = choose(project_id, int(run.arguments["wanted"]), number)
    with run.fenced():
        return _open(project_id, number, chosen)


def choose(project_id: int, wanted: int, number: int) -> Chosen:
    """The best batch the project can choose now: by model, else by features, else at random."""
    plan, space = plan_for(project_id), queries.space_of(project_id)
    model = queries.current_model(project_id)
    strategy = _usable_strategy(plan, space, model)
    context = _context(space, strategy, np.random.default_rng([project_id, number]))
    picks: list[Pick] = []
    if space is not None and strategy != RANDOM:
        shares = {strategy: 1 - plan.random_share, RANDOM: plan.random_share}
        picks = query(_blocks(space, strategy, model), shares, wanted, context)
    missing = wanted - len(picks)
    if missing > 0:  # no features, or fewer featured items than wanted: the rest at random
        rest = _without(project_id, picks)
        picks += query(rest, {RANDOM: 1.0}, missing, context)
    return Chosen(picks, strategy, model)


def _usable_strategy(plan: Plan, space: FeatureSpace | None, model: ModelVersion | None) -> str:
    """The plan's strategy, as far as what it reads is there."""
    if space is None or not queries.blocks_of(space).exists():
        return RANDOM
    strategy = strategy_named(plan.strategy)
    needs = registry.get(strategy).needs
    if model is None and "probabilities" in needs:
        return strategy_named(plan.first_strategy)
    return strategy


def _context(space: FeatureSpace | None, strategy: str, rng: Generator) -> Context:
    """What the strategy wants to know of the labels so far; reading them all is for those that look."""
    if space is None or strategy not in LOOKS_AT_LABELS:
        return Context(rng)
    examples = lessons(space).examples
    return Context(rng, examples.features, examples.posterior.sum(axis=0))


def _blocks(space: FeatureSpace, strategy: str, model: ModelVersion | None) -> Iterator[Block]:
    """The pool's items that have features, block by block, with what the strategy reads."""
    needs = registry.get(strategy).needs
    for key in list(queries.blocks_of(space).values_list("pk", flat=True)):
        if block := _block(space, key, model if "probabilities" in needs else None):
            yield block


def _block(space: FeatureSpace, key: int, model: ModelVersion | None) -> Block | None:
    stored = queries.blocks_of(space).get(pk=key)
    ids = unpack_ids(stored.item_ids)
    pool = queries.pool_ids(space.project_id, stored.first_item, stored.last_item)
    rows = np.flatnonzero(np.isin(ids, pool))
    if not len(rows):
        return None
    features = matrix_of(stored)[rows]
    if model is None:
        return Block(ids=ids[rows], features=features)
    found = predicted(model.pk, ids[rows])
    if found is None or len(found.item_ids) != len(rows):
        return None  # came after the model; the next round has its predictions
    return Block(ids=found.item_ids, features=features, probabilities=found.probabilities)


def _without(project_id: int, picks: list[Pick]) -> Iterator[Block]:
    """The whole pool but what is picked already, ids only."""
    taken = np.array([pick.item_id for pick in picks], dtype=np.int64)
    ids: Ints = np.setdiff1d(queries.ids_of(queries.pool(project_id)), taken)
    for start in range(0, len(ids), IDS_AT_ONCE):
        yield Block(ids=ids[start : start + IDS_AT_ONCE])


def _open(project_id: int, number: int, chosen: Chosen) -> dict[str, Any]:
    """Under the plan's lock, so that a round is opened once and only while the project runs."""
    queries.locked_plan(project_id)
    if QueryRound.objects.filter(project_id=project_id, number=number).exists():
        return {"round": number, "because": "it was opened before"}
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    if project.status not in (ProjectStatus.LIVE, ProjectStatus.PILOT):
        return {"because": f"the project is {project.status}"}
    if not chosen.picks:
        return {"because": "the pool is empty"}
    return _opened(project, number, chosen)


def _opened(project: Project, number: int, chosen: Chosen) -> dict[str, Any]:
    item_ids = [pick.item_id for pick in chosen.picks]
    opened = QueryRound.objects.create(
        project=project,
        number=number,
        strategy=chosen.strategy,
        model=chosen.model,
        item_ids=item_ids,
    )
    open_gold(project.pk)
    for seats, ids in seats_at_first(project, item_ids):
        open_items(project.pk, ids, seats)
    round_opened.send(sender=None, project_id=project.pk, round_id=opened.pk)
    return {"round": number, "items": len(item_ids), "strategy": chosen.strategy}
