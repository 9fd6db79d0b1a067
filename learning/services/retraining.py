"""Train, judge, and publish the next model of a project.

Written in steps, each fenced: the unpublished model, its predictions block by block, then the moment
of publishing, under the plan's lock. Until then everybody goes on with the model there was. An attempt
that died leaves an unpublished model behind, which the next one removes. A run that another overtook
(a model from more labels was published meanwhile) gives way.
"""

import platform
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import numpy as np
import scipy
import sklearn
import skops
from django.utils import timezone

from jobs.running import Run
from learning import queries
from learning.estimators.examples import OneClassOnly
from learning.estimators.training import BadModel, Trained
from learning.events import model_published
from learning.models import FeatureSpace, ModelVersion, Plan
from learning.says import Says, estimator_in, said_by, said_in
from learning.sealing import ForeignTypes, seal
from learning.services import baseline, comparing, scoring
from learning.services.examples import Lessons, lessons
from learning.services.plans import plan_for
from learning.services.predicting import (
    ModelGone,
    Predictor,
    blocks_without_predictions,
    keep_held_out,
    predict_blocks,
    require_model,
)
from learning.services.training_for import train_for
from learning.services.values import judged_values, settled_values

PUBLISHED, KEPT_OUT, OVERTAKEN = "published", "kept out", "overtaken"
ONE_LABEL = "all labels so far are the same; a model needs at least two kinds"
NO_MODEL = "no model learns answers of this kind; items come in random order"
NO_FEATURES = "none of the labeled items has features"
NO_WORSE = "it is worse than the model in use, beyond luck"
LIBRARIES = {
    "python": platform.python_version(),
    "assay": metadata.version("assay"),
    **{module.__name__: module.__version__ for module in (np, scipy, sklearn, skops)},
}


@dataclass(frozen=True)
class Draft:
    """A model under way: its unpublished row, and what it was taught."""

    model: ModelVersion
    lessons: Lessons
    trained: Trained
    replaces: ModelVersion | None


def retrain(run: Run) -> dict[str, Any]:
    """The handler: what came of it, with a reason where there is no new model."""
    project_id = int(run.arguments["project_id"])
    said = _retrain(project_id, run)
    with run.fenced():
        queries.plan_rows(project_id).update(trained_at=timezone.now())
    return said


def _retrain(project_id: int, run: Run) -> dict[str, Any]:
    plan, space = plan_for(project_id), queries.space_of(project_id)
    if space is None:
        return {"outcome": KEPT_OUT, "because": NO_FEATURES}
    if said_in(plan.project) is Says.NOTHING:
        return _note(plan, int(run.arguments.get("labels", 0)), NO_MODEL, run)
    taught = lessons(space)
    if not len(taught.item_ids):
        return _note(plan, taught.labels, NO_FEATURES, run)
    try:
        draft = _train(plan, space, taught, run)
        predict_blocks(draft.model, predictor_of(draft), space, run)
        said = _publish(draft, space, run)
        baseline.measure(plan, space, taught, run)
        return said
    except OneClassOnly:
        return _note(plan, taught.labels, ONE_LABEL, run)
    except ModelGone as gone:
        return {"outcome": OVERTAKEN, "because": str(gone)}
    except BadModel as bad:
        return _note(plan, taught.labels, str(bad), run)


def predictor_of(draft: Draft) -> Predictor:
    return Predictor(
        classifier=draft.trained.classifier,
        n_labels=draft.trained.n_labels,
        temperature=draft.trained.temperature,
        taught=draft.lessons.item_ids,
        held_out=draft.trained.held_out,
        says=said_by(draft.model),
    )


def _train(plan: Plan, space: FeatureSpace, taught: Lessons, run: Run) -> Draft:
    """Fit outside any transaction, then write the unpublished row."""
    run.progress(0, message=f"training on {len(taught.item_ids)} labels")
    with run.fenced():
        queries.unfinished_models(plan.project_id).delete()
    number = queries.next_model_number(plan.project_id)
    rng = np.random.default_rng([plan.project_id, number])
    taught, trained = train_for(plan, taught, rng)
    with run.fenced():
        model = ModelVersion(
            project_id=plan.project_id,
            number=number,
            estimator=estimator_in(plan.project, plan.estimator),
            parameters=_parameters(plan, space, trained),
            labels_seen=taught.labels,
            libraries=LIBRARIES,
        )
        try:
            seal(model, trained.classifier)
        except ForeignTypes as foreign:
            raise BadModel(str(foreign)) from None
        model.save(force_insert=True)
        keep_held_out(model, taught.item_ids, trained.held_out)
    return Draft(model, taught, trained, queries.current_model(plan.project_id))


def _parameters(plan: Plan, space: FeatureSpace, trained: Trained) -> dict[str, Any]:
    return {
        "says": said_in(plan.project),
        "space": space.version,
        "setting": trained.setting,
        "temperature": trained.temperature,
        "n_labels": trained.n_labels,
    }


def _publish(draft: Draft, space: FeatureSpace, run: Run) -> dict[str, Any]:
    """Blocks that came meanwhile are predicted first; under the lock none can be missing."""
    figures = _figures(draft)
    while True:
        with run.fenced():
            plan = queries.locked_plan(draft.model.project_id)
            require_model(draft.model)
            if not blocks_without_predictions(draft.model, space):
                return _decide(draft, plan, figures)
        predict_blocks(draft.model, predictor_of(draft), space, run)


def _decide(draft: Draft, plan: Plan, figures: dict[str, Any]) -> dict[str, Any]:
    model, current = draft.model, queries.current_model(plan.project_id)
    overtaken = current is not None and current.labels_seen > model.labels_seen
    if overtaken and current != draft.replaces:
        return _end(draft, figures, OVERTAKEN, "a model from more labels was published meanwhile")
    plan.labels_at_last_model = max(plan.labels_at_last_model, model.labels_seen)
    plan.problem = ""
    plan.save(update_fields=["labels_at_last_model", "problem"])
    if current is not None and scoring.is_worse(*_on_same_items(draft, current)):
        return _end(draft, figures, KEPT_OUT, NO_WORSE)
    ModelVersion.objects.filter(project_id=plan.project_id, current=True).update(current=False)
    ModelVersion.objects.filter(pk=model.pk).update(current=True)
    _record(model, figures)
    if said_by(model) is Says.LABEL:
        comparing.record_stability(model, current)
    scoring.record_label_accuracy(plan.project_id, labels=model.labels_seen)
    model_published.send(sender=None, project_id=plan.project_id, model_id=model.pk)
    return _end(draft, figures, PUBLISHED, "")


def _end(draft: Draft, figures: dict[str, Any], outcome: str, because: str) -> dict[str, Any]:
    said = {"outcome": outcome, "because": because}
    ModelVersion.objects.filter(pk=draft.model.pk).update(scores=figures | said)
    return {"model": draft.model.number, **said}


def _figures(draft: Draft) -> dict[str, Any]:
    figures = scoring.scores(scoring.on_gold(draft.model), _on_taught(draft.model, draft.lessons))
    figures |= scoring.audit_scores(draft.model)
    return {**figures, "held_out_log_loss": draft.trained.held_out_loss}


def _on_taught(model: ModelVersion, taught: Lessons) -> scoring.Reference:
    if said_by(model) is not Says.LABEL:
        return judged_values(model, settled_values(model.project_id))
    return scoring.judged(model.pk, taught.item_ids, taught.examples.labels)


def _on_same_items(
    draft: Draft, current: ModelVersion
) -> tuple[scoring.Reference, scoring.Reference]:
    """New and old model on gold; without enough gold on the taught items, both held out."""
    gold = scoring.on_gold(draft.model), scoring.on_gold(current)
    if len(gold[0].label) >= scoring.LEAST_GOLD:
        return gold
    return _on_taught(draft.model, draft.lessons), _on_taught(current, draft.lessons)


def _record(model: ModelVersion, figures: dict[str, Any]) -> None:
    named = (
        ("model_accuracy", "gold"),
        ("model_macro_f1", "macro_f1"),
        ("model_agreement", "agreement"),
    )
    for name, key in named:
        if key in figures:
            scoring.record(
                model.project_id, name, figures[key], model=model, labels=model.labels_seen
            )


def _note(plan: Plan, labels: int, because: str, run: Run) -> dict[str, Any]:
    """Nothing came of it; remember the labels seen, so that the same try is not repeated at once."""
    with run.fenced():
        Plan.objects.filter(pk=plan.pk).update(labels_at_last_model=labels, problem=because[:300])
    return {"outcome": KEPT_OUT, "because": because}
