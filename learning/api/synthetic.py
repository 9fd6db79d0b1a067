"""Items that are made on the border between labels, and the project in which people label them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from learning.api.finding import body_of, managed, person, visible
from learning.models import SyntheticWork
from learning.services.synthesizing import as_json, synthesize


class SyntheticInput(StrictSerializer):
    items = serializers.IntegerField(min_value=1, max_value=200)
    generator = serializers.CharField(
        max_length=200,
        default="",
        allow_blank=True,
        help_text="A dotted path that the administrator allows; empty: mixed vectors or pictures.",
    )


class SyntheticOut(serializers.Serializer[Any]):
    project = serializers.CharField(
        allow_null=True, help_text="Where people label them: never in the real project."
    )
    items = serializers.IntegerField()
    settled = serializers.IntegerField()


class SyntheticView(APIView):
    """Query synthesis."""

    @extend_schema(responses=SyntheticOut, operation_id="synthetic_items")
    def get(self, request: Request, project: str) -> Response:
        found = SyntheticWork.objects.filter(project=visible(request, project)).first()
        return Response(as_json(found) if found else {"project": None, "items": 0, "settled": 0})

    @extend_schema(
        request=SyntheticInput, responses={201: SyntheticOut}, operation_id="synthesize_items"
    )
    def post(self, request: Request, project: str) -> Response:
        """Make items where the model changes its mind, between two real ones."""
        found, body = managed(request, project), body_of(request, SyntheticInput)
        work = synthesize(found, body["items"], generator=body["generator"], actor=person(request))
        return Response(as_json(work), status=201)
