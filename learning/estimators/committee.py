"""Members of a committee, one by one: what the query-by-committee strategies look at.

A committee is any classifier with ``estimators_`` (scikit-learn's bagging and voting). Its members may know
their labels by place instead of by name; ``classes_`` of the committee says which label each place is.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def is_committee(classifier: Any) -> bool:
    return hasattr(classifier, "estimators_") and hasattr(classifier, "classes_")


def members(classifier: Any, features: Floats, n_labels: int) -> Floats:
    """P(label) of every member: [i, m, k]; ``classifier`` is a committee."""
    wide = np.asarray(features, dtype=np.float32)
    beliefs = [_belief(classifier, one, wide, n_labels) for one in _ones(classifier)]
    return np.stack(beliefs, axis=1)


def _ones(classifier: Any) -> list[Any]:
    """Pipelines have lengths: a list of them must not become an array."""
    found = classifier.estimators_
    return list(found.ravel()) if isinstance(found, np.ndarray) else list(found)


def _belief(classifier: Any, member: Any, features: Floats, n_labels: int) -> Floats:
    probabilities = np.zeros((len(features), n_labels))
    places = np.asarray(member.classes_, dtype=np.int64)
    labels = np.asarray(classifier.classes_)[places]
    probabilities[:, labels.astype(np.int64)] = member.predict_proba(features)
    return probabilities
