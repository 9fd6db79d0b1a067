"""Acting on people who fail: a pause with its evidence and a reason, and answers set aside.

``Skill.failing`` is the record of what is to be done: whoever fails and has no standing pause gets one.
It runs after settling, in transactions of its own, and again by the sweep.
"""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from labeling.models import Project
from quality.models import Decision, Skill
from quality.services.decisions import PAUSING, pause_annotator
from quality.services.evidence import Case, case_of
from quality.services.fits import project_of


def act_on_failing(project_id: int) -> int:
    """Pause everybody whose test says that they are guessing; how many were paused."""
    people = list(failing_people(project_id))
    if not people:
        return 0
    project = project_of(project_id)
    return sum(_act(project, skill.annotator) for skill in people)


def failing_people(project_id: int) -> QuerySet[Skill]:
    """Served by the partial index ``failing_people``: usually empty."""
    standing = Decision.objects.filter(
        project_id=OuterRef("project_id"),
        annotator_id=OuterRef("annotator_id"),
        action__in=PAUSING,
        reversed_at__isnull=True,
    )
    failing = Skill.objects.filter(~Exists(standing), project_id=project_id, failing=True)
    return failing.select_related("annotator").order_by("pk")


def _act(project: Project, annotator: User) -> bool:
    case = case_of(project, annotator.pk)
    if case.standing.proposal == "use_confusion":
        return False  # wrong in a regular way: of use, once it is read rightly
    decision = pause_annotator(
        project,
        annotator,
        reason=reason_of(case),
        evidence={"evidence": case.as_json()},
        set_aside=case.since(),
    )
    return decision is not None


def reason_of(case: Case) -> str:
    """What the person and the manager read."""
    said = " ".join(dict.fromkeys(evidence.reason for evidence in case.standing.raised))
    return f"Paused because the answers look like guesses. {said}"[:500]
