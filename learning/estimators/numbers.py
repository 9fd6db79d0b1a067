"""Numbers: a committee of regressions, so that where its members differ is where to ask (Burbidge, Rowland
and King, 2007). Its mean is what it predicts.

``ridge``: bootstrap samples, each with its own penalty by leave-one-out; ``forest``: its trees.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from learning.estimators import training
from learning.estimators.examples import Examples
from learning.estimators.registry import UnknownEstimator
from learning.estimators.training import BadModel, Floats, Trained

MEMBERS = 10
PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)
TREE = "sklearn.tree._tree.Tree"


def _ridge(seed: int) -> Any:
    from sklearn.ensemble import BaggingRegressor
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    member = make_pipeline(StandardScaler(), RidgeCV(PENALTIES))
    return BaggingRegressor(member, n_estimators=MEMBERS, random_state=seed)


def _forest(seed: int) -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(50, max_depth=14, min_samples_leaf=2, random_state=seed)


RECIPES: dict[str, tuple[Callable[[int], Any], tuple[str, ...]]] = {
    "ridge": (_ridge, ()),
    "forest": (_forest, (TREE,)),
}


def trusted(name: str) -> tuple[str, ...]:
    return RECIPES[name][1] if name in RECIPES else ()


def train_numbers(name: str, examples: Examples, rng: Generator) -> Trained:
    """``examples.posterior[i, 0]`` is the number of item i. Raises UnknownEstimator or BadModel."""
    if name not in RECIPES:
        raise UnknownEstimator(f"numbers are learned by {' or '.join(RECIPES)}, not by {name!r}")
    make, seed = RECIPES[name][0], int(rng.integers(2**31))
    value = examples.posterior[:, 0]
    fold = training.folds(np.zeros(len(value), dtype=np.int64), rng)
    whole = _fitted(make(seed), examples)
    held_out = np.empty((len(value), len(whole.estimators_)))
    for number in np.unique(fold):
        outside, inside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        part = _fitted(make(seed), examples.take(outside))
        held_out[inside] = predicted(part, examples.features[inside])
    return Trained(
        classifier=whole,
        n_labels=held_out.shape[1],
        temperature=1.0,
        setting=name,
        held_out=held_out,
        held_out_loss=float(
            np.average((held_out.mean(axis=1) - value) ** 2, weights=examples.weight)
        ),
    )


def predicted(committee: Any, features: Floats) -> Floats:
    """What each member says: [i, m]. Raises BadModel."""
    wide = np.asarray(features, dtype=np.float32)
    said = np.stack([member.predict(wide) for member in committee.estimators_], axis=1)
    if not np.isfinite(said).all():
        raise BadModel("the model predicts numbers that are not finite")
    return said


def _fitted(model: Any, examples: Examples) -> Any:
    """Raises BadModel."""
    if len(examples) < 2:
        raise BadModel("two numbers are needed at least")
    wide = np.asarray(examples.features, dtype=np.float32)
    try:
        return model.fit(wide, examples.posterior[:, 0], sample_weight=examples.weight)
    except ValueError as error:
        raise BadModel(f"the estimator failed: {error}"[:200]) from error
