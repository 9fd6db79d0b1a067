"""Letting somebody work again whom a decision, or somebody before there were decisions, had paused."""

from django.db import transaction

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict, Refused
from labeling.models import Enrollment, EnrollmentStatus
from labeling.services import people
from quality.models import Decision
from quality.queries.decisions import PAUSING
from quality.services.decisions import reverse
from quality.services.records import REASON


@transaction.atomic
def restore(enrollment: Enrollment, *, by: User, reason: str) -> None:
    """Reverse every standing pause, with votes and pay. Raises Refused without a reason, Conflict."""
    if not reason.strip() or len(reason) > REASON:
        raise Refused(f"must have 1 to {REASON} characters", field="reason")
    project, annotator = enrollment.project, enrollment.annotator
    people.lock_person(project.pk, annotator.pk)
    if not Enrollment.objects.filter(pk=enrollment.pk).exclude(status=EnrollmentStatus.ACTIVE):
        raise Conflict("this person is not paused")
    standing = Decision.objects.filter(
        project=project, annotator=annotator, action__in=PAUSING, reversed_at__isnull=True
    )
    for decision in standing.select_related("project", "annotator"):
        reverse(decision, by=by, reason=reason)
    if people.reinstate(project, annotator):  # a pause that no decision stands for
        subject = f"{project.public_id}:{enrollment.pseudonym}"
        audit(project.organization, by, "person.reinstated", subject, reason=reason)
