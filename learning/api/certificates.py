"""Certificates: what the machine may label, and the experts' audit behind it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from labeling.media import item_link
from labeling.models import Item, Project
from learning.api.finding import body_of, managed, person, reviewed, visible
from learning.api.paging import PARAMETERS, NumberedInput, NumberedOutput, page_of
from learning.models import Certificate
from learning.queries.certificates import certificate_row, certificates_of
from learning.services.certifying.auditing import answer_audit, audit_item, next_audit_items
from learning.services.certifying.drifting import audit_again, withdraw_certificate
from learning.services.certifying.foreseeing import SIZES, Terms, foresee
from learning.services.certifying.looking import look
from learning.services.certifying.requesting import request_certificate
from learning.services.certifying.scheduling import set_schedule


class TermsInput(StrictSerializer):
    bound = serializers.FloatField(help_text="At most this share of the machine's labels is wrong.")
    confidence = serializers.FloatField(default=0.95)
    looks = serializers.IntegerField(
        default=1, help_text="How often the growing audit may be judged; each costs coverage."
    )
    per_class = serializers.BooleanField(default=False, help_text="The bound for each label alone.")
    share = serializers.FloatField(
        default=1.0, help_text="The most confident part of the pool that is audited and accepted."
    )


class ForecastInput(TermsInput):
    sizes = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=100_000),
        default=list(SIZES),
        min_length=1,
        max_length=10,
    )
    price_micros = serializers.IntegerField(default=0, min_value=0)


class ForecastRow(serializers.Serializer[Any]):
    audited = serializers.IntegerField()
    coverage = serializers.FloatField(help_text="Expected share of the region that is accepted.")
    nothing = serializers.FloatField(help_text="Probability that nothing can be accepted.")
    cost = serializers.FloatField(help_text="The experts' price, in micro-units.")


class ForecastOut(serializers.Serializer[Any]):
    items = serializers.IntegerField(help_text="Items of the region.")
    fewest = serializers.IntegerField(help_text="Audit items without one error that it takes.")
    forecasts = ForecastRow(many=True)
    sentence = serializers.CharField()


class CertificateInput(TermsInput):
    audit_items = serializers.IntegerField(min_value=1, max_value=100_000)


class CertificateOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    state = serializers.CharField(help_text="auditing, granted, refused or withdrawn")
    sentence = serializers.CharField()
    bound = serializers.FloatField()
    confidence = serializers.FloatField()
    per_class = serializers.BooleanField()
    threshold = serializers.FloatField(allow_null=True)
    thresholds = serializers.DictField(help_text='Label code to threshold, or "all".')
    region = serializers.DictField()
    model = serializers.IntegerField()
    assumption = serializers.CharField()
    audit_items = serializers.IntegerField()
    audited = serializers.IntegerField()
    looks = serializers.IntegerField()
    looks_left = serializers.IntegerField()
    looks_taken = serializers.ListField()
    accepted = serializers.IntegerField(help_text="Items that have the machine's label now.")
    withdrawn_because = serializers.CharField()
    again_days = serializers.IntegerField(
        help_text="How often accepted items are audited; 0: never."
    )
    again_items = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class CertificatesOut(NumberedOutput):
    certificates = CertificateOut(many=True)


class AuditItemOut(serializers.Serializer[Any]):
    item = serializers.CharField()
    payload = serializers.JSONField()
    media = serializers.CharField(allow_null=True)


class AuditOut(serializers.Serializer[Any]):
    items = AuditItemOut(many=True)
    sentence = serializers.CharField()


class AuditInput(StrictSerializer):
    item = serializers.CharField(max_length=32)
    value = serializers.JSONField()


class AgainInput(StrictSerializer):
    items = serializers.IntegerField(min_value=1, max_value=100_000)


class AgainScheduleInput(StrictSerializer):
    days = serializers.IntegerField(
        min_value=0, max_value=366, help_text="0: only when it is asked for."
    )
    items = serializers.IntegerField(min_value=1, max_value=100_000)


class WithdrawCertificateInput(StrictSerializer):
    because = serializers.CharField(max_length=200)


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
        items = [_item_json(item) for item in next_audit_items(certificate)]
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
        items = [_item_json(item) for item in next_audit_items(certificate)]
        return Response({"items": items, "sentence": certificate.sentence})


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
        "model": found.model,
        "audit_items": found.sampled,
        "audited": found.answered,
        "looks_left": found.looks_left,
        "accepted": found.accepted,
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
