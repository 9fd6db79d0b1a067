"""Figures for people: the learning curve, the rounds, the models, and what the loop is doing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import Mod, RowNumber

from learning.models import Metric, ModelVersion, QueryRound
from learning.queries.items import space_of
from learning.queries.learned import current_model, models_of, plan_rows, rounds_opened

LONGEST_CURVE = 2000
LISTED = 200
DRAWN = 200  # points of one curve: more than a picture shows


@dataclass(frozen=True)
class CurvePoint:
    """A figure with its 95 % interval when ``answers`` were paid and ``labels`` items settled.

    ``name``: ``model_accuracy`` (on gold), ``model_agreement`` (held out, with the crowd's labels) or
    ``label_accuracy`` (expected, over all work items). ``model_macro_f1`` (on gold), ``random_baseline``
    (a model of the random share, on gold) and ``model_stability`` (kappa with the model before).
    """

    name: str
    labels: int
    answers: int
    value: float
    low: float | None
    high: float | None
    model: int | None
    spent_micros: int | None = None


@dataclass(frozen=True)
class RoundRow:
    """One query round, as it was opened."""

    number: int
    strategy: str
    model: int | None
    items: int
    opened_at: datetime


@dataclass(frozen=True)
class ModelRow:
    """One model. ``outcome``: published, kept out, overtaken or withdrawn, and why if not published."""

    number: int
    estimator: str
    setting: str
    labels_seen: int
    current: bool
    outcome: str
    because: str
    scores: dict[str, Any]
    trained_at: datetime


@dataclass(frozen=True)
class LearningState:
    """What the loop is doing, in one sentence, and where it stands."""

    sentence: str
    features: str | None
    model: int | None
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None
    rounds: int
    labels_at_last_model: int


def curve(project_id: int) -> list[CurvePoint]:
    """All measured points in the order of measuring; of very many the newest."""
    newest = Metric.objects.filter(project_id=project_id).order_by("-pk")[:LONGEST_CURVE]
    return [CurvePoint(*row) for row in reversed(newest.values_list(*_COLUMNS))]


def thinned_curve(project_id: int, names: Sequence[str]) -> list[CurvePoint]:
    """These figures from the first measuring to the last: of many points evenly some, the newest among them.

    Chosen by the database, so that a page loads at most about ``DRAWN`` of each.
    """
    mine = Metric.objects.filter(project_id=project_id, name__in=names).order_by()
    longest = max((row["n"] for row in mine.values("name").annotate(n=Count("*"))), default=0)
    back = Window(RowNumber(), partition_by=F("name"), order_by=F("pk").desc())
    every = math.ceil(longest / DRAWN) or 1
    some = mine.annotate(skip=Mod(back - 1, every)).filter(skip=0).order_by("pk")
    return [CurvePoint(*row) for row in some.values_list(*_COLUMNS)]


def rounds(project_id: int) -> list[RoundRow]:
    """The query rounds, the newest first; of very many the newest."""
    return [round_row(row) for row in rows_of_rounds(project_id).order_by("-number")[:LISTED]]


def rows_of_rounds(project_id: int) -> QuerySet[QueryRound]:
    found = QueryRound.objects.filter(project_id=project_id).select_related("model")
    return found.defer("model__blob", "parts", "again")


def round_row(row: QueryRound) -> RoundRow:
    return RoundRow(
        number=row.number,
        strategy=row.strategy,
        model=row.model.number if row.model else None,
        items=len(row.item_ids),
        opened_at=row.created_at,
    )


def models(project_id: int) -> list[ModelRow]:
    """The models, the newest first; those still under way left out, of very many the newest."""
    return [model_row(row) for row in rows_of_models(project_id)[:LISTED]]


def rows_of_models(project_id: int) -> QuerySet[ModelVersion]:
    return models_of(project_id).exclude(scores={}).defer("blob")


def model_row(row: ModelVersion) -> ModelRow:
    return ModelRow(
        number=row.number,
        estimator=row.estimator,
        setting=str(row.parameters.get("setting", "")),
        labels_seen=row.labels_seen,
        current=row.current,
        outcome=str(row.scores.get("outcome", "")),
        because=str(row.scores.get("because", "")),
        scores={key: row.scores[key] for key in _SHOWN if key in row.scores},
        trained_at=row.created_at,
    )


def learning_state(project_id: int) -> LearningState:
    """Also good for a project without a plan: it has not begun to learn."""
    plan, model, space = (
        plan_rows(project_id).first(),
        current_model(project_id),
        space_of(project_id),
    )
    gold = model.scores.get("gold", {}) if model else {}
    return LearningState(
        sentence=plan.state if plan else "",
        features=space.kind if space else None,
        model=model.number if model else None,
        accuracy=gold.get("value"),
        accuracy_low=gold.get("low"),
        accuracy_high=gold.get("high"),
        rounds=rounds_opened(project_id),
        labels_at_last_model=plan.labels_at_last_model if plan else 0,
    )


_COLUMNS = (
    "name", "labels", "answers", "value", "low", "high", "model__number", "spent_micros",
)  # fmt: skip
_SHOWN = ("gold", "audit", "agreement", "held_out_log_loss")
