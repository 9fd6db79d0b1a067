"""How often each person agrees with what is known or believed, for label types without codes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
from django.utils import timezone

from labeling.models import Project
from quality.inference.agreeing import accuracies
from quality.inference.answers import Floats, Ints
from quality.label_types import Merge
from quality.models import Fit, Skill
from quality.queries.said import answered_items
from quality.services.fits import lock_fit
from quality.services.open_answers import Merged, merged

LEARNED = ["answers", "accuracy", "accuracy_low", "accuracy_high", "updated_at"]


@dataclass(frozen=True, eq=False)
class _Record:
    """[answer]: who gave it, whether it agrees with the value, and what it weighs."""

    annotator_id: Ints
    agrees: Floats
    weight: Floats


def learn_people(
    project: Project, merge: Merge, fenced: Callable[[], AbstractContextManager[None]]
) -> int:
    """Write the accuracy of everybody, from all their answers; how many answers there were."""
    since = Fit.objects.filter(project=project).values_list("answers_since", flat=True).first() or 0
    parts = [_record(part) for part in merged(project, merge, answered_items(project.pk))]
    record = _joined(parts)
    with fenced():
        _write_fit(project, merge, len(record.agrees), since)
        _write_people(project, record)
    return len(record.agrees)


def _record(part: Merged) -> _Record:
    answers = part.answers_per_item()[part.item]
    weight = np.where(part.known[part.item], 1.0, (answers - 1) / answers)
    return _Record(part.annotator_id, part.agrees.astype(np.float64), weight)


def _joined(parts: list[_Record]) -> _Record:
    nothing = _Record(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    every = [nothing, *parts]
    return _Record(
        np.concatenate([part.annotator_id for part in every]),
        np.concatenate([part.agrees for part in every]),
        np.concatenate([part.weight for part in every]),
    )


def _write_fit(project: Project, merge: Merge, used: int, since: int) -> None:
    fit = lock_fit(project.pk)
    fit.version += 1
    fit.method = merge.method
    fit.answers_used = used
    fit.answers_since -= min(since, fit.answers_since)
    fit.updated_at = timezone.now()
    fit.save()


def _write_people(project: Project, record: _Record) -> None:
    people, annotator = np.unique(record.annotator_id, return_inverse=True)
    known = accuracies(annotator, record.agrees, record.weight, len(people))
    answers = np.bincount(annotator, minlength=len(people))
    columns = (people, answers, known.value, known.low, known.high)
    rows = [
        Skill(
            project=project,
            annotator_id=who,
            answers=n,
            accuracy=value,
            accuracy_low=min(low, value),
            accuracy_high=max(high, value),
            updated_at=timezone.now(),
        )
        for who, n, value, low, high in zip(*(c.tolist() for c in columns), strict=True)
    ]
    Skill.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["project", "annotator"],
        update_fields=LEARNED,
        batch_size=1000,
    )
    gone = Skill.objects.filter(project=project, accuracy__isnull=False)
    gone.exclude(annotator_id__in=people.tolist()).update(
        answers=0, accuracy=None, accuracy_low=None, accuracy_high=None
    )
