"""A model on another machine, as an estimator: it is taught and asked over HTTP.

Its name in a plan is its address. Two calls, each a signed POST of JSON (``outgoing.calling``):

    {address}/train    {"features": [i, f], "labels": [i], "weights": [i]}    -> {"model": "its own name for it"}
    {address}/predict  {"model": "its name", "features": [i, f]}    -> {"probabilities": [i, k]}

``labels`` are codes, and the columns of ``probabilities`` are the codes that it was taught, ascending. A
training calls six times: five folds that judge the model, and one for all. So it is judged, calibrated and
given a voice like any other; it is never told what it is judged on.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from learning.services.calling import SECONDS, call

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]

ROWS = 1000  # of one call
NAME_LENGTH = 200


class Unusable(ValueError):
    """The answer does not fit the question; the message is for people."""


class ExternalClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """``model_`` is what the other machine calls what it has learned."""

    def __init__(self, url: str = "", project_id: int = 0) -> None:
        self.url = url
        self.project_id = project_id

    seconds = SECONDS  # that one call may take; no parameter: nothing of it is stored

    def fit(self, features: Floats, label: Ints, sample_weight: Floats | None = None) -> Self:
        weights = np.ones(len(label)) if sample_weight is None else sample_weight
        self.classes_ = np.unique(label)
        lesson = {"features": _rows(features), "labels": label.tolist(), "weights": _rows(weights)}
        self.model_ = _name(self._call("train", lesson))
        return self

    def predict_proba(self, features: Floats) -> Floats:
        """[i, k] over ``classes_``. Raises Unusable, or what a call raises."""
        starts = range(0, len(features), ROWS)
        return np.concatenate([self._said(features[at : at + ROWS]) for at in starts])

    def _said(self, features: Floats) -> Floats:
        asked = {"model": self.model_, "features": _rows(features)}
        answer = self._call("predict", asked)
        return _probabilities(answer, (len(features), len(self.classes_)))

    def _call(self, what: str, body: dict[str, Any]) -> Any:
        return call(self.project_id, self.url, what, body, seconds=self.seconds)


def _rows(numbers: Floats) -> list[Any]:
    rows: list[Any] = np.asarray(numbers, dtype=np.float64).round(6).tolist()
    return rows


def _name(answer: Any) -> str:
    name = answer.get("model") if isinstance(answer, dict) else None
    if not isinstance(name, str) or not 0 < len(name) <= NAME_LENGTH:
        raise Unusable('its answer to a training is not {"model": "a name"}')
    return name


def _probabilities(answer: Any, shape: tuple[int, int]) -> Floats:
    said = answer.get("probabilities") if isinstance(answer, dict) else None
    try:
        found = np.asarray(said, dtype=np.float64)
    except (TypeError, ValueError):
        raise Unusable("its probabilities are no table of numbers") from None
    if found.shape != shape:
        raise Unusable(f"its probabilities are {found.shape}, not {shape}")
    return found
