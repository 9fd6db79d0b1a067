"""Decisions about people: made with evidence and a reason, reversible with pay and votes restored.

A decision locks the person's Enrollment first and no Item at all. Items whose votes change are marked
for settling, which finds by itself which ones have to be asked about again.
"""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from jobs.hints import nudge_by_name
from labeling.models import Answer, Assignment, AssignmentState, Project
from labeling.queries import counted_answers
from labeling.services import people
from quality.events import annotator_paused
from quality.models import Action, Decision, SetAside
from quality.queries.decisions import PAUSING
from quality.services.fits import lock_fit
from quality.services.pay import restore_pay
from quality.services.records import REASON, decide
from quality.services.scoring import test_people

SETTLE = "quality.settle"


def pause_annotator(
    project: Project,
    annotator: User,
    *,
    reason: str,
    evidence: dict[str, Any],
    set_aside: Iterable[int] = (),
) -> Decision | None:
    """Stop handing out work, and let these answers count no more. None if a pause stands already."""
    try:
        with transaction.atomic():
            people.pause(project, annotator, reason)
            decision = decide(project, annotator, Action.PAUSE, reason, evidence)
            _set_aside(decision, set_aside)
            annotator_paused.send(Decision, project_id=project.pk, annotator_id=annotator.pk)
    except IntegrityError:  # somebody was first: ``one_standing_pause``
        return None
    return decision


@transaction.atomic
def set_aside(
    project: Project,
    annotator: User,
    *,
    answer_ids: Iterable[int],
    reason: str,
    evidence: dict[str, Any],
) -> Decision:
    """Let these answers of the person count no more; the answers and their pay stay."""
    decision = decide(project, annotator, Action.SET_ASIDE, reason, evidence)
    _set_aside(decision, answer_ids)
    return decision


@transaction.atomic
def reverse(decision: Decision, *, by: User | None, reason: str) -> bool:
    """Take a decision back: work and votes as if it had not been made. False if it was before.

    What the tests had counted against the person until now is forgiven with it.
    """
    people.lock_person(decision.project_id, decision.annotator_id)
    standing = Decision.objects.filter(pk=decision.pk, reversed_at__isnull=True)
    changed = standing.update(
        reversed_at=timezone.now(),
        reversed_by=by,
        reversal_reason=reason[:REASON],
        forgiven_until=_last_answer(decision),
    )
    if changed == 1:
        _undo(decision)
    return changed == 1


def _undo(decision: Decision) -> None:
    if decision.action in PAUSING:
        people.reinstate(decision.project, decision.annotator)
    restore_pay(decision)
    restored = SetAside.objects.filter(decision=decision)
    answer_ids = list(restored.values_list("answer_id", flat=True))
    restored.delete()
    _settle_again(decision.project_id, answer_ids)
    lock_fit(decision.project_id)
    test_people(decision.project, [decision.annotator_id])


def _set_aside(decision: Decision, answer_ids: Iterable[int]) -> None:
    """The person's own counted answers among these; one that is set aside already stays so."""
    own = counted_answers(decision.project_id).filter(annotator_id=decision.annotator_id)
    found = list(own.filter(pk__in=list(answer_ids)).values_list("pk", flat=True))
    SetAside.objects.bulk_create(
        [SetAside(answer_id=pk, decision=decision) for pk in found], ignore_conflicts=True
    )
    _settle_again(decision.project_id, found)


def _settle_again(project_id: int, answer_ids: list[int]) -> None:
    """Let settling look anew at the items of these answers."""
    Assignment.objects.filter(answers__in=answer_ids, state=AssignmentState.ANSWERED).update(
        unused=True
    )
    nudge_by_name(SETTLE, project_id)


def _last_answer(decision: Decision) -> int:
    own = Answer.objects.filter(project=decision.project, annotator=decision.annotator)
    return own.aggregate(last=Max("pk"))["last"] or 0
