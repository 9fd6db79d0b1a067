"""The labels of a project, as they are taken away and as a model learns from them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet

from labeling.label_types import Json
from labeling.models import Item, ItemRole, Label, Project
from labeling.queries.spelt import spelt_out
from quality.given import MACHINE, REVIEWED, SCREENED
from quality.inference.answers import Floats, Ints
from quality.models import Consensus, ConsensusState, GoldAnswer
from quality.queries.votes import n_labels_of

ROWS_AT_ONCE = 5_000
NOT_THERE = ("withdrawn", "staged")
UNANSWERED = "unanswered"
ASSUMED = "machine under an assumption"
TOLD = (MACHINE, REVIEWED)  # methods that are told as they are
PROMOTED = "promoted"  # the source of gold that was ordinary work before


@dataclass(frozen=True)
class LabelRow:
    """One item's label. ``method``: people, people and model, machine (certified), machine under an assumption
    (certified by a crowd's screen), review, gold; stream: told at once by the model, under no certificate.

    ``state`` is that of Consensus, or "unanswered" with neither label nor confidence, or "machine" for what
    has no row here. ``model``: the version that was heard, if one was.
    """

    item: str
    external_id: str
    label: Json
    confidence: float | None
    answers: int
    method: str
    state: str
    model: str = ""


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


def label_values_of(project_id: int) -> dict[int, str]:
    """Label.code to its value, of every version: codes are never used again for another value."""
    rows = Label.objects.filter(label_set__project_id=project_id).order_by("label_set__version")
    return dict(rows.values_list("code", "value"))


def labels(
    project: Project, *, after: int = 0, state: str | None = None, at_once: int = ROWS_AT_ONCE
) -> Iterator[LabelRow]:
    """Work items in order of import; what nobody has answered has no label.

    From the one behind the item with the primary key ``after``; only those in ``state`` if one is given.
    ``at_once``: rows that are read together, for those who want no more than these.
    """
    values = label_values(project)
    while items := list(_work_items(project.pk, after, state)[:at_once]):
        after = items[-1].pk
        found = Consensus.objects.in_bulk([item.pk for item in items], field_name="item_id")
        for item in items:
            known = found.get(item.pk)
            if item.role == ItemRole.GOLD:
                yield _gold_row(item, known)
            else:
                yield _crowd_row(item, known, values) if known else _unanswered_row(item)


def _work_items(project_id: int, after: int, state: str | None) -> QuerySet[Item]:
    """Work, and what was work until it became gold."""
    was_work = Q(role=ItemRole.GOLD, gold_answer__source=PROMOTED)
    labeled = Q(role__in=(ItemRole.WORK, ItemRole.AUDIT)) | was_work
    items = Item.objects.filter(labeled, project_id=project_id)
    if state == UNANSWERED:
        items = items.filter(consensus__isnull=True, role__in=(ItemRole.WORK, ItemRole.AUDIT))
    elif state == ConsensusState.SETTLED:
        items = items.filter(Q(consensus__state=state) | was_work)
    elif state:
        items = items.filter(consensus__state=state, role__in=(ItemRole.WORK, ItemRole.AUDIT))
    items = items.filter(pk__gt=after).exclude(status__in=NOT_THERE).select_related("gold_answer")
    return items.defer("payload").order_by("pk")


def _gold_row(item: Item, known: Consensus | None) -> LabelRow:
    answers = known.answers_used if known else 0
    gold: GoldAnswer = item.gold_answer
    return LabelRow(
        item.public_id, item.external_id, gold.value, 1.0, answers, "gold", ConsensusState.SETTLED
    )


def _crowd_row(item: Item, known: Consensus, values: dict[int, str]) -> LabelRow:
    by = "people and model" if known.voice else "people"
    if known.method in TOLD:
        by = ASSUMED if known.voice and known.voice.get("basis") == SCREENED else known.method
    label = values.get(known.label_code) if known.label_code is not None else known.value
    return LabelRow(
        item.public_id,
        item.external_id,
        label,
        known.confidence,
        known.answers_used,
        by,
        known.state,
        model=str(known.voice.get("version", "")) if known.voice else "",
    )


def _unanswered_row(item: Item) -> LabelRow:
    return LabelRow(item.public_id, item.external_id, None, None, 0, "", UNANSWERED)


def training_labels(project_id: int) -> TrainingLabels:
    """What a model may learn from: settled work items; never gold, never audit."""
    rows = list(
        Consensus.objects.filter(
            project_id=project_id,
            state=ConsensusState.SETTLED,
            item__role=ItemRole.WORK,
            posterior__isnull=False,
        )
        .exclude(method=MACHINE)  # no model hears its own echo
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
    """For measuring: never to learn from. Without promoted gold: it was chosen because it is certain."""
    rows = list(
        GoldAnswer.objects.filter(
            item__project_id=project_id, retired_at__isnull=True, label_code__isnull=False
        )
        .exclude(source=PROMOTED)
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


def known_codes(project_id: int, item_ids: Ints) -> Ints:
    """[i]: the same with promoted gold: what people can be tested by."""
    rows = GoldAnswer.objects.filter(
        item__project_id=project_id, retired_at__isnull=True, label_code__isnull=False
    )
    codes = dict(rows.values_list("item_id", "label_code"))
    found = [codes.get(item_id) for item_id in item_ids.tolist()]
    return np.array([-1 if code is None else code for code in found], dtype=np.int64)


def machine_labels(project_id: int, certificate: int | None = None) -> QuerySet[Consensus]:
    """Labels that the machine gave, under one certificate or any; in order of items.

    Served by the partial index ``machine_labels``.
    """
    machine = Consensus.objects.filter(project_id=project_id, method=spelt_out(MACHINE))
    rows = machine.order_by("item_id")
    return rows if certificate is None else rows.filter(voice__certificate=certificate)
