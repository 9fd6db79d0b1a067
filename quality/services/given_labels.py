"""Labels that the machine gives, under a certificate.

They stand in Consensus beside the others, so that everything that reads labels finds them. No refit
touches them, for nobody has voted about these items; a rebuild leaves them, and no model learns from
them. A review puts its own label in their place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from labeling.models import ItemRole, ItemStatus, Project
from labeling.queries import lock_item_rows
from labeling.services import opening
from labeling.services.setting_apart import put_back
from quality.given import MACHINE
from quality.inference.answers import Floats, Ints
from quality.models import Consensus, ConsensusState
from quality.queries.labels import label_values
from quality.services.beliefs import rounded
from quality.services.fits import lock_fit

AT_ONCE = 500


@dataclass(frozen=True, eq=False)
class MachineLabels:
    """``posterior[i, k]`` of the model ``version`` about ``item_ids[i]``, under certificate number n.

    ``basis``: empty where experts have labeled the whole audit, else on what the certificate rests.
    """

    item_ids: Ints
    posterior: Floats
    version: str
    certificate: int
    basis: str = ""


def accept(project: Project, labels: MachineLabels) -> int:
    """Settle those of the items that are still in the pool with the machine's label; how many."""
    return sum(
        _accept_some(project, labels, slice(start, start + AT_ONCE))
        for start in range(0, len(labels.item_ids), AT_ONCE)
    )


@transaction.atomic
def _accept_some(project: Project, labels: MachineLabels, part: slice) -> int:
    lock_fit(project.pk)
    locked = lock_item_rows(labels.item_ids[part].tolist())
    free = {
        item.pk for item in locked if item.status == ItemStatus.POOL and item.role == ItemRole.WORK
    }
    beliefs = rounded(labels.posterior[part].astype(np.float64))
    pairs = zip(labels.item_ids[part].tolist(), beliefs.tolist(), strict=True)
    chosen = [(item_id, belief) for item_id, belief in pairs if item_id in free]
    values, now = label_values(project), timezone.now()
    voice: dict[str, Any] = {"version": labels.version, "certificate": labels.certificate}
    if labels.basis:
        voice["basis"] = labels.basis
    Consensus.objects.bulk_create(
        Consensus(
            item_id=item_id,
            project=project,
            state=ConsensusState.SETTLED,
            label_code=(code := int(np.argmax(belief))),
            value=values.get(code),
            confidence=belief[code],
            posterior=belief,
            method=MACHINE,
            answers_used=0,
            voice=voice,
            settled_at=now,
        )
        for item_id, belief in chosen
    )
    opening.settle(item_id for item_id, _ in chosen)
    return len(chosen)


def give_back(project: Project, certificate: int) -> int:
    """Take back every label under the certificate; its items return to the pool. How many."""
    rows = Consensus.objects.filter(
        project=project, method=MACHINE, voice__certificate=certificate
    ).order_by("item_id")
    item_ids = list(rows.values_list("item_id", flat=True))
    for start in range(0, len(item_ids), AT_ONCE):
        _give_back_some(project, item_ids[start : start + AT_ONCE])
    return len(item_ids)


@transaction.atomic
def _give_back_some(project: Project, item_ids: Iterable[int]) -> None:
    lock_fit(project.pk)
    lock_item_rows(item_ids)
    Consensus.objects.filter(item_id__in=list(item_ids), method=MACHINE).delete()
    put_back(item_ids)
