"""The next question from a model that has heard the last answers: no retraining in between.

The model in use, if it can learn step by step (``sgd``), is copied and taught the labels that were settled
since it was trained; a few thousand items of the pool are looked at, and the least certain are named. All
of it follows from rows, so any process can do it, and nothing is stored: the next retraining learns the
same labels properly, cross-fitted and calibrated.
"""

from copy import deepcopy
from typing import Any

import numpy as np
from numpy.random import Generator

from learning import queries
from learning.blocks import Floats, Ints, unpack_ids
from learning.estimators.training import predict
from learning.models import FeatureSpace, ModelVersion
from learning.queries.matrices import block_at, vectors_in
from learning.recipes import is_foreign
from learning.says import Says, said_by
from learning.sealing import TamperedModel
from learning.services.examples import features_of
from learning.services.predicting import classifier_of
from learning.strategies.batch import Pick
from learning.strategies.block import Block
from learning.strategies.uncertainty import least_confidence
from quality.models import Consensus
from quality.queries import training_labels

LOOKED_AT = 8192  # items of the pool, from random blocks: some tenths of a second
PASSES = 5  # over the new labels
NAME = "interactive"


def picks(space: FeatureSpace, model: ModelVersion, wanted: int, rng: Generator) -> list[Pick]:
    """The least certain items of a part of the pool; none where the model cannot learn in steps."""
    classifier = updated(space, model)
    ids, features = some_of_pool(space, rng)
    if classifier is None or not len(ids):
        return []
    n_labels = int(model.parameters["n_labels"])
    temperature = float(model.parameters["temperature"])
    said = predict(classifier, features, n_labels=n_labels, temperature=temperature)
    order = np.argsort(-least_confidence(Block(ids=ids, probabilities=said)), kind="stable")
    return [Pick(int(item_id), NAME) for item_id in ids[order[:wanted]]]


def updated(space: FeatureSpace, model: ModelVersion) -> Any | None:
    """A copy of the model that knows the labels settled since it was trained; None if it cannot learn so."""
    if said_by(model) is not Says.LABEL or is_foreign(model.estimator):
        return None
    try:
        classifier = deepcopy(classifier_of(model))
    except TamperedModel:
        return None
    first, last = _parts(classifier)
    if not hasattr(last, "partial_fit"):
        return None
    features, label = _new_labels(space, model)
    known = np.isin(label, classifier.classes_)  # a label never seen needs a retraining
    if known.any():
        rows = first.transform(features[known]) if first is not None else features[known]
        for _ in range(PASSES):
            last.partial_fit(rows, label[known])
    return classifier


def _parts(classifier: Any) -> tuple[Any, Any]:
    """What prepares the features (None without), and what learns."""
    if hasattr(classifier, "steps"):
        return classifier[:-1], classifier[-1]
    return None, classifier


def _new_labels(space: FeatureSpace, model: ModelVersion) -> tuple[Floats, Ints]:
    fresh = Consensus.objects.filter(
        project_id=model.project_id, settled_at__gt=model.created_at
    ).values_list("item_id", flat=True)
    taught = training_labels(model.project_id)
    rows = np.flatnonzero(np.isin(taught.item_ids, np.fromiter(fresh, dtype=np.int64)))
    ids, features = features_of(space, taught.item_ids[rows])
    at = np.searchsorted(taught.item_ids, ids)
    return features, taught.posterior[at].argmax(axis=1).astype(np.int64)


def some_of_pool(space: FeatureSpace, rng: Generator) -> tuple[Ints, Floats]:
    """Pool items of random blocks until there are enough; [i] and [i, f]."""
    ids: list[Ints] = [np.empty(0, dtype=np.int64)]
    features: list[Floats] = []
    keys = list(queries.blocks_of(space).values_list("pk", flat=True))
    for key in rng.permutation(keys).tolist():
        block = block_at(key)
        mine = unpack_ids(block.item_ids)
        pool = queries.pool_ids(space.project_id, block.first_item, block.last_item)
        rows = np.flatnonzero(np.isin(mine, pool))
        ids.append(mine[rows])
        features.append(vectors_in(block, rows))
        if sum(len(part) for part in ids) >= LOOKED_AT:
            break
    return np.concatenate(ids), np.concatenate(features) if features else np.empty((0, 0))
