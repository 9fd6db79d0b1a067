"""Items that come one by one: people are asked, or the model answers at once."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from learning.api.finding import body_of, managed, visible
from learning.models import Stream, Streamed
from learning.services.streaming import decide, set_budget
from quality.queries.labels import label_values_of


class StreamInput(StrictSerializer):
    id = serializers.CharField(max_length=200, help_text="The item's name in your world.")
    payload = serializers.DictField(
        help_text="What people would see; `vector` where vectors are supplied."
    )


class StreamOut(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(["ask", "label"])
    item = serializers.CharField(allow_null=True, help_text="The item that people are asked about.")
    label = serializers.CharField(  # type: ignore[assignment]
        allow_null=True, help_text="The model's label."
    )
    confidence = serializers.FloatField(allow_null=True, help_text="Calibrated.")
    model = serializers.IntegerField(allow_null=True)
    because = serializers.CharField(help_text="Why the model said nothing.")


class StreamStateOut(serializers.Serializer[Any]):
    budget = serializers.FloatField(help_text="At most this share is asked about.")
    threshold = serializers.FloatField(help_text="Below this confidence people are asked now.")
    seen = serializers.IntegerField()
    asked = serializers.IntegerField()


class StreamBudgetInput(StrictSerializer):
    budget = serializers.FloatField(min_value=0, max_value=1)


class StreamView(APIView):
    """The stream of a project."""

    @extend_schema(responses=StreamStateOut, operation_id="stream_state")
    def get(self, request: Request, project: str) -> Response:
        """How many items came, and how many people were asked about."""
        found = visible(request, project)
        return Response(_state(Stream.objects.filter(project=found).first() or Stream()))

    @extend_schema(request=StreamInput, responses=StreamOut, operation_id="stream")
    def post(self, request: Request, project: str) -> Response:
        """One unseen item. The same `id` again gives the same answer, and asks nobody twice."""
        found, body = managed(request, project), body_of(request, StreamInput)
        answer = decide(found, body["id"], body["payload"])
        return Response(_json(answer, label_values_of(found.pk)))

    @extend_schema(
        request=StreamBudgetInput, responses=StreamStateOut, operation_id="set_stream_budget"
    )
    def put(self, request: Request, project: str) -> Response:
        """At most this share of the stream is asked about."""
        found, body = managed(request, project), body_of(request, StreamBudgetInput)
        return Response(_state(set_budget(found, body["budget"])))


def _json(row: Streamed, values: dict[int, str]) -> dict[str, Any]:
    return {
        "decision": "ask" if row.asked else "label",
        "item": row.item.public_id if row.item else None,
        "label": None if row.label_code is None else values.get(row.label_code),
        "confidence": row.confidence,
        "model": row.model,
        "because": row.because,
    }


def _state(stream: Stream) -> dict[str, Any]:
    return {name: getattr(stream, name) for name in ("budget", "threshold", "seen", "asked")}
