"""Train what a project needs: the recipe that its plan means, on labels, sets or numbers."""

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from learning.allowed import NotAllowed
from learning.estimators import training
from learning.estimators.examples import Examples
from learning.estimators.numbers import train_numbers
from learning.estimators.registry import UnknownEstimator
from learning.estimators.training import BadModel, Trained
from learning.models import Plan
from learning.recipes import is_address, is_foreign, recipe_for
from learning.says import Says, estimator_in, said_in
from learning.services.examples import Lessons, some_of
from learning.services.training_apart import train_apart

OF_LABELS_ONLY = "sets of labels are learned by our own estimators only, not by {}"


def train_for(plan: Plan, taught: Lessons, rng: np.random.Generator) -> tuple[Lessons, Trained]:
    """What was taught in the end, and the model. Raises OneClassOnly or BadModel."""
    name, says = estimator_in(plan.project, plan.estimator), said_in(plan.project)
    try:
        if says is Says.NUMBER:
            with threadpool_limits(limits=1):
                return taught, train_numbers(name, taught.examples, rng)
        recipe = recipe_for(name, plan.project_id)
    except (UnknownEstimator, NotAllowed) as error:
        raise BadModel(str(error)) from None
    taught = some_of(taught, recipe.largest, rng)
    if says is Says.LABELS:
        return taught, _train_sets(name, plan.project_id, taught.examples, rng)
    if is_foreign(name):
        return taught, train_apart(
            plan.project_id, recipe, taught.examples, int(rng.integers(2**31))
        )
    with threadpool_limits(limits=1):  # jobs share the machine: more threads only wait
        return taught, training.train(recipe, taught.examples, rng)


def _train_sets(
    name: str, project_id: int, examples: Examples, rng: np.random.Generator
) -> Trained:
    from learning.estimators.sets import train_sets  # imports scikit-learn

    if is_foreign(name) or is_address(name):
        raise BadModel(OF_LABELS_ONLY.format(name)[:300])
    with threadpool_limits(limits=1):
        return train_sets(recipe_for(name, project_id), examples, rng)
