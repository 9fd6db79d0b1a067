"""On which item one person's answer is worth most: where it is expected to tell most about the label.

The worth is the mutual information, in nats, between the item's label, as it is believed now, and what
this person would say, by their confusion matrix (Lindley, 1956, "On a measure of the information
provided by an experiment")::

    worth = sum_kl p[k] c[k, l] log(c[k, l] / sum_m p[m] c[m, l])
"""

from collections.abc import Sequence

import numpy as np

from quality.inference.answers import Floats
from quality.models import Consensus, Skill

SMALLEST = 1e-12


def worths(project_id: int, annotator_id: int, item_ids: Sequence[int]) -> list[float] | None:
    """One worth an item; None for a person about whom nothing is known. Two queries by key."""
    skill = (
        Skill.objects.filter(project_id=project_id, annotator_id=annotator_id)
        .values_list("confusion", flat=True)
        .first()
    )
    if skill is None:
        return None
    confusion = np.asarray(skill, dtype=float)
    worth = information(_beliefs(item_ids, len(confusion)), confusion)
    return [float(one) for one in worth]


def _beliefs(item_ids: Sequence[int], n_labels: int) -> Floats:
    """[i, k]: what the answers so far amount to; where there is none, every label is as likely."""
    rows = Consensus.objects.filter(item_id__in=item_ids).values_list("item_id", "posterior")
    known = {item_id: belief for item_id, belief in rows if belief and len(belief) == n_labels}
    flat = [1.0 / n_labels] * n_labels
    return np.array([known.get(item_id, flat) for item_id in item_ids]).reshape(-1, n_labels)


def information(belief: Floats, confusion: Floats) -> Floats:
    """[i]: the mutual information between label and answer, for beliefs [i, k] and confusion [k, l]."""
    said = np.maximum(belief @ confusion, SMALLEST)  # [i, l]
    log_confusion = np.log(np.maximum(confusion, SMALLEST))
    given = belief @ (confusion * log_confusion).sum(axis=1)
    found: Floats = given - (said * np.log(said)).sum(axis=1)
    return found
