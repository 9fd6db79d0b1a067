"""On which item one person's answer is worth most: where it is expected to tell most about the label.

The worth is the mutual information, in nats, between the item's label, as it is believed now, and what
this person would say, by their confusion matrix (Lindley, 1956, "On a measure of the information
provided by an experiment")::

    worth = sum_kl p[k] c[k, l] log(c[k, l] / sum_m p[m] c[m, l])

A claim holds locks while it asks, so this is one short statement, and nothing of the ORM.
"""

import json
from collections.abc import Mapping, Sequence

import numpy as np
from django.db import connection

from quality.inference.answers import Floats

SMALLEST = 1e-12
PERSON = 0  # no item has this id
# Served by one_skill_each and by the unique index on the consensus's item.
KNOWN = """
SELECT %s, s.confusion FROM quality_skill s WHERE s.project_id = %s AND s.annotator_id = %s
UNION ALL
SELECT c.item_id, c.posterior FROM quality_consensus c WHERE c.item_id IN ({places})
"""


def worths(project_id: int, annotator_id: int, item_ids: Sequence[int]) -> list[float] | None:
    """One worth an item; None for a person about whom nothing is known."""
    if not item_ids:
        return []
    known = _known(project_id, annotator_id, item_ids)
    confusion = known.pop(PERSON, None)
    if confusion is None:
        return None
    worth = information(_beliefs(item_ids, known, len(confusion)), confusion)
    return [float(one) for one in worth]


def _known(project_id: int, annotator_id: int, item_ids: Sequence[int]) -> dict[int, Floats]:
    """The person's confusion matrix [k, l] under PERSON, and the belief [k] about each item that has one."""
    statement = KNOWN.format(places=", ".join(["%s"] * len(item_ids)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [PERSON, project_id, annotator_id, *item_ids])
        rows = cursor.fetchall()
    read = {key: json.loads(text) for key, text in rows if text is not None}
    return {key: np.array(value, dtype=float) for key, value in read.items() if value is not None}


def _beliefs(item_ids: Sequence[int], known: Mapping[int, Floats], n_labels: int) -> Floats:
    """[i, k]: what the answers so far amount to; where there is none, every label is as likely."""
    flat = np.full(n_labels, 1.0 / n_labels)
    own = [known.get(item_id, flat) for item_id in item_ids]
    return np.array([one if len(one) == n_labels else flat for one in own])


def information(belief: Floats, confusion: Floats) -> Floats:
    """[i]: the mutual information between label and answer, for beliefs [i, k] and confusion [k, l]."""
    said = np.maximum(belief @ confusion, SMALLEST)  # [i, l]
    log_confusion = np.log(np.maximum(confusion, SMALLEST))
    given = belief @ (confusion * log_confusion).sum(axis=1)
    found: Floats = given - (said * np.log(said)).sum(axis=1)
    return found
