"""Holding pay by a decision, and giving it back. The ledger itself is kept by ``labeling.services.paying``."""

from labeling.services import paying
from quality.models import Decision

HELD = "held"  # in a decision's evidence: ids of the answers


def restore_held(decision: Decision) -> None:
    """Pay again what the decision held. The caller has reversed it and holds the person's lock."""
    held = decision.evidence.get(HELD, [])
    paying.restore_pay(decision.project_id, decision.annotator_id, held)
