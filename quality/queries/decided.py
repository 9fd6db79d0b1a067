"""Decisions and appeals as people read them: managers with all evidence, the person without any count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from labeling.models import Enrollment, Project
from quality.models import Appeal, AppealState, Decision
from quality.rules.book import QUIET


@dataclass(frozen=True)
class DecisionRow:
    """One decision, for managers. ``rules`` is the version of the rules it rests on; None: by hand."""

    id: str
    annotator: str
    actions: tuple[str, ...]
    amount: float | None
    reason: str
    words: str
    evidence: dict[str, Any]
    rules: int | None
    by: str | None
    at: datetime
    answers_then: int
    set_aside: int
    reversed_at: datetime | None
    reversal_reason: str
    appeal: str | None


@dataclass(frozen=True)
class AppealRow:
    """One appeal, for managers, with the decision that it contests."""

    id: str
    state: str
    text: str
    answer: str
    at: datetime
    closed_at: datetime | None
    decision: DecisionRow


@dataclass(frozen=True)
class MyAppeal:
    id: str
    state: str
    text: str
    answer: str


@dataclass(frozen=True)
class MyDecision:
    """One decision, for the person it is about: what was done and why, in words that name no item."""

    id: str
    project: str
    project_name: str
    actions: tuple[str, ...]
    words: str
    at: datetime
    standing: bool
    appeals: tuple[MyAppeal, ...]


def decisions(
    project: Project,
    *,
    annotator: str | None = None,
    standing: bool | None = None,
    action: str | None = None,
    before: str | None = None,
    limit: int = 100,
) -> list[DecisionRow]:
    """The newest first; ``before`` is the id of the last row of the page before."""
    rows = Decision.objects.filter(project=project)
    if annotator is not None:
        rows = rows.filter(
            annotator__enrollments__project=project, annotator__enrollments__pseudonym=annotator
        )
    if standing is not None:
        rows = rows.filter(reversed_at__isnull=standing)
    if action is not None:
        rows = rows.filter(action=action)
    if before is not None:
        last = Decision.objects.filter(project=project, public_id=before).values("pk")
        rows = rows.filter(pk__lt=last[:1])
    return _decision_rows(project.pk, rows.order_by("-pk")[:limit])


def decision_row(decision: Decision) -> DecisionRow:
    """One decision as managers read it."""
    [row] = _decision_rows(decision.project_id, Decision.objects.filter(pk=decision.pk))
    return row


def appeals(project: Project, *, state: str | None = None, limit: int = 100) -> list[AppealRow]:
    """The managers' queue: open ones first, the oldest first."""
    found = Appeal.objects.filter(decision__project=project).order_by("pk")
    if state is not None:
        found = found.filter(state=state)
    rows = sorted(found[:limit], key=lambda row: (row.state != AppealState.OPEN, row.pk))
    about = Decision.objects.filter(pk__in=[row.decision_id for row in rows])
    known = {row.id: row for row in _decision_rows(project.pk, about)}
    names = dict(about.values_list("pk", "public_id"))
    return [
        AppealRow(
            id=row.public_id or "",
            state=row.state,
            text=row.text,
            answer=row.answer,
            at=row.created_at,
            closed_at=row.closed_at,
            decision=known[names[row.decision_id] or ""],
        )
        for row in rows
    ]


def my_decisions(annotator_id: int) -> list[MyDecision]:
    """What was decided about this person, the newest first; what takes nothing away is not told."""
    rows = Decision.objects.filter(annotator_id=annotator_id).select_related("project")
    rows = rows.prefetch_related("appeals").order_by("-pk")
    return [_mine(row) for row in rows if not {row.action, *row.also} <= QUIET]


def _mine(row: Decision) -> MyDecision:
    actions = tuple(action for action in (row.action, *row.also) if action not in QUIET)
    return MyDecision(
        id=row.public_id or "",
        project=row.project.public_id,
        project_name=row.project.name,
        actions=actions,
        words=row.words,
        at=row.created_at,
        standing=row.reversed_at is None,
        appeals=tuple(
            MyAppeal(one.public_id or "", one.state, one.text, one.answer)
            for one in sorted(row.appeals.all(), key=lambda one: one.pk)
        ),
    )


def _decision_rows(project_id: int, rows: QuerySet[Decision]) -> list[DecisionRow]:
    """Four queries, however many there are."""
    found: Sequence[Decision] = list(
        rows.select_related("rule__rule_set", "by").prefetch_related("appeals", "set_aside")
    )
    people = Enrollment.objects.filter(
        project_id=project_id, annotator_id__in=[row.annotator_id for row in found]
    )
    names = dict(people.values_list("annotator_id", "pseudonym"))
    return [_decision_row(row, names.get(row.annotator_id, "")) for row in found]


def _decision_row(row: Decision, annotator: str) -> DecisionRow:
    last = max(row.appeals.all(), key=lambda one: one.pk, default=None)
    return DecisionRow(
        id=row.public_id or "",
        annotator=annotator,
        actions=(row.action, *row.also),
        amount=row.amount,
        reason=row.reason,
        words=row.words,
        evidence=row.evidence,
        rules=row.rule.rule_set.version if row.rule else None,
        by=row.by.username if row.by else None,
        at=row.created_at,
        answers_then=row.answers_then,
        set_aside=len(row.set_aside.all()),
        reversed_at=row.reversed_at,
        reversal_reason=row.reversal_reason,
        appeal=last.state if last else None,
    )
