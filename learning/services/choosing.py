"""Which items the next round names, out of the pool and of those that wait for another answer.

The default is the priced decision (``learning.decision``): new items and further answers compete for
the same money. While there is no model, but features, the rounds cover the pool instead. A manager may
choose any other strategy, or a batch mixed of several with shares; a random part always comes first and
from the whole pool, so that it measures without bias.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.random import Generator

from labeling.models import Project
from learning import queries
from learning.blocks import Floats, Ints
from learning.decision import margin_of, next_questions
from learning.estimators.examples import Examples
from learning.estimators.what_if import WhatIf
from learning.models import FeatureSpace, ModelVersion, Plan
from learning.says import Says, said_in
from learning.services import interactive
from learning.services.copies import without_copies
from learning.services.examples import features_of, lessons
from learning.services.market import offer_of
from learning.services.plans import PRICED, RANDOM, plan_for, shares_of, strategy_named
from learning.services.pool_blocks import PREDICTED, blocks_for, vectors_of, without
from learning.strategies import registry
from learning.strategies.batch import Pick, query
from learning.strategies.context import Context, Retrain
from quality.queries import waiting

WITHOUT_COMMITTEE = "entropy"  # what a plan of query by committee asks a single model
COMMITTEES = ("committee", "mixed_committee")
ONCE_MORE = "expected_error_reduction"
LOOKS_AT_LABELS = ("class_balance", "core_set", "information_density", "ranked_batch", ONCE_MORE)
MOST_DOUBTED = {  # what a plan means that names a strategy for other answers
    Says.LABEL: "entropy",
    Says.LABELS: "multilabel_mean_doubt",
    Says.NUMBER: "committee_spread",
    Says.NOTHING: RANDOM,
}
Shares = dict[str, float]


@dataclass(frozen=True)
class Chosen:
    """A batch before it is opened, and by what it was chosen.

    ``again`` are the ids among the picks that were answered before. ``margin``: what the least valuable
    priced pick may repair; None where nothing was priced.
    """

    picks: list[Pick]
    strategy: str
    model: ModelVersion | None
    again: frozenset[int] = field(default_factory=frozenset)
    margin: float | None = None


def choose(project_id: int, wanted: int, number: int) -> Chosen:
    """The best batch the project can choose now: by value, by model, by features, else at random."""
    plan, space = plan_for(project_id), queries.space_of(project_id)
    model = queries.current_model(project_id)
    shares = _usable(shares_of(plan), plan, space, model)
    rng = np.random.default_rng([project_id, number])
    if plan.interactive_after and model is not None and space is not None:
        chosen = _interactive(project_id, wanted, (space, model), rng)
        if chosen.picks:
            return chosen
    if PRICED in shares:
        return _priced(project_id, shares, wanted, (space, model), rng)
    picks = _by_strategies(project_id, shares, wanted, (space, model), rng, [])
    asked = waiting(project_id).item_ids.tolist()  # nobody prices them: all are asked about
    picks += [Pick(item_id, "again") for item_id in asked]
    return Chosen(picks, _main(shares), model, frozenset(asked))


def _interactive(
    project_id: int, wanted: int, known: tuple[FeatureSpace, ModelVersion], rng: Generator
) -> Chosen:
    """The next questions of a model that has heard the last answers; and all that wait."""
    found = interactive.picks(*known, wanted, rng)
    asked = waiting(project_id).item_ids.tolist() if found else []
    found += [Pick(item_id, "again") for item_id in asked]
    return Chosen(found, interactive.NAME, known[1], frozenset(asked))


def _usable(
    shares: Shares, plan: Plan, space: FeatureSpace | None, model: ModelVersion | None
) -> Shares:
    """The same shares, each strategy replaced by one whose needs are met."""
    featured = space is not None and queries.blocks_of(space).exists()
    found: Shares = {}
    for name, share in shares.items():
        usable = _usable_strategy(name, plan, model, featured=featured)
        found[usable] = found.get(usable, 0.0) + share
    return found


def _usable_strategy(name: str, plan: Plan, model: ModelVersion | None, *, featured: bool) -> str:
    if name == RANDOM:
        return name
    if name == PRICED:
        covers = featured and model is None
        return strategy_named(plan.first_strategy) if covers else PRICED
    if not featured:
        return RANDOM
    strategy = strategy_named(name)
    needs = registry.get(strategy).needs
    if model is None and needs & PREDICTED:
        return strategy_named(plan.first_strategy)
    if needs & PREDICTED and says_for(strategy, needs) is not said_in(plan.project):
        return MOST_DOUBTED[said_in(plan.project)]
    alone = (
        model is None or model.estimator not in COMMITTEES
    )  # the plan may name the next one already
    return WITHOUT_COMMITTEE if "committee" in needs and alone else strategy


def says_for(strategy: str, needs: frozenset[str]) -> Says:
    """What kind of model a strategy looks at that looks at one."""
    if "numbers" in needs:
        return Says.NUMBER
    return Says.LABELS if strategy.startswith("multilabel_") else Says.LABEL


def _main(shares: Shares) -> str:
    """The name of the round: its largest part that is not random, if there is one."""
    named = {name: share for name, share in shares.items() if name != RANDOM}
    return max(named, key=lambda name: named[name]) if named else RANDOM


Known = tuple[FeatureSpace | None, ModelVersion | None]


def _priced(project_id: int, shares: Shares, wanted: int, known: Known, rng: Generator) -> Chosen:
    """The value part and the random part by the priced decision; what others want comes after them."""
    offer = offer_of(Project.objects.get(pk=project_id), known[1])
    rest = {name: share for name, share in shares.items() if name not in (PRICED, RANDOM)}
    priced = shares[PRICED] + shares.get(RANDOM, 0.0)
    n_priced = wanted - round(sum(rest.values()) * wanted)
    explored = shares.get(RANDOM, 0.0) / priced
    market = offer.market
    bought = next_questions(market, n_priced, rng, explored=explored)
    if known[0] is not None:
        bought = without_copies(market, bought, rng, partial(_vectors, known[0], offer.item_ids))
    names = np.where(bought.explored, RANDOM, PRICED).tolist()
    ids = offer.item_ids[bought.items].tolist()
    picks = [Pick(item_id, name) for item_id, name in zip(ids, names, strict=True)]
    if rest:
        picks = _by_strategies(project_id, rest, wanted - n_priced, known, rng, picks)
    return Chosen(
        picks=picks,
        strategy=_main(shares),
        model=known[1],
        again=frozenset(offer.item_ids[bought.items[market.answers[bought.items] > 0]].tolist()),
        margin=margin_of(market, bought, n_priced),
    )


def _vectors(space: FeatureSpace, item_ids: Ints, rows: Ints) -> tuple[Ints, Floats]:
    """Those of the market's rows that have a vector, in their order, and the vectors [i, f]."""
    ids, features = features_of(space, np.unique(item_ids[rows]))
    has = rows[np.isin(item_ids[rows], ids)]
    return has, features[np.searchsorted(ids, item_ids[has])]


def _by_strategies(
    project_id: int, shares: Shares, wanted: int, known: Known, rng: Generator, taken: list[Pick]
) -> list[Pick]:
    """What is ``taken`` and further picks from the pool, in one pass over its blocks.

    What has no features fills up at random.
    """
    space, model = known
    picks = list(taken)
    context = _context(space, shares, rng)
    if space is not None and set(shares) - {RANDOM}:
        blocks = blocks_for(space, shares, model, _ids(taken))
        picks += query(blocks, shares, wanted, context, partial(vectors_of, space))
    missing = wanted + len(taken) - len(picks)
    if missing > 0:  # no features, or fewer featured items than wanted: the rest at random
        picks += query(without(project_id, _ids(picks)), {RANDOM: 1.0}, missing, context)
    return picks


def _ids(picks: list[Pick]) -> Ints:
    return np.array([pick.item_id for pick in picks], dtype=np.int64)


def _context(space: FeatureSpace | None, names: Iterable[str], rng: Generator) -> Context:
    """What the strategies want to know of the labels so far; reading them is for those that look."""
    if space is None or not set(names) & set(LOOKS_AT_LABELS):
        return Context(rng)
    examples = lessons(space).examples
    counts = examples.posterior.sum(axis=0)
    return Context(rng, examples.features, counts, _once_more(examples, names, rng))


def _once_more(examples: Examples, names: Iterable[str], rng: Generator) -> Retrain | None:
    """What would be said if one item more had a label; the same as before where nothing has one."""
    if ONCE_MORE not in names:
        return None
    if not len(examples):
        return lambda candidates, _row, _label: candidates.require("probabilities")
    return WhatIf(examples, rng)
