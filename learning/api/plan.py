"""The plan: how the project learns and what it asks."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from labeling.models import Project
from learning.api.finding import managed, person, visible
from learning.models import Plan
from learning.queries import plan_rows
from learning.recipes import is_address
from learning.services.calling import written_secret
from learning.services.plans import configure

SETTINGS = (
    "features",
    "estimator",
    "first_strategy",
    "strategy",
    "shares",
    "random_share",
    "round_size",
    "retrain_after",
    "retrain_share",
    "retrain_hours",
    "interactive_after",
    "certainty",
    "turn_away",
    "stop_rules",
)


class PlanFields(serializers.Serializer[Any]):
    features = serializers.CharField(max_length=40)
    estimator = serializers.CharField(
        max_length=200,
        help_text="A name, an allowed dotted path, or the address of a model on another machine.",
    )
    first_strategy = serializers.CharField(max_length=40)
    strategy = serializers.CharField(
        max_length=40,
        help_text="`priced` (the default): new items and further answers by one price.",
    )
    shares = serializers.DictField(
        child=serializers.FloatField(),
        help_text="A mixed batch: strategy to its part, such as value .7, diverse .2, random .1.",
    )
    random_share = serializers.FloatField()
    round_size = serializers.IntegerField()
    retrain_after = serializers.IntegerField(
        help_text="A model is trained after so many new labels."
    )
    retrain_share = serializers.FloatField(
        help_text="And there must be so much more of them than the last model saw, as a share."
    )
    retrain_hours = serializers.IntegerField(
        help_text="After so many hours any new label is enough; 0: never."
    )
    interactive_after = serializers.IntegerField(
        help_text="After so many answers the next questions come from a model that has heard them "
        "(estimator sgd); 0: rounds."
    )
    certainty = serializers.FloatField()
    turn_away = serializers.BooleanField(
        help_text="People clearly below the crowd get no more questions until the evidence changes."
    )
    stop_rules = serializers.ListField(
        child=serializers.CharField(max_length=20),
        max_length=3,
        help_text="Any of certainty (the promise is reached), plateau and stability.",
    )


class PlanInput(PlanFields, StrictSerializer):
    pass


class PlanShown(PlanFields):
    signing_secret = serializers.CharField(
        allow_null=True,
        help_text="What a model on another machine checks our calls with (Standard Webhooks). Only "
        "those who may change the plan see it.",
    )


class PlanView(APIView):
    """How the project learns."""

    @extend_schema(responses=PlanShown, operation_id="plan")
    def get(self, request: Request, project: str) -> Response:
        found = visible(request, project)
        plan = plan_rows(found.pk).first() or Plan(project=found)  # a look writes nothing
        changes = Project.objects.managed_by(person(request)).filter(pk=found.pk).exists()
        return Response(plan_json(plan, with_secret=changes))

    @extend_schema(request=PlanInput(partial=True), responses=PlanShown, operation_id="change_plan")
    def patch(self, request: Request, project: str) -> Response:
        """Change some settings; the next round and the next training follow them."""
        found = managed(request, project)
        body = PlanInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        plan = configure(found.pk, **body.validated_data)
        return Response(plan_json(plan, with_secret=True))


def plan_json(plan: Plan, *, with_secret: bool) -> dict[str, Any]:
    shown = {name: getattr(plan, name) for name in SETTINGS}
    secret = written_secret(plan.project_id) if with_secret and is_address(plan.estimator) else None
    return {**shown, "signing_secret": secret}
