"""Writing a decision down: what was done about whom, on what evidence, after how many answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from labeling.models import Answer, Project
from quality.models import Action, Decision, Rule

REASON = 500  # characters


@dataclass(frozen=True)
class Deed:
    """What is to be done about somebody, and why.

    ``actions`` has the hardest first. ``reason`` is for managers; ``words`` is what the person reads. A
    ``rule`` says so, or somebody does: ``by``. ``answer_ids`` are those that pay and votes are about.
    """

    actions: tuple[str, ...]
    reason: str
    words: str
    evidence: dict[str, Any] = field(default_factory=dict)
    answer_ids: Iterable[int] = ()
    rule: Rule | None = None
    by: User | None = None
    amount: float | None = None


def write_down(project: Project, annotator: User, deed: Deed) -> Decision:
    """The decision as a row; nothing else happens."""
    return Decision.objects.create(
        project=project,
        annotator=annotator,
        rule=deed.rule,
        by=deed.by,
        action=Action(deed.actions[0]),
        also=list(deed.actions[1:]),
        amount=deed.amount,
        reason=deed.reason[:REASON],
        words=deed.words[:REASON],
        evidence=deed.evidence,
        answers_then=Answer.objects.filter(
            project=project, annotator=annotator, counted=True, revision=1
        ).count(),
    )
