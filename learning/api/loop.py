"""The learning loop over HTTP, for managers and auditors: the same figures as the pages show."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from learning import queries
from learning.api.finding import visible
from learning.queries.gains import gains, round_gains


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
        help_text="model_accuracy and model_macro_f1 (on gold), model_agreement (held out), label_accuracy "
        "(expected), random_baseline (a model of the random share), model_stability (kappa)."
    )
    labels = serializers.IntegerField()
    answers = serializers.IntegerField()
    spent_micros = serializers.IntegerField(allow_null=True)
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
        found = visible(request, project)
        body: dict[str, object] = {
            "state": asdict(queries.learning_state(found.pk)),
            "curve": [asdict(point) for point in queries.curve(found.pk)],
            "rounds": [asdict(row) for row in queries.rounds(found.pk)],
            "models": [asdict(row) for row in queries.models(found.pk)],
        }
        return Response(LearningOut(body).data)


class GainsOut(serializers.Serializer[Any]):
    labels = serializers.IntegerField()
    machine_labels = serializers.IntegerField()
    spent_micros = serializers.IntegerField()
    model_accuracy = serializers.FloatField(allow_null=True, help_text="On gold.")
    random_labels = serializers.FloatField(
        allow_null=True, help_text="Labels that random sampling would need for that accuracy."
    )
    labels_saved = serializers.FloatField(allow_null=True)
    money_saved_micros = serializers.IntegerField(allow_null=True)
    answers_saved = serializers.IntegerField(
        help_text="Against the most seats for every labeled item."
    )
    hours_saved = serializers.FloatField(allow_null=True)
    query_to_label_seconds = serializers.FloatField(allow_null=True, help_text="Median.")
    models_trained = serializers.IntegerField()
    seconds_between_models = serializers.FloatField(allow_null=True, help_text="Median.")
    voice = serializers.FloatField(
        allow_null=True, help_text="How much the model is heard, from 0 to 1."
    )
    level = serializers.BooleanField(help_text="The learning curve has levelled off.")
    stable = serializers.BooleanField(help_text="The last models agree with each other.")
    remedy = serializers.CharField(help_text="What can be done where the curve is level.")


class RoundGainOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    parts = serializers.DictField(help_text="Strategy to the number of items it wanted.")
    again = serializers.IntegerField(help_text="Items that were answered before.")
    settled = serializers.IntegerField()
    mean_confidence = serializers.FloatField(allow_null=True)
    first_settled_seconds = serializers.FloatField(allow_null=True)


class LearningGainsOut(serializers.Serializer[Any]):
    gains = GainsOut()
    rounds = RoundGainOut(many=True)


class LearningGains(APIView):
    """What learning has brought, in labels, money and time."""

    @extend_schema(responses=LearningGainsOut, operation_id="learning_gains")
    def get(self, request: Request, project: str) -> Response:
        """Figures without evidence are null. Random sampling is judged by the random share."""
        found = visible(request, project)
        body = {"gains": gains(found), "rounds": round_gains(found.pk)}
        return Response(LearningGainsOut(body).data)
