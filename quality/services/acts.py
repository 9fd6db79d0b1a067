"""What a manager or auditor does about one person from their page: always with a reason, always undoable."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict, Refused
from labeling.models import Enrollment, EnrollmentStatus
from labeling.queries import counted_answers
from labeling.services import people
from quality.models import Decision
from quality.services.decisions import pause_annotator, reverse, set_aside
from quality.services.records import REASON

PAUSE, SET_ASIDE, REINSTATE = "pause", "set-aside", "reinstate"
ACTS = (PAUSE, SET_ASIDE, REINSTATE)


@dataclass(frozen=True)
class Act:
    """What, about whom, by whom and why."""

    kind: str
    enrollment: Enrollment
    by: User
    reason: str


@transaction.atomic
def carry_out_by_hand(act: Act) -> None:
    """Do it and write it down. Raises Refused without a reason, Conflict where it stands already."""
    if not act.reason.strip() or len(act.reason) > REASON:
        raise Refused(f"must have 1 to {REASON} characters", field="reason")
    {PAUSE: _pause, SET_ASIDE: _set_aside, REINSTATE: _reinstate}[act.kind](act)
    project = act.enrollment.project
    subject = f"{project.public_id}:{act.enrollment.pseudonym}"
    audit(project.organization, act.by, f"person.{act.kind}", subject, reason=act.reason)


@transaction.atomic
def take_back(decision: Decision, *, by: User, reason: str) -> None:
    """Reverse a decision from the page. Raises Refused without a reason, Conflict when it was before."""
    if not reason.strip() or len(reason) > REASON:
        raise Refused(f"must have 1 to {REASON} characters", field="reason")
    if not reverse(decision, by=by, reason=reason):
        raise Conflict("was taken back already")
    project = decision.project
    audit(project.organization, by, "decision.taken_back", f"{project.public_id}:{decision.pk}")


def _pause(act: Act) -> None:
    project, annotator = act.enrollment.project, act.enrollment.annotator
    made = pause_annotator(project, annotator, reason=act.reason, evidence={"by_hand": True})
    if made is None:
        raise Conflict("a pause stands already")


def _set_aside(act: Act) -> None:
    project, annotator = act.enrollment.project, act.enrollment.annotator
    own = counted_answers(project.pk).filter(annotator=annotator, set_aside__isnull=True)
    answers = list(own.values_list("pk", flat=True))
    if not answers:
        raise Conflict("there is no vote left to set aside")
    set_aside(project, annotator, answer_ids=answers, reason=act.reason, evidence={"by_hand": True})


def _reinstate(act: Act) -> None:
    """Takes every standing pause back; the one without a decision too."""
    enrollment = act.enrollment
    if enrollment.status == EnrollmentStatus.ACTIVE:
        raise Conflict("this person is not paused")
    standing = Decision.objects.filter(
        project=enrollment.project,
        annotator=enrollment.annotator,
        action__in=("pause", "ban"),
        reversed_at__isnull=True,
    )
    for decision in standing:
        reverse(decision, by=act.by, reason=act.reason)
    people.reinstate(enrollment.project, enrollment.annotator)
