"""Models side by side, and which one is used."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from learning.api.finding import managed, person, visible
from learning.services.comparing import compare, model_named, promote


class CompareInput(StrictSerializer):
    left = serializers.IntegerField(min_value=1)
    right = serializers.IntegerField(min_value=1)


class ShareOut(serializers.Serializer[Any]):
    items = serializers.IntegerField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class ComparisonOut(serializers.Serializer[Any]):
    gold_items = serializers.IntegerField(help_text="Gold items that both have predicted.")
    left = ShareOut(allow_null=True, help_text="Accuracy on gold.")
    right = ShareOut(allow_null=True)
    only_left = serializers.IntegerField(help_text="Gold items that the left one alone gets right.")
    only_right = serializers.IntegerField()
    p_value = serializers.FloatField(
        allow_null=True, help_text="Exact test that neither is better (McNemar)."
    )
    agreement = serializers.FloatField(
        allow_null=True, help_text="Share of items on which they agree."
    )


class PromotionOut(serializers.Serializer[Any]):
    model = serializers.IntegerField()
    current = serializers.BooleanField()


class Compare(APIView):
    """Two models of a project."""

    query_parameters = {"GET": ("left", "right")}

    @extend_schema(
        parameters=[CompareInput], responses=ComparisonOut, operation_id="compare_models"
    )
    def get(self, request: Request, project: str) -> Response:
        """On the same gold items, and over the pool."""
        found = visible(request, project)
        given = CompareInput(data=request.query_params)
        given.is_valid(raise_exception=True)
        both = (model_named(found, given.validated_data[name]) for name in ("left", "right"))
        return Response(ComparisonOut(compare(*both)).data)


class Promotion(APIView):
    """Which model is used."""

    @extend_schema(request=None, responses=PromotionOut, operation_id="promote_model")
    def post(self, request: Request, project: str, model: str) -> Response:
        """Use this one from now on; an older one is a roll-back. The next training may replace it."""
        found = managed(request, project)
        if not (model.isascii() and model.isdecimal() and len(model) < 9):
            raise NotFound
        used = promote(found, int(model), actor=person(request))
        return Response({"model": used.number, "current": used.current})
