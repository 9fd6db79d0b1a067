"""What setting somebody's votes aside would do, before it is done.

The label without one person's votes is what the stored fit and the model's stored voice say about the other
votes. Reviewers' votes stay as they are; what a reviewer has decided no vote changes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from labeling.models import Project
from labeling.queries import counted_answers
from quality.inference.answers import Floats, Ints
from quality.inference.settling import METHOD
from quality.inference.settling.parameters import posterior
from quality.models import Consensus
from quality.queries.fits import confusions, parameters_of
from quality.queries.votes import ballots_of_items

SMALLEST = 1e-12
DIGITS = 4


@dataclass(frozen=True)
class Effect:
    """``changed``: labels that become another one. ``reopened``: items that need another answer.

    ``micros``: what those answers will cost.
    """

    answers: int
    items: int
    changed: int
    reopened: int
    micros: int


def effect_of_setting_aside(project: Project, annotator_id: int) -> Effect:
    """Of all counted answers of this person."""
    own = counted_answers(project.pk).filter(annotator_id=annotator_id, set_aside__isnull=True)
    answers = own.count()
    known = _Known(project.pk, list(own.values_list("item_id", flat=True)))
    if not known.item_ids:
        return Effect(answers, 0, 0, 0, 0)
    before, after = known.stored, known.without(annotator_id)
    changed = int((_best(after) != _best(before)).sum())
    enough = project.target_certainty
    reopened = int(((before.max(axis=1) >= enough) & (after.max(axis=1) < enough)).sum())
    return Effect(answers, len(known.item_ids), changed, reopened, reopened * project.price_micros)


def _best(belief: Floats) -> Ints:
    """The first of the most probable labels; beliefs are stored rounded, so equal ones hardly differ."""
    best: Ints = belief.round(DIGITS).argmax(axis=1)
    return best


class _Known:
    """``stored[i, k]``: the beliefs about these items that votes can change."""

    def __init__(self, project_id: int, item_ids: list[int]) -> None:
        self.project_id = project_id
        self.parameters = parameters_of(project_id)
        rows = self._rows(item_ids)
        self.item_ids = [item_id for item_id, _, _ in rows]
        self.stored = np.array([belief for _, belief, _ in rows], dtype=np.float64)
        self.voiced = self._voiced([voice for _, _, voice in rows])

    def _rows(self, item_ids: list[int]) -> list[tuple[int, list[float], dict[str, Any] | None]]:
        rows = Consensus.objects.filter(
            project_id=self.project_id, item_id__in=item_ids, posterior__isnull=False, method=METHOD
        )
        n_labels = self.parameters.n_labels
        stored = rows.order_by("item_id").values_list("item_id", "posterior", "voice")
        fits = ((i, belief or [], voice) for i, belief, voice in stored)
        return [row for row in fits if len(row[1]) == n_labels]

    def _voiced(self, voices: list[dict[str, Any] | None]) -> Floats:
        """[i, k]: what the model had said; NaN where it was not heard."""
        nothing = [float("nan")] * self.parameters.n_labels
        return np.array([voice["probabilities"] if voice else nothing for voice in voices])

    def without(self, annotator_id: int) -> Floats:
        """[i, k]: the same without this person's votes."""
        given = ballots_of_items(self.item_ids, self.parameters.n_labels)
        confusion = confusions(self.project_id, given.annotator_ids, self.parameters)
        others = given.votes.select(given.annotator_ids[given.votes.annotator] != annotator_id)
        said, left = (
            np.maximum(posterior(self.parameters, votes, confusion, self.voiced), SMALLEST)
            for votes in (given.votes, others)
        )
        after: Floats = left * (self.stored / said)  # what reviewers added is kept
        after /= after.sum(axis=1, keepdims=True)
        return after
