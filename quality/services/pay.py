"""Holding pay as a decision, and giving it back. The ledger itself is kept by ``labeling.services.paying``."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import User
from labeling.models import Project
from labeling.services import paying
from quality.models import Action, Decision
from quality.services.records import decide

HELD = "held"  # in a decision's evidence: ids of the answers


@transaction.atomic
def hold_pay(
    project: Project,
    annotator: User,
    *,
    answer_ids: Iterable[int],
    reason: str,
    evidence: dict[str, Any],
) -> Decision:
    """Take back, for now, what these answers of the person earned and nobody has held before."""
    held = paying.reverse_pay(project.pk, annotator.pk, answer_ids)
    return decide(project, annotator, Action.HOLD_PAY, reason, {**evidence, HELD: held})


def restore_pay(decision: Decision) -> None:
    """Pay again what the decision held. The caller has reversed it and holds the person's lock."""
    held = decision.evidence.get(HELD, [])
    paying.restore_pay(decision.project_id, decision.annotator_id, held)
