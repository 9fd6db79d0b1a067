"""Reports for auditors: everybody, one person, and the project as a whole."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.models import EnrollmentStatus
from quality.api.access import parameters, visible
from quality.api.decisions import DecisionOutput
from quality.api.gold import EstimateOutput, ExposureOutput, SuspicionOutput
from quality.api.pages import PageInput
from quality.api.rules import FindingOutput
from quality.api.shapes import (
    AnnotatorOutput,
    AnnotatorsOutput,
    ExpectedOutput,
    GoldOutput,
    ProgressOutput,
)
from quality.pages import page_of
from quality.queries.people import ORDERS, annotators
from quality.queries.project_quality import project_quality
from quality.queries.reports import annotator_report


class AnnotatorsInput(PageInput):
    status = serializers.ChoiceField(EnrollmentStatus.values, required=False)
    order = serializers.ChoiceField(list(ORDERS), default="low")


class GoldPointOutput(serializers.Serializer[Any]):
    until = serializers.IntegerField()
    answers = serializers.IntegerField()
    right = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class AlikeOutput(serializers.Serializer[Any]):
    when_right = EstimateOutput()
    when_wrong = EstimateOutput()


class SpeedOutput(serializers.Serializer[Any]):
    median = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    usual = serializers.FloatField(allow_null=True)


class AnnotatorReportOutput(serializers.Serializer[Any]):
    person = AnnotatorOutput()
    gold = GoldPointOutput(many=True)
    labels = serializers.ListField(child=serializers.CharField())
    confusion = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()), allow_null=True
    )
    alike = AlikeOutput()
    speed = SpeedOutput()
    weight = serializers.FloatField()
    set_accuracy = serializers.FloatField(allow_null=True)
    findings = FindingOutput(many=True)
    decisions = DecisionOutput(many=True)


class QualityReportOutput(serializers.Serializer[Any]):
    expected_accuracy = ExpectedOutput()
    at_end = ExpectedOutput(help_text="If the rest of the items settles as those before have.")
    ceiling = serializers.FloatField(
        help_text="The most that may be promised of a label: .95 until gold bears out .99, .9 where gold denies .95."
    )
    progress = ProgressOutput()
    gold = GoldOutput()
    exposure = ExposureOutput()
    suspicions = SuspicionOutput(many=True)
    agreement = serializers.JSONField()
    camps_flagged = serializers.BooleanField()
    camps = serializers.CharField()
    surveyed_at = serializers.DateTimeField(allow_null=True)
    waiting = serializers.DictField(child=serializers.IntegerField())


class Annotators(APIView):
    """Everybody in the project; by default the doubtful first."""

    query_parameters = {"GET": tuple(AnnotatorsInput().fields)}

    @extend_schema(
        parameters=[AnnotatorsInput], responses=AnnotatorsOutput, operation_id="annotators"
    )
    def get(self, request: Request, project: str) -> Response:
        found, asked = visible(request, project), parameters(request, AnnotatorsInput)
        rows = annotators(found.pk, status=asked.get("status"), order=asked["order"])
        cursor, limit = asked.get("cursor"), asked["limit"]
        page = page_of(rows, lambda row: row.pseudonym, cursor=cursor, limit=limit)
        return Response(AnnotatorsOutput({"annotators": page.rows, "next": page.next}).data)


class AnnotatorReportView(APIView):
    """One person, under the project's pseudonym."""

    @extend_schema(responses=AnnotatorReportOutput, operation_id="annotator_report")
    def get(self, request: Request, project: str, annotator: str) -> Response:
        found = visible(request, project)
        parameters(request)
        report = annotator_report(found, annotator)
        if report is None:
            raise NotFound
        return Response(AnnotatorReportOutput(report).data)


class Quality(APIView):
    """How good the labels are and will be, agreement, gold, camps, and what waits for an expert."""

    @extend_schema(responses=QualityReportOutput, operation_id="quality")
    def get(self, request: Request, project: str) -> Response:
        found = visible(request, project)
        parameters(request)
        return Response(QualityReportOutput(project_quality(found)).data)
