"""How quick the people of an organization have been at a kind of question, and how many of them are at work."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from accounts.models import Membership, Organization, Role
from labeling.models import Answer, Enrollment, Project

LOOKED_AT = 500  # newest answers of one project
FEWEST = 20  # answers with a time, before they say anything
LATELY = timedelta(days=7)  # before the newest answer


@dataclass(frozen=True)
class Habits:
    """``seconds``: median of an answer, with the ``project`` it is from; None where nothing like it was asked.

    ``people``: who answered there lately, else the annotators of the organization.
    """

    seconds: float | None
    project: str
    people: int


def habits(organization: Organization, label_type: str) -> Habits:
    """From the newest project with questions of this kind that was answered."""
    like = Project.objects.filter(organization=organization, label_type=label_type)
    answered = Enrollment.objects.filter(project__in=like, answers__gt=0)
    newest = answered.order_by("-project_id").values_list("project_id", "project__name").first()
    if newest is None:
        return Habits(None, "", _annotators(organization))
    rows = Answer.objects.filter(project_id=newest[0]).order_by("-pk")
    answers = list(rows.values_list("seconds", "annotator_id", "created_at")[:LOOKED_AT])
    seconds = [taken for taken, _, _ in answers if taken is not None]
    if len(seconds) < FEWEST:
        return Habits(None, "", _annotators(organization))
    since = answers[0][2] - LATELY
    return Habits(median(seconds), newest[1], len({who for _, who, at in answers if at > since}))


def _annotators(organization: Organization) -> int:
    people = Membership.objects.filter(organization=organization, role=Role.ANNOTATOR)
    return people.filter(user__is_active=True).count()
