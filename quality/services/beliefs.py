"""Between rows and arrays: what the stored skills and parameters say about items."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from labeling.models import Project, Redundancy
from quality.inference.answers import Floats, Ints
from quality.inference.settling.parameters import Parameters, posterior
from quality.inference.settling.rule import Rule
from quality.queries.fits import KnownSkills, StoredSkills
from quality.queries.votes import Ballots, ballots_of_items
from quality.voices import voice_of

DIGITS = 6  # posteriors are stored so exactly: enough to explain, and equal whoever computes them


@dataclass(frozen=True, eq=False)
class Beliefs:
    """Ballots of some items with ``posterior[i, k]``, how they were read, and the model's part in it."""

    ballots: Ballots
    parameters: Parameters
    confusion: Floats
    posterior: Floats
    version: str
    voiced: Floats | None

    def heard(self, rows: Ints) -> list[dict[str, Any] | None]:
        """The model's part in each of these items, as it is stored with the label; None if it had none."""
        if self.voiced is None or not self.parameters.weight:
            return [None] * len(rows)
        silent = np.asarray(np.isnan(self.voiced[rows]).any(axis=1)).tolist()
        said = np.round(self.voiced[rows], DIGITS).tolist()
        known = {"version": self.version, "weight": self.parameters.weight}
        return [
            None if nothing else known | {"probabilities": row}
            for nothing, row in zip(silent, said, strict=True)
        ]


def beliefs_about(project: Project, item_ids: Iterable[int]) -> Beliefs:
    """What the stored fit says about these items, given all their votes and the model."""
    return beliefs_with(StoredSkills(project.pk), project, item_ids)


def beliefs_with(skills: KnownSkills, project: Project, item_ids: Iterable[int]) -> Beliefs:
    """The same by skills that the caller knows already."""
    parameters = skills.parameters
    ballots = ballots_of_items(item_ids, parameters.n_labels)
    version, voiced = voice_of(project.pk, ballots.item_ids, parameters.n_labels)
    confusion = skills.confusion(ballots.annotator_ids)
    belief = rounded(posterior(parameters, ballots.votes, confusion, voiced))
    return Beliefs(ballots, parameters, confusion, belief, version, voiced)


def rounded(belief: Floats) -> Floats:
    """Rows to ``DIGITS`` digits that still sum to one: the largest takes up the difference."""
    short = np.round(belief, DIGITS)
    top = short.argmax(axis=1)[:, None]
    rest = short.sum(axis=1, keepdims=True) - np.take_along_axis(short, top, axis=1)
    np.put_along_axis(short, top, np.round(1 - rest, DIGITS), axis=1)
    return short


def rule_of(project: Project) -> Rule:
    """How many answers an item of this project needs."""
    if project.redundancy == Redundancy.ADAPTIVE:
        return Rule(project.seats_min, project.seats_max, project.target_certainty)
    if project.redundancy == Redundancy.PARTIAL:
        return Rule(project.seats_min, project.seats_max, 0.0)
    return Rule(project.seats_max, project.seats_max, 0.0)
