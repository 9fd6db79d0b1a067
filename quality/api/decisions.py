"""Decisions about people and their appeals, for managers; and the same as the person reads it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from quality.api.access import body, managed, parameters, person, visible
from quality.api.pages import PageInput, PageOutput
from quality.models import Action, Appeal, AppealState, Decision
from quality.queries.decided import appeals, decision_row, decisions, my_decisions
from quality.services.appeals import TEXT, WORDS, appeal, decide_appeal
from quality.services.by_hand import BY_HAND, decide_by_hand
from quality.services.decisions import reverse
from quality.services.records import REASON

ID = 32


class DecisionsInput(PageInput):
    annotator = serializers.CharField(max_length=40, required=False)
    standing = serializers.ChoiceField(["yes", "no"], required=False)
    action = serializers.ChoiceField(Action.values, required=False)


class NewDecisionInput(StrictSerializer):
    annotator = serializers.CharField(max_length=40, help_text="The pseudonym in this project.")
    actions = serializers.ListField(
        child=serializers.ChoiceField(BY_HAND), min_length=1, max_length=len(BY_HAND)
    )
    reason = serializers.CharField(max_length=REASON)
    words = serializers.CharField(
        max_length=REASON, required=False, default="", allow_blank=True,
        help_text="What the person reads. Absent: what was done, in plain words.",
    )  # fmt: skip
    amount = serializers.FloatField(required=False, allow_null=True, default=None)
    since = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ReversalInput(StrictSerializer):
    reason = serializers.CharField(max_length=REASON)


class AppealsInput(PageInput):
    state = serializers.ChoiceField(AppealState.values, required=False)


class AppealAnswerInput(StrictSerializer):
    outcome = serializers.ChoiceField(["uphold", "overturn"])
    words = serializers.CharField(max_length=WORDS, help_text="The person reads them.")


class NewAppealInput(StrictSerializer):
    decision = serializers.CharField(max_length=ID)
    text = serializers.CharField(max_length=TEXT)


class DecisionOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    annotator = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField())
    amount = serializers.FloatField(allow_null=True)
    reason = serializers.CharField()
    words = serializers.CharField()
    evidence = serializers.JSONField()
    rules = serializers.IntegerField(allow_null=True)
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()
    answers_then = serializers.IntegerField()
    set_aside = serializers.IntegerField()
    reversed_at = serializers.DateTimeField(allow_null=True)
    reversal_reason = serializers.CharField()
    appeal = serializers.CharField(allow_null=True)


class DecisionsOutput(PageOutput):
    decisions = DecisionOutput(many=True)


class AppealOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    state = serializers.CharField()
    text = serializers.CharField()
    answer = serializers.CharField()
    at = serializers.DateTimeField()
    due = serializers.DateTimeField(help_text="Until when the person was promised an answer.")
    closed_at = serializers.DateTimeField(allow_null=True)
    decision = DecisionOutput()


class AppealsOutput(PageOutput):
    appeals = AppealOutput(many=True)


class MyAppealOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    state = serializers.CharField()
    text = serializers.CharField()
    answer = serializers.CharField()
    due = serializers.DateTimeField(help_text="Until when it is answered.")


class MyDecisionOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    project = serializers.CharField()
    project_name = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField())
    words = serializers.CharField()
    at = serializers.DateTimeField()
    standing = serializers.BooleanField()
    appeals = MyAppealOutput(many=True)


class MyDecisionsOutput(PageOutput):
    decisions = MyDecisionOutput(many=True)


class Decisions(APIView):
    """What was decided about people, on what evidence."""

    query_parameters = {"GET": tuple(DecisionsInput().fields)}

    @extend_schema(parameters=[DecisionsInput], responses=DecisionsOutput, operation_id="decisions")
    def get(self, request: Request, project: str) -> Response:
        found, asked = visible(request, project), parameters(request, DecisionsInput)
        if "standing" in asked:
            asked["standing"] = asked["standing"] == "yes"
        page = decisions(found, **asked)
        return Response(DecisionsOutput({"decisions": page.rows, "next": page.next}).data)

    @extend_schema(request=NewDecisionInput, responses={201: DecisionOutput}, operation_id="decide")
    def post(self, request: Request, project: str) -> Response:
        """Decide by hand; with a reason, reversible, and told to the person."""
        found = managed(request, project)
        given = body(request, NewDecisionInput)
        made = decide_by_hand(found, given.pop("annotator"), by=person(request), **given)
        return Response(_shown(made), status=201)


class Reversal(APIView):
    """Taking a decision back."""

    @extend_schema(request=ReversalInput, responses=DecisionOutput, operation_id="reverse_decision")
    def post(self, request: Request, project: str, decision: str) -> Response:
        """Work, pay and votes are restored; what the tests had counted is forgiven."""
        found = managed(request, project)
        row = Decision.objects.filter(project=found, public_id=decision).first()
        if row is None:
            raise NotFound
        reverse(row, by=person(request), reason=body(request, ReversalInput)["reason"])
        return Response(_shown(row))


class Appeals(APIView):
    """The managers' queue."""

    query_parameters = {"GET": tuple(AppealsInput().fields)}

    @extend_schema(parameters=[AppealsInput], responses=AppealsOutput, operation_id="appeals")
    def get(self, request: Request, project: str) -> Response:
        found, asked = visible(request, project), parameters(request, AppealsInput)
        page = appeals(found, **asked)
        return Response(AppealsOutput({"appeals": page.rows, "next": page.next}).data)


class AppealAnswer(APIView):
    """The answer to an appeal."""

    @extend_schema(
        request=AppealAnswerInput, responses=MyAppealOutput, operation_id="answer_appeal"
    )
    def post(self, request: Request, project: str, appeal: str) -> Response:
        """``uphold``: the decision stands; ``overturn``: it is reversed."""
        found = managed(request, project)
        row = Appeal.objects.filter(decision__project=found, public_id=appeal).first()
        if row is None:
            raise NotFound
        given = body(request, AppealAnswerInput)
        overturn = given["outcome"] == "overturn"
        closed = decide_appeal(row, overturn=overturn, words=given["words"], by=person(request))
        return Response(_appeal_json(closed))


class MyDecisions(APIView):
    """What was decided about me, and why."""

    query_parameters = {"GET": tuple(PageInput().fields)}

    @extend_schema(parameters=[PageInput], responses=MyDecisionsOutput, operation_id="my_decisions")
    def get(self, request: Request) -> Response:
        page = my_decisions(person(request).pk, **parameters(request, PageInput))
        return Response(MyDecisionsOutput({"decisions": page.rows, "next": page.next}).data)


class MyAppeals(APIView):
    """I think that this is wrong."""

    @extend_schema(
        request=NewAppealInput, responses={201: MyAppealOutput}, operation_id="appeal_decision"
    )
    def post(self, request: Request) -> Response:
        """One open appeal a decision; somebody reads it and answers."""
        given = body(request, NewAppealInput)
        made = appeal(person(request), given["decision"], given["text"])
        return Response(_appeal_json(made), status=201)


def _shown(row: Decision) -> dict[str, Any]:
    return dict(DecisionOutput(decision_row(row)).data)


def _appeal_json(row: Appeal) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("state", "text", "answer", "due")}
    return dict(MyAppealOutput({"id": row.public_id, **shown}).data)
