"""Gold over time: who has seen it, whether it leaks, what would make good gold, what may be wrong."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from quality.api.access import body, managed, parameters, person, visible
from quality.api.pages import PageInput, PageOutput
from quality.queries.gold_exposure import exposure_of
from quality.queries.gold_list import gold_items
from quality.queries.gold_suggestions import gold_suggestions
from quality.queries.project_quality import suspicions
from quality.services.gold_care import MOST, keep_gold, promote, retire_gold

SUGGESTED = 100


class SuggestionsInput(StrictSerializer):
    limit = serializers.IntegerField(min_value=1, max_value=SUGGESTED, default=20)


class ItemsInput(StrictSerializer):
    items = serializers.ListField(
        child=serializers.CharField(max_length=32), min_length=1, max_length=MOST
    )


class RetirementInput(ItemsInput):
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class KeptInput(StrictSerializer):
    item = serializers.CharField(max_length=32)


class EstimateOutput(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    reason = serializers.CharField()


class StepOutput(serializers.Serializer[Any]):
    first = serializers.IntegerField()
    last = serializers.IntegerField(allow_null=True)
    answers = serializers.IntegerField()
    accuracy = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class ExposureOutput(serializers.Serializer[Any]):
    people = serializers.IntegerField()
    nearly_all = serializers.IntegerField(help_text="People who have met nearly all gold.")
    most_seen = serializers.IntegerField()
    median_seen = serializers.FloatField(allow_null=True)
    steps = StepOutput(many=True)
    leak = EstimateOutput(help_text="By how much late answers to gold beat early ones.")
    leaking = serializers.BooleanField()


class GoldItemOutput(serializers.Serializer[Any]):
    item = serializers.CharField()
    external_id = serializers.CharField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a field of that name
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    seen = serializers.IntegerField()
    right = serializers.IntegerField()
    retired = serializers.BooleanField()


class SuspicionOutput(serializers.Serializer[Any]):
    item = serializers.CharField()
    external_id = serializers.CharField()
    known = serializers.JSONField()
    said_instead = serializers.JSONField(allow_null=True)
    right = serializers.IntegerField()
    wrong = serializers.IntegerField()
    statistic = serializers.FloatField()
    threshold = serializers.FloatField()
    state = serializers.CharField()


class GoldMeterOutput(PageOutput):
    exposure = ExposureOutput()
    items = GoldItemOutput(many=True, help_text="A page of them, the most seen first.")
    suspicions = SuspicionOutput(many=True)


class SuggestionOutput(serializers.Serializer[Any]):
    item = serializers.CharField()
    external_id = serializers.CharField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a field of that name
    confidence = serializers.FloatField()
    answers = serializers.IntegerField()
    said_otherwise = serializers.IntegerField()


class SuggestionsOutput(serializers.Serializer[Any]):
    suggestions = SuggestionOutput(many=True)


class CountOutput(serializers.Serializer[Any]):
    items = serializers.IntegerField()


class Gold(APIView):
    """The exposure and leak meter, every gold item, and what may be wrong."""

    query_parameters = {"GET": tuple(PageInput().fields)}

    @extend_schema(parameters=[PageInput], responses=GoldMeterOutput, operation_id="gold")
    def get(self, request: Request, project: str) -> Response:
        found, asked = visible(request, project), parameters(request, PageInput)
        cursor, limit = asked.get("cursor"), asked["limit"]
        page = gold_items(found.pk, cursor=cursor, limit=limit)
        meter = {
            "exposure": exposure_of(found),
            "items": page.rows,
            "next": page.next,
            "suspicions": suspicions(found, every=True),
        }
        return Response(GoldMeterOutput(meter).data)


class GoldSuggestions(APIView):
    """Settled items that would make good gold."""

    query_parameters = {"GET": tuple(SuggestionsInput().fields)}

    @extend_schema(
        parameters=[SuggestionsInput], responses=SuggestionsOutput, operation_id="gold_suggestions"
    )
    def get(self, request: Request, project: str) -> Response:
        found, asked = visible(request, project), parameters(request, SuggestionsInput)
        rows = gold_suggestions(found, asked["limit"])
        return Response(SuggestionsOutput({"suggestions": rows}).data)


class GoldPromotions(APIView):
    """Settled items become gold."""

    @extend_schema(request=ItemsInput, responses=CountOutput, operation_id="promote_to_gold")
    def post(self, request: Request, project: str) -> Response:
        """With the labels that they have: to send this is the confirmation."""
        found, given = managed(request, project), body(request, ItemsInput)
        count = promote(found, given["items"], actor=person(request))
        return Response(CountOutput({"items": count}).data)


class GoldRetirements(APIView):
    """Gold is taken out of use."""

    @extend_schema(request=RetirementInput, responses=CountOutput, operation_id="retire_gold")
    def post(self, request: Request, project: str) -> Response:
        """It scores nobody any more; what was promoted is ordinary work again."""
        found, given = managed(request, project), body(request, RetirementInput)
        count = retire_gold(found, given["items"], actor=person(request), reason=given["reason"])
        return Response(CountOutput({"items": count}).data)


class GoldKept(APIView):
    """The gold is right."""

    @extend_schema(request=KeptInput, responses={204: None}, operation_id="keep_gold")
    def post(self, request: Request, project: str) -> Response:
        """It is not proposed for retirement again."""
        found, given = managed(request, project), body(request, KeptInput)
        keep_gold(found, given["item"], actor=person(request))
        return Response(status=204)
