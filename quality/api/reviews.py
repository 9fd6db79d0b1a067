"""The reviewers' queue: what waits for an expert, taking it, and saying what it is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from quality.api.access import body, managed, parameters, person, reviewed, visible
from quality.api.pages import MOST, PageInput, PageOutput
from quality.models import MOST_APPEAL_DAYS, ReviewPower, SuspectGold
from quality.queries.policies import policy_of
from quality.queries.reviews import WHYS, how_many_wait, waiting
from quality.services.reviewing import (
    AT_ONCE,
    NOTE,
    ReviewTask,
    claim_reviews,
    give_review,
    set_policy,
)


class QueueInput(PageInput):
    why = serializers.ChoiceField(WHYS, required=False)
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=50)


class ReviewClaimInput(StrictSerializer):
    why = serializers.ChoiceField(WHYS, required=False)
    count = serializers.IntegerField(min_value=1, max_value=AT_ONCE, default=1)


class ReviewInput(StrictSerializer):
    item = serializers.CharField(max_length=32)
    value = serializers.JSONField()
    note = serializers.CharField(max_length=NOTE, required=False, default="", allow_blank=True)


class PolicyInput(StrictSerializer):
    reviews = serializers.ChoiceField(ReviewPower.values, required=False)
    suspect_gold = serializers.ChoiceField(SuspectGold.values, required=False)
    appeal_days = serializers.IntegerField(min_value=1, max_value=MOST_APPEAL_DAYS, required=False)


class PolicyOutput(serializers.Serializer[Any]):
    reviews = serializers.CharField(help_text="`final`: the label; `strong`: a strong vote.")
    suspect_gold = serializers.CharField(help_text="`propose` to managers, or `retire` at once.")
    appeal_days = serializers.IntegerField(help_text="Within which appeals are answered.")


class WaitingOutput(serializers.Serializer[Any]):
    item = serializers.CharField()
    external_id = serializers.CharField()
    why = serializers.CharField()
    label = serializers.JSONField(allow_null=True)  # type: ignore[assignment]  # a field of that name
    confidence = serializers.FloatField()
    answers = serializers.IntegerField()


class QueueOutput(PageOutput):
    waiting = serializers.DictField(child=serializers.IntegerField())
    items = WaitingOutput(many=True)


class ReviewTaskOutput(WaitingOutput):
    payload = serializers.JSONField()
    media = serializers.CharField(allow_null=True)
    said = serializers.DictField(child=serializers.IntegerField())


class ReviewTasksOutput(serializers.Serializer[Any]):
    tasks = ReviewTaskOutput(many=True)


class ReviewOutput(serializers.Serializer[Any]):
    item = serializers.CharField()
    value = serializers.JSONField()
    final = serializers.BooleanField()


class Reviews(APIView):
    """Items that wait for an expert, and experts' labels."""

    query_parameters = {"GET": tuple(QueueInput().fields)}

    @extend_schema(parameters=[QueueInput], responses=QueueOutput, operation_id="review_queue")
    def get(self, request: Request, project: str) -> Response:
        found, asked = reviewed(request, project), parameters(request, QueueInput)
        page = waiting(found, person(request), **asked)
        queue = {"waiting": how_many_wait(found), "items": page.rows, "next": page.next}
        return Response(QueueOutput(queue).data)

    @extend_schema(request=ReviewInput, responses={201: ReviewOutput}, operation_id="give_review")
    def post(self, request: Request, project: str) -> Response:
        """What this item is: the label, or a strong vote, as the project has it."""
        found, given = reviewed(request, project), body(request, ReviewInput)
        made = give_review(
            found, person(request), given["item"], given["value"], note=given["note"]
        )
        shown = {"item": given["item"], "value": made.value, "final": made.final}
        return Response(ReviewOutput(shown).data, status=201)


class ReviewClaims(APIView):
    """Taking items of the queue."""

    @extend_schema(
        request=ReviewClaimInput, responses=ReviewTasksOutput, operation_id="claim_reviews"
    )
    def post(self, request: Request, project: str) -> Response:
        """For a quarter of an hour they are yours alone; asking again gives the same ones."""
        found, given = reviewed(request, project), body(request, ReviewClaimInput)
        tasks = claim_reviews(found, person(request), **given)
        return Response(ReviewTasksOutput({"tasks": [_task_json(task) for task in tasks]}).data)


class PolicyView(APIView):
    """How labels are reviewed, gold is kept and appeals are answered."""

    @extend_schema(responses=PolicyOutput, operation_id="quality_policy")
    def get(self, request: Request, project: str) -> Response:
        found = visible(request, project)
        parameters(request)
        return Response(PolicyOutput(policy_of(found.pk)).data)

    @extend_schema(request=PolicyInput, responses=PolicyOutput, operation_id="set_quality_policy")
    def patch(self, request: Request, project: str) -> Response:
        found, given = managed(request, project), body(request, PolicyInput)
        return Response(PolicyOutput(set_policy(found, actor=person(request), **given)).data)


def _task_json(task: ReviewTask) -> dict[str, Any]:
    return {
        **vars(task.waiting),
        "payload": task.payload,
        "media": task.media,
        "said": task.said,
    }
