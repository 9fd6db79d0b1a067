"""What the last full fit left behind: project-wide parameters and each person's confusion matrix."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from labeling.queries.among import among
from quality.inference.answers import Floats, Ints
from quality.inference.ceiling import UNTESTED
from quality.inference.settling.parameters import Parameters, fresh
from quality.models import Fit, Skill
from quality.queries.handling import handled
from quality.queries.tables import as_text, parsed
from quality.queries.votes import n_labels_of


class KnownSkills(Protocol):
    """What is known about people: enough to read their votes."""

    @property
    def parameters(self) -> Parameters: ...

    def confusion(self, annotator_ids: Ints) -> Floats:
        """[a, k, l] of these people."""


class StoredSkills:
    """Skills as the rows have them, read for the people who are asked about."""

    def __init__(self, project_id: int) -> None:
        self.project_id = project_id

    @cached_property
    def parameters(self) -> Parameters:
        return parameters_of(self.project_id)

    def confusion(self, annotator_ids: Ints) -> Floats:
        return confusions(self.project_id, annotator_ids, self.parameters)


@dataclass(frozen=True, eq=False)
class LearnedSkills:
    """Skills that a refit has just written as version ``version``, without reading them again.

    ``matrices[a, k, l]`` belong to the ascending ``annotator_ids[a]``. Rows give the same numbers back.
    """

    project_id: int
    version: int
    parameters: Parameters
    annotator_ids: Ints
    matrices: Floats

    def confusion(self, annotator_ids: Ints) -> Floats:
        """As decisions let them be used at this moment: one may have been made since the fit."""
        return handled(self.project_id, annotator_ids, self._learned(annotator_ids))

    def _learned(self, annotator_ids: Ints) -> Floats:
        """The pool's matrix stands for people without their own."""
        place = np.searchsorted(self.annotator_ids, annotator_ids)
        place = np.minimum(place, len(self.annotator_ids) - 1)
        known = self.annotator_ids[place] == annotator_ids
        return np.where(known[:, None, None], self.matrices[place], self.parameters.pool)


def parameters_of(project_id: int) -> Parameters:
    """The project's last fit, or what holds before the first."""
    n_labels = n_labels_of(project_id)
    stored = Fit.objects.filter(project_id=project_id).values_list("parameters", flat=True).first()
    if not stored:
        return fresh(n_labels)
    parameters = Parameters.from_json(stored)
    return parameters if parameters.n_labels == n_labels else fresh(n_labels)


def ceiling_of(project_id: int) -> float:
    """The most that may be promised of a label, given the gold that the last fit knew."""
    fits = Fit.objects.filter(project_id=project_id)
    known = fits.values_list("parameters__record__ceiling", flat=True).first()
    return UNTESTED if known is None else float(known)


def answers_used(project_id: int) -> int:
    """Answers that the last fit rests on."""
    fits = Fit.objects.filter(project_id=project_id)
    return fits.values_list("answers_used", flat=True).first() or 0


def confusions(project_id: int, annotator_ids: Ints, parameters: Parameters) -> Floats:
    """[a, k, l] as votes are read: learned, and handled as decisions say."""
    return handled(
        project_id, annotator_ids, learned_confusions(project_id, annotator_ids, parameters)
    )


def learned_confusions(project_id: int, annotator_ids: Ints, parameters: Parameters) -> Floats:
    """[a, k, l] from the stored skills; the pool's matrix for people without their own."""
    skills = Skill.objects.filter(
        project_id=project_id,
        annotator_id__in=among(annotator_ids.tolist()),
        confusion__isnull=False,
    )
    rows = list(skills.values_list("annotator_id", as_text("confusion")))
    place = {person: a for a, person in enumerate(annotator_ids.tolist())}
    read = zip((place[who] for who, _ in rows), parsed([text for _, text in rows]), strict=True)
    fitting = [(a, matrix) for a, matrix in read if len(matrix) == parameters.n_labels]
    matrices = np.tile(parameters.pool, (len(place), 1, 1))
    if fitting:
        places, known = zip(*fitting, strict=True)
        matrices[list(places)] = known
    return matrices
