"""When the labels of a project were settled: the first and the last."""

from datetime import datetime

from quality.models import Consensus, ConsensusState


def settled_between(project_id: int) -> tuple[datetime, datetime] | None:
    """None before there are labels of two different times. Two reads at the ends of ``consensus_by_state``."""
    rows = Consensus.objects.filter(project_id=project_id, state=ConsensusState.SETTLED)
    times = rows.order_by("settled_at").values_list("settled_at", flat=True)
    first, last = times.first(), times.last()
    return (first, last) if first and last and first < last else None
