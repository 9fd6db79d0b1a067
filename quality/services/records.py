"""Writing a decision down: what was done about whom, on what evidence, after how many answers."""

from typing import Any

from accounts.models import User
from labeling.models import Answer, Project
from quality.models import Action, Decision

REASON = 500  # characters


def decide(
    project: Project, annotator: User, action: Action, reason: str, evidence: dict[str, Any]
) -> Decision:
    """Write the decision down."""
    return Decision.objects.create(
        project=project,
        annotator=annotator,
        action=action,
        reason=reason[:REASON],
        evidence=evidence,
        answers_then=Answer.objects.filter(
            project=project, annotator=annotator, counted=True, revision=1
        ).count(),
    )
