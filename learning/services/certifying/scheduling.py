"""Later audits by themselves: every so many days a fresh sample of accepted items goes to experts.

While experts have not answered the last sample no further one is drawn: a longer heap would bring no
earlier warning.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.services import audit
from labeling.errors import Conflict, Refused
from labeling.models import ProjectStatus
from learning.models import Certificate, CertificateState
from learning.services.certifying.drifting import audit_again
from learning.services.certifying.sample import answered
from quality.queries import machine_labels

log = structlog.get_logger(__name__)
RUNNING = (ProjectStatus.LIVE, ProjectStatus.PILOT, ProjectStatus.DONE)


@transaction.atomic
def set_schedule(certificate: Certificate, *, days: int, n_items: int, actor: User) -> Certificate:
    """Audit ``n_items`` accepted items every ``days`` (0: only when asked for)."""
    Certificate.objects.filter(pk=certificate.pk).update(again_days=days, again_items=n_items)
    project, number = certificate.project, certificate.number
    said = {"certificate": number, "days": days, "items": n_items}
    audit(project.organization, actor, "certificate.scheduled", project.public_id, **said)
    certificate.refresh_from_db(fields=["again_days", "again_items"])
    return certificate


def audit_where_due(now: datetime | None = None) -> int:
    """Draw the samples that are due; how many. One that cannot be drawn stops no other."""
    drawn = 0
    for certificate in _scheduled(now or timezone.now()):
        try:
            drawn += _draw(certificate)
        except (Conflict, Refused) as reason:
            log.info("later_audit_not_drawn", certificate=certificate.pk, because=str(reason))
    return drawn


def _scheduled(now: datetime) -> list[Certificate]:
    rows = Certificate.objects.filter(
        state=CertificateState.GRANTED, again_days__gt=0, project__status__in=RUNNING
    ).annotate(last=Coalesce("audited_again_at", "created_at"))
    every = rows.select_related("project").defer("population")
    return [row for row in every if row.last <= now - timedelta(days=row.again_days)]


def _draw(certificate: Certificate) -> int:
    asked = {item_id for batch in certificate.drift for item_id in batch}
    if not asked <= answered(certificate):
        return 0
    accepted = machine_labels(certificate.project_id, certificate.number).count()
    n_items = min(certificate.again_items, accepted)
    if not n_items:
        return 0
    audit_again(certificate, n_items, actor=None)
    return 1
