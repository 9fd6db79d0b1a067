"""What a crowd has said about the sample of a certificate that it screens, beside the machine."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from labeling.models import Item, ItemStatus
from labeling.queries import counted_answers
from labeling.queries.among import among
from learning.models import Certificate
from learning.predictions import predicted
from learning.screening import agrees


@dataclass(frozen=True)
class Screened:
    """Ids of the sample: ``done`` (the crowd has answered), and of those the ``agreed`` ones."""

    done: frozenset[int]
    agreed: frozenset[int]

    def needs_expert(self, certificate: Certificate) -> list[int]:
        """In the order of the sample: disagreements, and the checked among the agreements."""
        asked = (self.done - self.agreed) | (self.done & set(certificate.screen["checked"]))
        return [item_id for item_id in certificate.sample if item_id in asked]

    def passed(self, certificate: Certificate) -> frozenset[int]:
        """What is held right without an expert's word."""
        return self.agreed - set(certificate.screen["checked"])


def screened(certificate: Certificate) -> Screened:
    """An item is done when it has its answers, or when nobody is asked about it any more."""
    wanted, sample = int(certificate.screen["answers"]), certificate.sample
    said, machine = _answers(certificate.project_id, sample, wanted), _machine(certificate)
    open_still = Item.objects.filter(pk__in=among(sample), status=ItemStatus.OPEN)
    asked = set(open_still.values_list("pk", flat=True))
    done = [i for i in sample if len(said[i]) >= wanted or i not in asked]
    full = [i for i in done if len(said[i]) >= wanted]
    return Screened(frozenset(done), frozenset(i for i in full if agrees(said[i], machine[i])))


def _answers(project_id: int, item_ids: list[int], first: int) -> dict[int, list[int]]:
    """The first answers about each item that count and are not set aside."""
    rows = counted_answers(project_id).filter(item_id__in=among(item_ids), set_aside__isnull=True)
    found: dict[int, list[int]] = defaultdict(list)
    for item_id, code in rows.order_by("pk").values_list("item_id", "label_code"):
        if len(found[item_id]) < first:
            found[item_id].append(-1 if code is None else code)
    return found


def _machine(certificate: Certificate) -> dict[int, int]:
    said = predicted(certificate.model_id, certificate.sample)
    if said is None:
        return dict.fromkeys(certificate.sample, -2)
    codes = np.asarray(said.probabilities).argmax(axis=1)
    return dict(zip(said.item_ids.tolist(), codes.tolist(), strict=True))
