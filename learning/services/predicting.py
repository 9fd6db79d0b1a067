"""Have a model predict blocks. One block at a time in memory, one short transaction a block.

A large pool is shared: whoever begins asks for a few jobs that predict blocks of the same model, in as many
processes as there are. Nobody waits for them: the one who began goes on until no block is missing.
"""

from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from jobs.running import Run
from labeling.models import Project
from learning import kinds, queries
from learning.blocks import Floats, Ints, pack, pack_ids, unpack, unpack_ids
from learning.estimators import numbers, training
from learning.estimators.training import BadModel
from learning.models import FeatureSpace, HeldOut, ModelVersion, PredictionBlock
from learning.queries.matrices import block_at, matrix_of
from learning.says import Says, said_by
from learning.sealing import TamperedModel, unseal
from learning.services.asking import ask

SHARED_FROM = 32  # blocks of about 4,096 items: some seconds of work
BLOCKS_AT_ONCE = 8  # before a look at what others have done
HELPERS = 3  # jobs that may take part, as far as there are processes for them
WHILE_WAITING = 10.0  # seconds for a model that is not ours, where a request waits for it
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
    says: Says = Says.LABEL

    def rows(self, item_ids: Ints, features: Floats) -> Floats:
        """What is said, [i, k]: out-of-fold where the model was taught the item, plain elsewhere."""
        found = self._plain(features)
        place = np.searchsorted(self.taught, item_ids)
        known = place < len(self.taught)
        known[known] = self.taught[place[known]] == item_ids[known]
        found[known] = self.held_out[place[known]]
        return found

    def _plain(self, features: Floats) -> Floats:
        if self.says is Says.NUMBER:
            return numbers.predicted(self.classifier, features)
        if self.says is Says.LABELS:
            likely: Floats = self.classifier.likely(features)
            return likely
        return training.predict(
            self.classifier, features, n_labels=self.n_labels, temperature=self.temperature
        )


def predict_blocks(
    model: ModelVersion, predictor: Predictor, space: FeatureSpace, run: Run
) -> None:
    """Write the model's predictions for every block that has none yet; other processes may help."""
    if len(blocks_without_predictions(model, space)) >= SHARED_FROM:
        with run.fenced():
            _ask_for_help(model)
    _predict(model, predictor, space, run)


def help_predict(run: Run) -> dict[str, Any]:
    """The handler of the jobs that help: blocks of a model that another job is at work on."""
    model = ModelVersion.objects.filter(pk=int(run.arguments["model"])).first()
    space = queries.space_of(model.project_id) if model else None
    if model is None or space is None or model.parameters.get("space") != space.version:
        return {"because": "the model was given up"}
    missing = blocks_without_predictions(model, space)
    try:
        return {"blocks": _predict(model, stored_predictor(model), space, run) if missing else 0}
    except (ModelGone, BadModel) as gone:
        return {"because": str(gone)}


def _ask_for_help(model: ModelVersion) -> None:
    project = Project.objects.get(pk=model.project_id)
    for number in range(HELPERS):
        ask(kinds.PREDICT, project, part=f"{model.pk}-{number}", model=model.pk)


def _predict(model: ModelVersion, predictor: Predictor, space: FeatureSpace, run: Run) -> int:
    """Predict blocks until none is missing; how many of them here.

    Everybody takes a few of those that are missing at random, so that helpers seldom meet; if they do, the
    first to write has written the same.
    """
    done, missing = 0, blocks_without_predictions(model, space)
    total, rng = len(missing), np.random.default_rng()
    with threadpool_limits(limits=1):  # jobs share the machine
        while missing:
            run.progress(max(0, total - len(missing)), total, "predicting")
            some = rng.permutation(missing)[:BLOCKS_AT_ONCE].tolist()
            done += sum(_predict_block(model, predictor, key, run) for key in some)
            missing = blocks_without_predictions(model, space)
    run.progress(total, total, "predicted")
    return done


def _predict_block(model: ModelVersion, predictor: Predictor, key: int, run: Run) -> bool:
    """False where somebody else has done it meanwhile."""
    if PredictionBlock.objects.filter(model=model, block_id=key).exists():
        return False
    block = block_at(key)
    found = predictor.rows(unpack_ids(block.item_ids), matrix_of(block))
    said = {"n_labels": predictor.n_labels, "probabilities": pack(found)}
    with run.fenced():
        require_model(model)
        PredictionBlock.objects.get_or_create(model=model, block=block, defaults=said)
    return True


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
        predictor = stored_predictor(ModelVersion.objects.get(pk=model.pk))
        predict_blocks(model, predictor, space, run)
    except TamperedModel:
        with run.fenced():
            withdraw(model, CHANGED_OUTSIDE)
    except BadModel as bad:  # a round is opened without what it cannot say
        if not queries.silence_of(
            project_id, model.estimator
        ):  # nonsense; the silent are tried again
            with run.fenced():
                withdraw(model, str(bad)[:250])


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


@lru_cache(maxsize=8)
def _unsealed(model_id: int, _signature: str) -> Any:
    """Once a process; the signature says whether the row is still the same."""
    return unseal(ModelVersion.objects.get(pk=model_id))


def classifier_of(model: ModelVersion) -> Any:
    """The fitted classifier. Raises TamperedModel."""
    return _unsealed(model.pk, model.signature)


def in_a_hurry(classifier: Any) -> Any:
    """The same, but one that is not ours has to answer while a person waits."""
    if not hasattr(classifier, "seconds"):
        return classifier
    hurried = copy(classifier)
    hurried.seconds = WHILE_WAITING
    return hurried


def keep_held_out(model: ModelVersion, taught: Ints, held_out: Floats) -> None:
    """What any process has to say about the taught items instead of the model's echo."""
    HeldOut.objects.create(model=model, item_ids=pack_ids(taught), probabilities=pack(held_out))


def stored_predictor(model: ModelVersion) -> Predictor:
    """From the rows alone. Raises TamperedModel."""
    n_labels = int(model.parameters["n_labels"])
    taught, held_out = _held_out(model, n_labels)
    return Predictor(
        classifier=unseal(model),
        n_labels=n_labels,
        temperature=float(model.parameters["temperature"]),
        taught=taught,
        held_out=held_out,
        says=said_by(model),
    )


def _held_out(model: ModelVersion, n_labels: int) -> tuple[Ints, Floats]:
    """Nothing where a model is older than these rows: all that it was taught is predicted long since."""
    kept = HeldOut.objects.filter(model=model).first()
    if kept is None:
        return np.empty(0, dtype=np.int64), np.empty((0, n_labels))
    taught = unpack_ids(kept.item_ids)
    return taught, unpack(kept.probabilities, rows=len(taught), width=n_labels)
