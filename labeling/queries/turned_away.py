"""Why people turn items away lately: what a manager is told when it happens often."""

from dataclasses import dataclass

from django.db.models import Count, Max

from labeling.models import Assignment, AssignmentState

LOOKED_AT = 5_000  # newest seats of all projects: a bounded stretch of the primary key
TURNED_AWAY = (AssignmentState.SKIPPED, AssignmentState.FLAGGED)


@dataclass(frozen=True)
class TurnedAway:
    """Of ``seats`` that ended lately, ``most`` were turned away for ``reason``, the most frequent one."""

    seats: int
    reason: str
    most: int


def turned_away(project_id: int) -> TurnedAway:
    newest = Assignment.objects.aggregate(last=Max("pk"))["last"] or 0
    lately = Assignment.objects.filter(pk__gt=newest - LOOKED_AT, project_id=project_id)
    ended = lately.exclude(state=AssignmentState.LEASED)
    reasons = ended.filter(state__in=TURNED_AWAY).exclude(reason="").values("reason")
    top = reasons.annotate(n=Count("pk")).order_by("-n", "reason").first()
    return TurnedAway(ended.count(), top["reason"] if top else "", top["n"] if top else 0)
