"""Acting on people who fail: a pause with its evidence and a reason, and answers set aside.

``Skill.failing`` (the gold test) and ``Skill.noticed`` (a bad stretch that the others see and gold
confirms) are the record of what is to be done: who has one, and no standing pause, gets it. This runs
after settling, in transactions of its own, and again by the sweep.
"""

from accounts.models import User
from labeling.models import Project
from quality.queries.decisions import people_to_judge
from quality.services.decisions import pause_annotator
from quality.services.evidence import Case, case_of
from quality.services.fits import project_of


def act_on_failing(project_id: int) -> int:
    """Pause everybody whose test says that they are guessing; how many were paused."""
    people = people_to_judge().filter(project_id=project_id).select_related("annotator")
    found = [skill.annotator for skill in people.order_by("pk")]
    return sum(_act(project_of(project_id), annotator) for annotator in found)


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
