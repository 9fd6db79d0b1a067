"""Certificates as people see them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from labeling.models.projects import ProjectQuerySet
from labeling.queries.among import among
from learning.models import Certificate, CertificateState
from learning.queries.screens import Screened, screened
from quality.models import Review
from quality.queries import machine_labels


@dataclass(frozen=True)
class CertificateRow:
    """``answered`` of ``sampled`` audit items, later audits among them, have an expert's label.

    Where a crowd screens the audit, ``sampled`` are the items that experts are asked about so far; ``screened``
    says how many the crowd has done, and on how many of them it agrees with the machine.
    """

    certificate: Certificate
    model: int
    sampled: int
    answered: int
    looks_left: int
    accepted: int
    screened: Screened | None = None

    @property
    def asks(self) -> bool:
        """Whether experts are still asked."""
        state = self.certificate.state
        return state in (CertificateState.AUDITING, CertificateState.GRANTED) and (
            self.answered < self.sampled
        )


def certificate_rows(project_id: int, *, limit: int) -> list[CertificateRow]:
    """The newest first."""
    rows = certificates_of(project_id).order_by("-number")[:limit]
    return [certificate_row(row) for row in rows]


def certificates_of(project_id: int) -> QuerySet[Certificate]:
    """Without the large columns."""
    rows = Certificate.objects.filter(project_id=project_id).select_related("model", "project")
    return rows.defer("population", "model__blob")


def certificate_row(row: Certificate) -> CertificateRow:
    found = screened(row) if row.screen else None
    every = audit_ids(row) if found is None else [*found.needs_expert(row), *later_ids(row)]
    known = Review.objects.filter(item_id__in=among(every)).values("item_id").distinct().count()
    looking = row.state in (CertificateState.AUDITING, CertificateState.GRANTED)
    return CertificateRow(
        certificate=row,
        model=row.model.number,
        sampled=len(every),
        answered=known,
        looks_left=row.looks - len(row.looks_taken) if looking else 0,
        accepted=machine_labels(row.project_id, row.number).count(),
        screened=found,
    )


def audit_ids(row: Certificate) -> list[int]:
    return [*row.sample, *later_ids(row)]


def later_ids(row: Certificate) -> list[int]:
    return [item_id for batch in row.drift for item_id in batch]


def open_audits(projects: ProjectQuerySet, *, limit: int) -> list[CertificateRow]:
    """Audits in these projects that wait for experts."""
    states = (CertificateState.AUDITING, CertificateState.GRANTED)
    rows = Certificate.objects.filter(project__in=projects, state__in=states)
    rows = rows.select_related("model", "project").defer("population", "model__blob")
    found = (certificate_row(row) for row in rows.order_by("-pk")[:limit])
    return [row for row in found if row.asks]
