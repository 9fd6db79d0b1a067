"""The labels of a project, as they are taken away and as a model learns from them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from labeling.models import Item, ItemRole, Label, Project
from quality.inference.answers import Bools, Floats, Ints
from quality.inference.settling.parameters import Parameters, priors
from quality.models import Consensus, ConsensusState, GoldAnswer
from quality.queries.fits import parameters_of
from quality.queries.votes import n_labels_of
from quality.voices import voice_of

ROWS_AT_ONCE = 5_000
NOT_THERE = ("withdrawn", "staged")
UNANSWERED = "unanswered"


@dataclass(frozen=True)
class LabelRow:
    """One item's label. ``method`` says who gave it: people, people and model, or model.

    ``state`` is that of Consensus, or "unanswered"; label and confidence are None while nothing is
    known.
    """

    item: str
    external_id: str
    label: str | None
    confidence: float | None
    answers: int
    method: str
    state: str


@dataclass(frozen=True, eq=False)
class TrainingLabels:
    """Settled work items: ``posterior[i, k]`` and ``weight[i]``, how certain each label is."""

    item_ids: Ints
    posterior: Floats
    weight: Floats


def label_values(project: Project) -> dict[int, str]:
    """Label.code to its value, in the version that is asked now."""
    labels = Label.objects.filter(
        label_set__project_id=project.pk, label_set__version=project.label_set_version
    )
    return dict(labels.values_list("code", "value"))


def labels(project: Project, *, after: int = 0, state: str | None = None) -> Iterator[LabelRow]:
    """Work items in order of import: the crowd's label, else the model's earned opinion.

    From the one behind the item with the primary key ``after``; only those in ``state`` if one is given.
    """
    values, parameters = label_values(project), parameters_of(project.pk)
    while items := list(_work_items(project.pk, after, state)):
        after = items[-1].pk
        found = Consensus.objects.in_bulk([item.pk for item in items], field_name="item_id")
        silent = [item.pk for item in items if item.pk not in found]
        alone = model_alone(project.pk, silent, parameters)
        for item in items:
            known = found.get(item.pk)
            yield _crowd_row(item, known, values) if known else _model_row(item, alone, values)


def _work_items(project_id: int, after: int, state: str | None) -> QuerySet[Item]:
    items = Item.objects.filter(project_id=project_id, role=ItemRole.WORK, pk__gt=after)
    if state == UNANSWERED:
        items = items.filter(consensus__isnull=True)
    elif state:
        items = items.filter(consensus__state=state)
    return items.exclude(status__in=NOT_THERE).defer("payload").order_by("pk")[:ROWS_AT_ONCE]


def model_alone(
    project_id: int, item_ids: list[int], parameters: Parameters
) -> dict[int, tuple[int, float]]:
    """Label code and its probability for items nobody has answered, as far as the model is heard."""
    if not item_ids or parameters.table is None:
        return {}
    ids = np.array(item_ids, dtype=np.int64)
    _, voiced = voice_of(project_id, ids, parameters.n_labels)
    if voiced is None:
        return {}
    belief = priors(parameters, voiced, len(ids))
    heard: Bools = ~np.asarray(np.isnan(voiced).any(axis=1))
    best = zip(belief.argmax(axis=1).tolist(), belief.max(axis=1).tolist(), strict=True)
    return {i: b for i, b, h in zip(item_ids, best, heard.tolist(), strict=True) if h}


def _crowd_row(item: Item, known: Consensus, values: dict[int, str]) -> LabelRow:
    by = "people and model" if known.voice else "people"
    label = values.get(known.label_code) if known.label_code is not None else None
    return LabelRow(
        item.public_id,
        item.external_id,
        label,
        known.confidence,
        known.answers_used,
        by,
        known.state,
    )


def _model_row(item: Item, alone: dict[int, tuple[int, float]], values: dict[int, str]) -> LabelRow:
    code, confidence = alone.get(item.pk, (None, None))
    method = "" if code is None else "model"
    label = None if code is None else values.get(code)
    return LabelRow(item.public_id, item.external_id, label, confidence, 0, method, UNANSWERED)


def training_labels(project_id: int) -> TrainingLabels:
    """What a model may learn from: settled work items; never gold, never audit."""
    rows = list(
        Consensus.objects.filter(
            project_id=project_id,
            state=ConsensusState.SETTLED,
            item__role=ItemRole.WORK,
            posterior__isnull=False,
        )
        .order_by("item_id")
        .values_list("item_id", "posterior", "confidence")
    )
    n_labels = n_labels_of(project_id)
    kept = [row for row in rows if row[1] and len(row[1]) == n_labels]
    return TrainingLabels(
        np.array([row[0] for row in kept], dtype=np.int64),
        np.array([row[1] for row in kept], dtype=np.float64).reshape(-1, n_labels),
        np.array([row[2] for row in kept], dtype=np.float64),
    )


@dataclass(frozen=True, eq=False)
class GoldLabels:
    """Gold items in use and their known ``label_code[i]``."""

    item_ids: Ints
    label_code: Ints


def gold_labels(project_id: int) -> GoldLabels:
    """For measuring: never to learn from."""
    rows = list(
        GoldAnswer.objects.filter(
            item__project_id=project_id, retired_at__isnull=True, label_code__isnull=False
        )
        .order_by("item_id")
        .values_list("item_id", "label_code")
    )
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return GoldLabels(table[:, 0], table[:, 1])


def gold_codes(project_id: int, item_ids: Ints) -> Ints:
    """[i]: the known label code of each of these items, -1 where there is none in use."""
    known = gold_labels(project_id)
    codes = dict(zip(known.item_ids.tolist(), known.label_code.tolist(), strict=True))
    return np.array([codes.get(item_id, -1) for item_id in item_ids.tolist()], dtype=np.int64)
