"""Have a model predict blocks. One block at a time in memory, one short transaction a block."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from jobs.running import Run
from learning import queries
from learning.blocks import Floats, Ints, pack, unpack, unpack_ids
from learning.estimators import training
from learning.models import FeatureBlock, FeatureSpace, ModelVersion, PredictionBlock
from learning.sealing import TamperedModel, unseal

WITHDRAWN = "withdrawn"
CHANGED_OUTSIDE = "it was changed outside Assay; it was not loaded and is not used any more"
OTHER_FEATURES = "the items have other features now"


class ModelGone(Exception):
    """The unpublished model was removed by a later run, which is ahead of us."""


@dataclass(frozen=True)
class Predictor:
    """A fitted classifier with what is needed to ask it; ``held_out`` replaces what it was taught."""

    classifier: Any
    n_labels: int
    temperature: float
    taught: Ints  # item ids, ascending
    held_out: Floats  # [i, k] of those

    def rows(self, item_ids: Ints, features: Floats) -> Floats:
        """Probabilities [i, k]: out-of-fold where the model was taught the item, plain elsewhere."""
        found = training.predict(
            self.classifier, features, n_labels=self.n_labels, temperature=self.temperature
        )
        place = np.searchsorted(self.taught, item_ids)
        known = place < len(self.taught)
        known[known] = self.taught[place[known]] == item_ids[known]
        found[known] = self.held_out[place[known]]
        return found


def predict_blocks(
    model: ModelVersion, predictor: Predictor, space: FeatureSpace, run: Run
) -> None:
    """Write the model's predictions for every block that has none yet."""
    missing = blocks_without_predictions(model, space)
    for done, block in enumerate(_loaded(missing)):
        run.progress(done, len(missing), "predicting")
        found = predictor.rows(unpack_ids(block.item_ids), matrix_of(block))
        with run.fenced():
            require_model(model)
            PredictionBlock.objects.get_or_create(
                model=model,
                block=block,
                defaults={"n_labels": predictor.n_labels, "probabilities": pack(found)},
            )
    run.progress(len(missing), len(missing), "predicted")


def require_model(model: ModelVersion) -> None:
    """Raises ModelGone when a later run has removed the model that we are still at work on."""
    if not ModelVersion.objects.filter(pk=model.pk).exists():
        raise ModelGone(f"model {model.number} was given up by a later run")


def catch_up(project_id: int, run: Run) -> None:
    """The current model's predictions for blocks that came after it; a model that is not ours goes."""
    model, space = queries.current_model(project_id), queries.space_of(project_id)
    if model is None or space is None:
        return
    if model.parameters.get("space") != space.version:
        with run.fenced():
            withdraw(model, OTHER_FEATURES)
        return
    if not blocks_without_predictions(model, space):
        return
    try:
        predictor = _stored_predictor(ModelVersion.objects.get(pk=model.pk))
    except TamperedModel:
        with run.fenced():
            withdraw(model, CHANGED_OUTSIDE)
        return
    predict_blocks(model, predictor, space, run)


def withdraw(model: ModelVersion, because: str) -> None:
    """Take a model out of use for good, saying why, and let the loop train another."""
    scores = {**model.scores, "outcome": WITHDRAWN, "because": because}
    ModelVersion.objects.filter(pk=model.pk).update(current=False, scores=scores)
    queries.plan_rows(model.project_id).update(labels_at_last_model=0)


def blocks_without_predictions(model: ModelVersion, space: FeatureSpace) -> list[int]:
    """Keys of the feature blocks that the model has not predicted, in order."""
    known = PredictionBlock.objects.filter(model=model).values("block_id")
    blocks = queries.blocks_of(space).exclude(pk__in=known)
    return list(blocks.values_list("pk", flat=True))


def matrix_of(block: FeatureBlock) -> Floats:
    return unpack(block.matrix, rows=block.rows, width=block.width, dtype=block.dtype)


@lru_cache(maxsize=8)
def _unsealed(model_id: int, _signature: str) -> Any:
    """Once a process; the signature says whether the row is still the same."""
    return unseal(ModelVersion.objects.get(pk=model_id))


def classifier_of(model: ModelVersion) -> Any:
    """The fitted classifier. Raises TamperedModel."""
    return _unsealed(model.pk, model.signature)


def _loaded(keys: list[int]) -> Iterator[FeatureBlock]:
    for key in keys:
        yield FeatureBlock.objects.get(pk=key)


def _stored_predictor(model: ModelVersion) -> Predictor:
    """From the row alone: good for blocks that came after training, where nothing was taught."""
    n_labels = int(model.parameters["n_labels"])
    return Predictor(
        classifier=unseal(model),
        n_labels=n_labels,
        temperature=float(model.parameters["temperature"]),
        taught=np.empty(0, dtype=np.int64),
        held_out=np.empty((0, n_labels)),
    )
