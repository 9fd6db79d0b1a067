"""A labelling function on some items, before anybody keeps it. Writes nothing."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labeling.errors import Refused
from labeling.models import Item, Project
from learning import queries
from learning.functions import weighing
from learning.functions.kinds import FunctionBroken, check, votes
from learning.functions.weighing import ABSTAINS, Row
from learning.services.functions import known_labels
from quality.queries.labels import label_values_of
from quality.queries.votes import n_labels_of

TRIED = 200
SHOWN = 5


@dataclass(frozen=True)
class Tried:
    """Votes about ``items`` items, spread over the project.

    ``votes``: label to how often it was said. ``unknown``: votes for what is no label, which are abstentions.
    ``row`` has coverage, and accuracy on those that people have settled or gold knows. ``examples``: an item's
    name and the vote about it.
    """

    items: int
    votes: dict[str, int]
    unknown: int
    row: Row
    examples: list[tuple[str, str]] = field(default_factory=list)


def try_function(project: Project, kind: str, parameters: dict[str, Any]) -> Tried:
    """Raises Refused, also where the function fails or is too slow."""
    labels = label_values_of(project.pk)
    check(kind, parameters, list(labels.values()))
    items = queries.sample_items(project.pk, TRIED)
    try:
        said = votes(kind, parameters, [item.payload for item in items])
    except FunctionBroken as broken:
        raise Refused(str(broken), field="parameters") from None
    return _tried(project, items, said, {value: code for code, value in labels.items()})


def _tried(
    project: Project, items: list[Item], said: list[str | None], codes: dict[str, int]
) -> Tried:
    cast = np.array([codes.get(label or "", ABSTAINS) for label in said], dtype=np.int64)
    ids = np.array([item.pk for item in items], dtype=np.int64)
    known, belief = known_labels(project.pk, ids, n_labels_of(project.pk))
    voted = [(item.external_id, label) for item, label in zip(items, said, strict=True) if label]
    return Tried(
        items=len(items),
        votes=dict(Counter(label for _, label in voted if label in codes)),
        unknown=sum(label not in codes for _, label in voted),
        row=weighing.table(cast[:, None], known, belief)[0],
        examples=voted[:SHOWN],
    )
