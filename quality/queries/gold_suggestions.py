"""Which settled items would make good gold: certain, not too easy, and of the labels that have least gold.

Certain: prior and votes say at least `CERTAIN`, from at least `LEAST_ANSWERS` answers; without gold nothing is
stated so surely (quality/inference/settling/doubt.py), and gold has to begin somewhere. Hard enough: first come those
on which somebody who answered was wrong, because an item that nobody ever misses tells nobody apart.
The labels take turns, the one with the least gold first.
"""

from collections import Counter
from dataclasses import dataclass

from labeling.models import Item, ItemRole, ItemStatus, Project
from labeling.queries import counted_answers_to
from labeling.queries.among import among
from quality.models import Consensus, ConsensusState, GoldAnswer
from quality.queries.fits import parameters_of
from quality.queries.items import snippet
from quality.queries.labels import label_values_of

CERTAIN = 0.97
LEAST_ANSWERS = 2
LOOKED_AT = 2000


@dataclass(frozen=True)
class Suggestion:
    """An item that a manager may make gold by confirming its label."""

    item: str
    external_id: str
    snippet: str
    has_picture: bool
    label: str | None
    confidence: float
    answers: int
    said_otherwise: int


def gold_suggestions(project: Project, limit: int = 20) -> list[Suggestion]:
    """Up to ``limit``, balanced over the labels together with the gold there is."""
    rows = _candidates(project)
    otherwise = _said_otherwise({row.item_id: row.label_code for row in rows})
    chosen = _in_turn(rows, otherwise, _gold_by_label(project.pk), limit)
    values, items = label_values_of(project.pk), Item.objects.in_bulk([c.item_id for c in chosen])
    return [_suggestion(row, items[row.item_id], otherwise[row.item_id], values) for row in chosen]


def _candidates(project: Project) -> list[Consensus]:
    """Those with the most answers: found within the index ``consensus_figures``, and then read."""
    certain = Consensus.objects.filter(
        project=project,
        state=ConsensusState.SETTLED,
        confidence__gte=_certain(project.pk),
        answers_used__gte=LEAST_ANSWERS,
    )
    keys = certain.order_by("-answers_used", "pk").values_list("pk", flat=True)[:LOOKED_AT]
    rows = Consensus.objects.filter(
        pk__in=among(keys),
        label_code__isnull=False,
        item__role=ItemRole.WORK,
        item__status=ItemStatus.SETTLED,
    ).order_by("-answers_used", "item_id")
    return list(rows.defer("posterior"))


def _certain(project_id: int) -> float:
    """What is stated where the votes say ``CERTAIN``."""
    parameters = parameters_of(project_id)
    return (1 - parameters.doubt) * CERTAIN + parameters.doubt / max(parameters.n_labels, 1)


def _in_turn(
    rows: list[Consensus], otherwise: Counter[int], gold: Counter[int | None], limit: int
) -> list[Consensus]:
    queues: dict[int | None, list[Consensus]] = {}
    for row in sorted(rows, key=lambda row: (-otherwise[row.item_id], -row.confidence)):
        queues.setdefault(row.label_code, []).append(row)
    have = Counter(gold)
    chosen: list[Consensus] = []
    while queues and len(chosen) < limit:
        code = min(queues, key=lambda code: (have[code], code or 0))
        chosen.append(queues[code].pop(0))
        have[code] += 1
        if not queues[code]:
            del queues[code]
    return chosen


def _said_otherwise(codes: dict[int, int | None]) -> Counter[int]:
    """[item id]: answers that stand and differ from the label."""
    rows = counted_answers_to(codes).filter(set_aside__isnull=True)
    said = rows.values_list("item_id", "label_code")
    return Counter(item_id for item_id, code in said if code != codes[item_id])


def _gold_by_label(project_id: int) -> Counter[int | None]:
    used = GoldAnswer.objects.filter(
        item__project_id=project_id, item__role=ItemRole.GOLD, retired_at__isnull=True
    )
    return Counter(used.values_list("label_code", flat=True))


def _suggestion(row: Consensus, item: Item, otherwise: int, values: dict[int, str]) -> Suggestion:
    label = values.get(row.label_code) if row.label_code is not None else None
    return Suggestion(
        item.public_id,
        item.external_id,
        snippet(item),
        item.media_id is not None,
        label,
        row.confidence,
        row.answers_used,
        otherwise,
    )
