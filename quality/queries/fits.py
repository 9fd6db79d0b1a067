"""What the last full fit left behind: project-wide parameters and each person's confusion matrix."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any, Protocol

import numpy as np

from labeling.queries.among import among
from quality.inference.answers import Floats, Ints
from quality.inference.ceiling import UNTESTED
from quality.inference.settling.parameters import Parameters, fresh
from quality.models import Fit, Skill
from quality.queries.handling import handled
from quality.queries.remembered import Remembered
from quality.queries.tables import as_text, holds, numbers
from quality.queries.votes import n_labels_of


class KnownSkills(Protocol):
    """What is known about people: enough to read their votes."""

    @property
    def parameters(self) -> Parameters: ...

    def confusion(self, annotator_ids: Ints) -> Floats:
        """[a, k, l] of these people."""


class StoredSkills:
    """Skills as the rows have them, for the people who are asked about; each is read once for a fit."""

    def __init__(self, project_id: int) -> None:
        self.project_id = project_id

    @property
    def parameters(self) -> Parameters:
        return self._fit[1]

    @cached_property
    def _fit(self) -> tuple[Hashable, Parameters]:
        """A mark that no other fit has (None before the first), and what was learned."""
        fits = Fit.objects.filter(project_id=self.project_id)
        row = fits.values_list("version", "updated_at", "parameters").first()
        version, at, stored = row or (0, None, None)
        parameters = _parameters(self.project_id, stored)
        return _mark(version, at, parameters) if version else None, parameters

    def confusion(self, annotator_ids: Ints) -> Floats:
        return handled(self.project_id, annotator_ids, self._learned(annotator_ids))

    def _learned(self, annotator_ids: Ints) -> Floats:
        mark, parameters = self._fit
        read = partial(_read, self.project_id, parameters)
        if mark is None:
            return read(annotator_ids)
        return _REMEMBERED.matrices(self.project_id, mark, annotator_ids, read)


_REMEMBERED = Remembered()


def _mark(version: int, at: datetime | None, parameters: Parameters) -> Hashable:
    return version, at, parameters.n_labels


def remember(learned: "LearnedSkills", at: datetime) -> None:
    """This process need not read what it has just written as the fit of this moment."""
    mark = _mark(learned.version, at, learned.parameters)
    _REMEMBERED.know(learned.project_id, mark, learned.annotator_ids, learned.matrices)


def _read(project_id: int, parameters: Parameters, annotator_ids: Ints) -> Floats:
    return learned_confusions(project_id, annotator_ids, parameters)


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
    fits = Fit.objects.filter(project_id=project_id)
    return _parameters(project_id, fits.values_list("parameters", flat=True).first())


def _parameters(project_id: int, stored: dict[str, Any] | None) -> Parameters:
    n_labels = n_labels_of(project_id)
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
    fitting = [row for row in rows if holds(row[1], parameters.pool.size)]
    place = {person: a for a, person in enumerate(annotator_ids.tolist())}
    matrices = np.tile(parameters.pool, (len(place), 1, 1))
    known = numbers([text for _, text in fitting]).reshape(len(fitting), *parameters.pool.shape)
    matrices[[place[who] for who, _ in fitting]] = known
    return matrices
