"""Decisions and appeals as people read them: managers with all evidence, the person without any count."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When

from labeling.models import Enrollment, Project
from quality.models import Appeal, AppealState, Decision, SetAside
from quality.pages import Page, first_page, unknown_cursor
from quality.rules.book import QUIET

OPEN, SHUT = "open", "shut"


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
    due: datetime
    closed_at: datetime | None
    decision: DecisionRow


@dataclass(frozen=True)
class MyAppeal:
    id: str
    state: str
    text: str
    answer: str
    due: datetime


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
    cursor: str | None = None,
    limit: int = 100,
) -> Page[DecisionRow]:
    """The newest first. Raises Refused for a cursor that names no decision of the project."""
    every = Decision.objects.filter(project=project)
    rows = every
    if annotator is not None:
        rows = rows.filter(
            annotator__enrollments__project=project, annotator__enrollments__pseudonym=annotator
        )
    if standing is not None:
        rows = rows.filter(reversed_at__isnull=standing)
    if action is not None:
        rows = rows.filter(action=action)
    if cursor is not None:
        rows = rows.filter(pk__lt=_place(every, cursor))
    found = _decision_rows(project.pk, rows.order_by("-pk")[: limit + 1])
    return first_page(found, lambda row: row.id, limit)


def _place(rows: QuerySet[Any], cursor: str) -> int:
    place: int | None = rows.filter(public_id=cursor).values_list("pk", flat=True).first()
    if place is None:
        raise unknown_cursor()
    return place


def decision_row(decision: Decision) -> DecisionRow:
    """One decision as managers read it."""
    [row] = _decision_rows(decision.project_id, Decision.objects.filter(pk=decision.pk))
    return row


def appeals(
    project: Project, *, state: str | None = None, cursor: str | None = None, limit: int = 100
) -> Page[AppealRow]:
    """The managers' queue: open ones first, the oldest first. Raises Refused for an unknown cursor."""
    every = Appeal.objects.filter(decision__project=project).alias(
        shut=Case(When(state=AppealState.OPEN, then=0), default=1)
    )
    rows = every if state is None else every.filter(state=state)
    if cursor is not None:
        shut, _dot, name = cursor.partition(".")
        place, beyond = _place(every, name), shut == SHUT
        rows = rows.filter(Q(shut=beyond, pk__gt=place) | Q(shut__gt=beyond))
    found = _appeal_rows(project, list(rows.order_by("shut", "pk")[: limit + 1]))
    return first_page(found, _cursor_of, limit)


def _cursor_of(row: AppealRow) -> str:
    """With the part of the list that it stood in: it may be answered before the next page is read."""
    return f"{OPEN if row.state == AppealState.OPEN else SHUT}.{row.id}"


def _appeal_rows(project: Project, rows: Sequence[Appeal]) -> list[AppealRow]:
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
            due=row.due,
            closed_at=row.closed_at,
            decision=known[names[row.decision_id] or ""],
        )
        for row in rows
    ]


def my_decisions(
    annotator_id: int, *, cursor: str | None = None, limit: int = 100
) -> Page[MyDecision]:
    """What was decided about this person, the newest first; what takes nothing away is not told.

    The hardest act comes first in a row, so that a row whose act is quiet does nothing else. Raises
    Refused for an unknown cursor, as that of a decision which is not told.
    """
    told = Decision.objects.filter(annotator_id=annotator_id).exclude(action__in=QUIET)
    rows = told if cursor is None else told.filter(pk__lt=_place(told, cursor))
    rows = rows.select_related("project").prefetch_related("appeals").order_by("-pk")
    return first_page([_mine(row) for row in rows[: limit + 1]], lambda row: row.id, limit)


def _mine(row: Decision) -> MyDecision:
    actions = tuple(action for action in row.actions if action not in QUIET)
    return MyDecision(
        id=row.public_id or "",
        project=row.project.public_id,
        project_name=row.project.name,
        actions=actions,
        words=row.words,
        at=row.created_at,
        standing=row.reversed_at is None,
        appeals=tuple(
            MyAppeal(one.public_id or "", one.state, one.text, one.answer, one.due)
            for one in sorted(row.appeals.all(), key=lambda one: one.pk)
        ),
    )


def _decision_rows(project_id: int, rows: QuerySet[Decision]) -> list[DecisionRow]:
    """Four queries, however many there are."""
    found = list(rows.select_related("rule__rule_set", "by").prefetch_related("appeals"))
    people = Enrollment.objects.filter(
        project_id=project_id, annotator_id__in=[row.annotator_id for row in found]
    )
    names = dict(people.values_list("annotator_id", "pseudonym"))
    aside = _set_aside(found)
    return [_decision_row(row, names.get(row.annotator_id, ""), aside[row.pk]) for row in found]


def _set_aside(rows: Iterable[Decision]) -> Counter[int]:
    """[decision id]: how many answers it has set aside."""
    every = SetAside.objects.filter(decision__in=[row.pk for row in rows]).order_by()
    return Counter(dict(every.values_list("decision_id").annotate(n=Count("pk"))))


def _decision_row(row: Decision, annotator: str, set_aside: int) -> DecisionRow:
    last = max(row.appeals.all(), key=lambda one: one.pk, default=None)
    return DecisionRow(
        id=row.public_id or "",
        annotator=annotator,
        actions=row.actions,
        amount=row.amount,
        reason=row.reason,
        words=row.words,
        evidence=row.evidence,
        rules=row.rule.rule_set.version if row.rule else None,
        by=row.by.username if row.by else None,
        at=row.created_at,
        answers_then=row.answers_then,
        set_aside=set_aside,
        reversed_at=row.reversed_at,
        reversal_reason=row.reversal_reason,
        appeal=last.state if last else None,
    )
