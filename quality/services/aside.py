"""Answers whose vote does not count: always exactly those that standing decisions name.

A decision names them in its evidence, as a range of the person's own answers or one by one, so the rows
can be made again from decisions alone.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from jobs.hints import nudge_by_name
from labeling.models import Answer, Assignment, AssignmentState
from labeling.queries import counted_answers
from labeling.queries.among import among
from quality.models import Decision, SetAside

ASIDE = "aside"  # in a decision's evidence
SETTLE = "quality.settle"


def named(project_id: int, annotator_id: int, answer_ids: Iterable[int]) -> dict[str, Any]:
    """The person's own counted answers among these, as a decision's evidence keeps them."""
    own = _own(project_id, annotator_id)
    ids = sorted(own.filter(pk__in=among(answer_ids)).values_list("pk", flat=True))
    if not ids:
        return {}
    within = own.filter(pk__gte=ids[0], pk__lte=ids[-1]).count()
    if within == len(ids):
        return {"since": ids[0], "until": ids[-1]}
    return {"ids": ids}


def realign(project_id: int, annotator_id: int) -> None:
    """Set aside what standing decisions name, and nothing else; items that it changes are settled anew.

    Also what was set aside by decisions before this was kept in their evidence stays.
    """
    wanted = _wanted(project_id, annotator_id)
    rows = SetAside.objects.filter(answer__project_id=project_id, answer__annotator_id=annotator_id)
    present = dict(rows.values_list("answer_id", "decision_id"))
    gone = [pk for pk, decision in present.items() if wanted.get(pk) != decision]
    SetAside.objects.filter(answer_id__in=among(gone)).delete()
    fresh = [pk for pk, decision in wanted.items() if present.get(pk) != decision]
    SetAside.objects.bulk_create(
        [SetAside(answer_id=pk, decision_id=wanted[pk]) for pk in fresh], ignore_conflicts=True
    )
    settle_again(project_id, sorted(set(present) ^ set(wanted)))


def settle_again(project_id: int, answer_ids: Iterable[int]) -> None:
    """Let settling look anew at the items of these answers."""
    seats = Answer.objects.filter(pk__in=among(answer_ids)).values_list("assignment_id", flat=True)
    # In two steps: joined into one, the planner may read all answers once for each seat.
    answered = Assignment.objects.filter(pk__in=among(seats), state=AssignmentState.ANSWERED)
    answered.update(unused=True)
    nudge_by_name(SETTLE, project_id)


def settle_all_of(project_id: int, annotator_id: int) -> None:
    """Let settling look anew at everything that the person has answered."""
    answered = Assignment.objects.filter(
        project_id=project_id, annotator_id=annotator_id, state=AssignmentState.ANSWERED
    )
    answered.update(unused=True)
    nudge_by_name(SETTLE, project_id)


def _wanted(project_id: int, annotator_id: int) -> dict[int, int]:
    """Answer id to the first standing decision that sets it aside."""
    standing = Decision.objects.filter(
        project_id=project_id, annotator_id=annotator_id, reversed_at__isnull=True
    )
    wanted: dict[int, int] = {}
    for decision in standing.order_by("pk"):
        for pk in _answers_of(decision):
            wanted.setdefault(pk, decision.pk)
    return wanted


def _answers_of(decision: Decision) -> list[int]:
    if ASIDE not in decision.evidence:
        return list(decision.set_aside.values_list("answer_id", flat=True))
    where, own = decision.evidence[ASIDE], _own(decision.project_id, decision.annotator_id)
    if "ids" in where:
        return list(own.filter(pk__in=among(where["ids"])).values_list("pk", flat=True))
    if not where:
        return []
    range_ = own.filter(pk__gte=where["since"], pk__lte=where["until"])
    return list(range_.values_list("pk", flat=True))


def _own(project_id: int, annotator_id: int) -> QuerySet[Answer]:
    return counted_answers(project_id).filter(annotator_id=annotator_id)
