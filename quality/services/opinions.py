"""What is believed about items, in one shape for all label types: what Consensus is written from."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from labeling.label_types import Json
from labeling.models import Project
from quality.inference.settling import METHOD
from quality.label_types import Merge, merge_of
from quality.queries.fits import KnownSkills
from quality.queries.labels import label_values
from quality.services.beliefs import DIGITS, Beliefs, beliefs_with
from quality.services.open_answers import Merged, confidences, merged


class Opinion(NamedTuple):
    """The believed value of one item that has a vote. Without codes there is no posterior."""

    item_id: int
    n_votes: int
    value: Json
    confidence: float
    method: str
    label_code: int | None = None
    posterior: list[float] | None = None
    voice: dict[str, Any] | None = None


def opinions_about(project: Project, item_ids: Sequence[int], skills: KnownSkills) -> list[Opinion]:
    """One for each of the items that has a vote, ascending by item."""
    merge = merge_of(project.label_type)
    if merge is not None:
        parts = merged(project, merge, item_ids)
        return [opinion for part in parts for opinion in _of_open(project, merge, part)]
    return _of_codes(project, beliefs_with(skills, project, item_ids))


def _of_codes(project: Project, beliefs: Beliefs) -> list[Opinion]:
    """Column by column: hundreds of items at a time are what settling takes long for."""
    values, n_votes = label_values(project), beliefs.ballots.votes.votes_per_item()
    voted = np.flatnonzero(n_votes)
    posterior = beliefs.posterior[voted]
    codes = posterior.argmax(axis=1).tolist()
    rows = zip(
        beliefs.ballots.item_ids[voted].tolist(),
        n_votes[voted].tolist(),
        map(values.get, codes),
        posterior.max(axis=1).tolist(),
        [METHOD] * len(voted),
        codes,
        posterior.tolist(),
        beliefs.heard(voted),
        strict=True,
    )
    return [Opinion(*row) for row in rows]


def _of_open(project: Project, merge: Merge, part: Merged) -> list[Opinion]:
    sure = [round(one, DIGITS) for one in confidences(project, part).tolist()]
    rows = zip(part.item_ids, part.answers_per_item().tolist(), part.values, sure, strict=True)
    return [Opinion(*row, method=merge.method) for row in rows]
