"""The learning loop over HTTP, for managers and auditors: the same figures as the pages show."""

from dataclasses import asdict

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.models import Project
from learning import queries


class StateOut(serializers.Serializer[queries.LearningState]):
    sentence = serializers.CharField(help_text="What the loop is doing or waits for.")
    features = serializers.CharField(allow_null=True)
    model = serializers.IntegerField(allow_null=True, help_text="Number of the model in use.")
    accuracy = serializers.FloatField(allow_null=True, help_text="On gold items.")
    accuracy_low = serializers.FloatField(allow_null=True)
    accuracy_high = serializers.FloatField(allow_null=True)
    rounds = serializers.IntegerField()
    labels_at_last_model = serializers.IntegerField()


class CurvePointOut(serializers.Serializer[queries.CurvePoint]):
    name = serializers.CharField(
        help_text="model_accuracy (gold), model_agreement (held out), label_accuracy (expected)."
    )
    labels = serializers.IntegerField()
    answers = serializers.IntegerField()
    value = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    model = serializers.IntegerField(allow_null=True)


class RoundOut(serializers.Serializer[queries.RoundRow]):
    number = serializers.IntegerField()
    strategy = serializers.CharField()
    model = serializers.IntegerField(allow_null=True)
    items = serializers.IntegerField()
    opened_at = serializers.DateTimeField()


class ModelOut(serializers.Serializer[queries.ModelRow]):
    number = serializers.IntegerField()
    estimator = serializers.CharField()
    setting = serializers.CharField()
    labels_seen = serializers.IntegerField()
    current = serializers.BooleanField()
    outcome = serializers.CharField()
    because = serializers.CharField()
    scores = serializers.DictField()
    trained_at = serializers.DateTimeField()


class LearningOut(serializers.Serializer[dict[str, object]]):
    state = StateOut()
    curve = CurvePointOut(many=True)
    rounds = RoundOut(many=True)
    models = ModelOut(many=True)


class Learning(APIView):
    """How the project learns: the loop's state, its learning curve, its rounds and its models."""

    @extend_schema(responses=LearningOut, operation_id="learning")
    def get(self, request: Request, project: str) -> Response:
        found = get_object_or_404(Project.objects.visible_to(request.user), public_id=project)
        body: dict[str, object] = {
            "state": asdict(queries.learning_state(found.pk)),
            "curve": [asdict(point) for point in queries.curve(found.pk)],
            "rounds": [asdict(row) for row in queries.rounds(found.pk)],
            "models": [asdict(row) for row in queries.models(found.pk)],
        }
        return Response(LearningOut(body).data)
