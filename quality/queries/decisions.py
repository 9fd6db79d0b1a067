"""Decisions about people, and who waits for one."""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from labeling.queries.among import among
from quality.models import Action, Decision, Skill

PAUSING = (Action.PAUSE, Action.BAN)


def people_to_judge() -> QuerySet[Skill]:
    """Who fails or was noticed, has no standing pause, and was not judged as they are now.

    Index ``people_to_judge``: nearly empty.
    """
    standing = Decision.objects.filter(
        project_id=OuterRef("project_id"),
        annotator_id=OuterRef("annotator_id"),
        action__in=PAUSING,
        reversed_at__isnull=True,
    )
    return Skill.objects.filter(
        ~Exists(standing),
        Q(failing=True) | Q(noticed=True),
        Q(judged_at__isnull=True) | ~Q(judged_at=F("updated_at")),
    )


def forgiven(project_id: int, annotator_ids: Sequence[int]) -> dict[int, list[int]]:
    """The last answer before each reversal of what the tests had led to, for those who had one."""
    reversals = Decision.objects.filter(
        Q(action__in=PAUSING) | Q(rule__isnull=False),
        project_id=project_id,
        annotator_id__in=among(annotator_ids),
        forgiven_until__isnull=False,
    )
    found: dict[int, list[int]] = {}
    for who, until in reversals.values_list("annotator_id", "forgiven_until"):
        found.setdefault(who, []).append(until or 0)
    return found
