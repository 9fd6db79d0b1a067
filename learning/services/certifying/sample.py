"""A certificate's audit items, and what experts have said about them."""

from itertools import takewhile

from django.db.models import QuerySet

from labeling.queries.among import among
from learning.models import Certificate, CertificateState
from learning.queries.certificates import audit_ids
from learning.queries.screens import screened
from quality.models import Review

LOOKING = (CertificateState.AUDITING, CertificateState.GRANTED)


def looks_left(certificate: Certificate) -> int:
    if certificate.state not in LOOKING:
        return 0
    return certificate.looks - len(certificate.looks_taken)


def asked_ids(certificate: Certificate) -> list[int]:
    """Those that experts are still asked about, answered or not: the sample while a look is left."""
    if certificate.state not in LOOKING:
        return []
    first = _of_sample(certificate) if looks_left(certificate) else []
    return [*first, *(item_id for batch in certificate.drift for item_id in batch)]


def _of_sample(certificate: Certificate) -> list[int]:
    if not certificate.screen:
        return list(certificate.sample)
    return screened(certificate).needs_expert(certificate)


def answered(certificate: Certificate) -> set[int]:
    """Audit items that an expert has labeled."""
    return set(_reviews(audit_ids(certificate)).values_list("item_id", flat=True))


def answered_beginning(certificate: Certificate) -> list[int]:
    """The sample up to the first item that is not judged: by an expert, or as the crowd's screen has it."""
    done = answered(certificate)
    if certificate.screen:
        done |= screened(certificate).passed(certificate)
    return list(takewhile(lambda item_id: item_id in done, certificate.sample))


def expert_codes(item_ids: list[int]) -> dict[int, int]:
    """Item id to the label that experts gave; the newest where several did."""
    rows = _reviews(item_ids).order_by("pk").values_list("item_id", "label_code")
    return {item_id: code for item_id, code in rows if code is not None}


def _reviews(item_ids: list[int]) -> "QuerySet[Review]":
    return Review.objects.filter(item_id__in=among(item_ids))
