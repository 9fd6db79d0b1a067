"""The recipe behind an estimator's name: ours, or a scikit-learn classifier by dotted path.

A dotted path must be on the administrator's list. Its class is made without arguments and must take
``fit`` and ``predict_proba``. A stored model of it may hold that class and what skops trusts by itself.
"""

from typing import Any

from learning import allowed
from learning.estimators import registry
from learning.estimators.registry import Recipe

AS_IT_IS = "as it is"


def recipe_for(name: str) -> Recipe:
    """Raises UnknownEstimator or NotAllowed."""
    if "." not in name:
        return registry.get(name)
    kind = allowed.resolve(name)
    if not (isinstance(kind, type) and hasattr(kind, "fit") and hasattr(kind, "predict_proba")):
        raise allowed.NotAllowed(f"{name} is no classifier with fit and predict_proba")

    def make(seed: int) -> Any:
        made = kind()
        seeded = hasattr(made, "get_params") and "random_state" in made.get_params()
        return made.set_params(random_state=seed) if seeded else made

    return Recipe(name, {AS_IT_IS: make}, trusted=(f"{kind.__module__}.{kind.__qualname__}",))


def require_estimator(name: Any) -> bool:
    """Whether a project may use it."""
    try:
        recipe_for(name)
    except (registry.UnknownEstimator, allowed.NotAllowed, TypeError):
        return False
    return True
