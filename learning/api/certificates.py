"""Certificates: what the machine may label, and the experts' audit behind it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.media import item_link
from labeling.models import Item, Project
from learning.api.certificate_shapes import (
    AgainInput,
    AgainScheduleInput,
    AuditInput,
    AuditOut,
    CertificateInput,
    CertificateOut,
    CertificatesOut,
    ForecastInput,
    ForecastOut,
    WithdrawCertificateInput,
)
from learning.api.finding import body_of, managed, person, reviewed, visible
from learning.api.paging import PARAMETERS, NumberedInput, page_of
from learning.models import Certificate
from learning.queries.certificates import certificate_row, certificates_of
from learning.queries.screens import Screened
from learning.services.certifying.auditing import answer_audit, audit_item, next_audit_items
from learning.services.certifying.drifting import audit_again, withdraw_certificate
from learning.services.certifying.foreseeing import Terms, foresee
from learning.services.certifying.looking import look
from learning.services.certifying.requesting import request_certificate
from learning.services.certifying.scheduling import set_schedule
from quality.given import SCREENED


class Certificates(APIView):
    """What the machine may label within a bound."""

    query_parameters = PARAMETERS

    @extend_schema(
        parameters=[NumberedInput], responses=CertificatesOut, operation_id="certificates"
    )
    def get(self, request: Request, project: str) -> Response:
        """The newest first."""
        page = page_of(request, certificates_of(visible(request, project).pk))
        rows = [certificate_json(row) for row in page.rows]
        return Response({"certificates": rows, "next": page.next})

    @extend_schema(
        request=CertificateInput,
        responses={201: CertificateOut},
        operation_id="request_certificate",
    )
    def post(self, request: Request, project: str) -> Response:
        """Draw a random audit sample; experts label it, and ``look`` judges it."""
        found, body = managed(request, project), body_of(request, CertificateInput)
        audit_items = body.pop("audit_items")
        made = request_certificate(found, Terms(**body), audit_items, actor=person(request))
        return Response(certificate_json(made), status=201)


class CertificateForecast(APIView):
    """What an audit would bring and cost."""

    @extend_schema(
        request=ForecastInput, responses=ForecastOut, operation_id="forecast_certificate"
    )
    def post(self, request: Request, project: str) -> Response:
        """Before the first audit answer. It takes the machine's confidence at its word."""
        found, body = managed(request, project), body_of(request, ForecastInput)
        sizes = body.pop("sizes")
        return Response(ForecastOut(foresee(found, Terms(**body), sizes)).data)


class Audit(APIView):
    """The expert's side of a certificate."""

    @extend_schema(responses=AuditOut, operation_id="audit_items")
    def get(self, request: Request, project: str, number: str) -> Response:
        """The next items to label, in random order. What the machine said is not told."""
        certificate = _certificate(reviewed(request, project), number)
        items = _next(certificate, request)
        return Response({"items": items, "sentence": certificate.sentence})

    @extend_schema(request=AuditInput, responses=AuditOut, operation_id="answer_audit")
    def post(self, request: Request, project: str, number: str) -> Response:
        """What the item is, as the expert says; the items after it come back."""
        found, body = reviewed(request, project), body_of(request, AuditInput)
        certificate = _certificate(found, number)
        item = audit_item(found, body["item"])
        if item is None:
            raise NotFound
        certificate = answer_audit(certificate, item, body["value"], reviewer=person(request))
        items = _next(certificate, request)
        return Response({"items": items, "sentence": certificate.sentence})


def _next(certificate: Certificate, request: Request) -> list[dict[str, Any]]:
    found = next_audit_items(certificate, reviewer=person(request))
    return [_item_json(item) for item in found]


class Look(APIView):
    """Judge the audit."""

    @extend_schema(request=None, responses=CertificateOut, operation_id="look_at_audit")
    def post(self, request: Request, project: str, number: str) -> Response:
        """Spends one look. What passes is labeled by the machine at once."""
        certificate = _certificate(managed(request, project), number)
        return Response(certificate_json(look(certificate, actor=person(request))))


class AuditAgain(APIView):
    """Audit accepted items again."""

    @extend_schema(request=AgainInput, responses=CertificateOut, operation_id="audit_again")
    def post(self, request: Request, project: str, number: str) -> Response:
        """A fresh random sample of them goes to experts; too many errors withdraw the certificate."""
        certificate = _certificate(managed(request, project), number)
        n_items = body_of(request, AgainInput)["items"]
        return Response(certificate_json(audit_again(certificate, n_items, actor=person(request))))

    @extend_schema(
        request=AgainScheduleInput, responses=CertificateOut, operation_id="schedule_audits"
    )
    def put(self, request: Request, project: str, number: str) -> Response:
        """Every so many days a fresh random sample of accepted items goes to experts."""
        certificate = _certificate(managed(request, project), number)
        body = body_of(request, AgainScheduleInput)
        changed = set_schedule(
            certificate, days=body["days"], n_items=body["items"], actor=person(request)
        )
        return Response(certificate_json(changed))


class CertificateWithdrawal(APIView):
    """Take a certificate back."""

    @extend_schema(
        request=WithdrawCertificateInput,
        responses=CertificateOut,
        operation_id="withdraw_certificate",
    )
    def post(self, request: Request, project: str, number: str) -> Response:
        """Its items go back to people."""
        certificate = _certificate(managed(request, project), number)
        because = body_of(request, WithdrawCertificateInput)["because"]
        done = withdraw_certificate(certificate, because, actor=person(request))
        return Response(certificate_json(done))


def certificate_json(row: Certificate) -> dict[str, Any]:
    plain = (
        "number state sentence bound confidence per_class threshold thresholds region assumption "
        "looks looks_taken again_days again_items withdrawn_because created_at withdrawn_at"
    )
    found = certificate_row(row)
    return {
        **{name: getattr(row, name) for name in plain.split()},
        "basis": SCREENED if row.screen else "experts",
        "screen": _screen_json(row, found.screened),
        "model": found.model,
        "audit_items": found.sampled,
        "audited": found.answered,
        "looks_left": found.looks_left,
        "accepted": found.accepted,
    }


def _screen_json(row: Certificate, found: Screened | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "answers": row.screen["answers"],
        "both_wrong": row.screen["both_wrong"],
        "checks": len(row.screen["checked"]),
        "done": len(found.done),
        "agreed": len(found.agreed),
        "check": row.screen.get("check"),
    }


def _item_json(item: Item) -> dict[str, Any]:
    media = item_link(item) if item.media_id else None
    return {"item": item.public_id, "payload": item.payload, "media": media}


def _certificate(project: Project, number: str) -> Certificate:
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        raise NotFound
    rows = Certificate.objects.filter(project=project, number=number)
    found = rows.select_related("model", "project").defer("model__blob").first()
    if found is None:
        raise NotFound
    return found
