"""The recipe behind an estimator's name: ours, a scikit-learn classifier by dotted path, or an address.

A dotted path must be on the administrator's list. Its class is made without arguments and must take
``fit`` and ``predict_proba``. A stored model of it may hold that class and what skops trusts by itself.
An address is that of a model on another machine (``learning.external``).
"""

from typing import Any

from learning import allowed
from learning.estimators import foreign, registry
from learning.estimators.registry import Recipe
from outgoing import places

ADDRESSES = ("https://", "http://")


def recipe_for(name: str, project_id: int) -> Recipe:
    """Raises UnknownEstimator or NotAllowed."""
    if is_address(name):
        return _external(name, project_id)
    return _by_path(name) if "." in name else registry.get(name)


def is_address(name: str) -> bool:
    return name.startswith(ADDRESSES)


def is_foreign(name: str) -> bool:
    """Somebody else's class: nobody knows how long its training takes."""
    return "." in name and not is_address(name)


def _external(url: str, project_id: int) -> Recipe:
    from learning.external import ExternalClassifier

    try:
        places.split(url)
    except places.NotAllowed as error:
        raise allowed.NotAllowed(str(error)) from None

    def make(_seed: int) -> Any:
        return ExternalClassifier(url, project_id)

    return Recipe(url, {foreign.AS_IT_IS: make}, trusted=("learning.external.ExternalClassifier",))


def _by_path(name: str) -> Recipe:
    kind = allowed.resolve(name)
    if not (isinstance(kind, type) and hasattr(kind, "fit") and hasattr(kind, "predict_proba")):
        raise allowed.NotAllowed(f"{name} is no classifier with fit and predict_proba")

    return foreign.recipe_of(name, kind)


def require_estimator(name: Any) -> bool:
    """Whether a project may use it."""
    try:
        recipe_for(name, 0)
    except (registry.UnknownEstimator, allowed.NotAllowed, AttributeError, TypeError):
        return False
    return True
