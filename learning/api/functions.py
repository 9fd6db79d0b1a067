"""Labelling functions: rules that vote beside people, and how good each of them is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from labeling.models import Project
from learning.api.finding import body_of, managed, person, visible
from learning.functions.weighing import Row
from learning.models import LabelingFunction
from learning.services.functions import add_function, function_table, switch
from learning.services.trying import Tried, try_function


class FunctionInput(StrictSerializer):
    name = serializers.CharField(max_length=60)
    kind = serializers.CharField(
        max_length=20, help_text="keyword, pattern, threshold or python (a dotted path)."
    )
    parameters = serializers.DictField(
        help_text="keyword: field, words, label. pattern: field, pattern, label. threshold: field, "
        "above or below, label. python: path."
    )


class TrialInput(StrictSerializer):
    kind = serializers.CharField(max_length=20)
    parameters = serializers.DictField()


class TrialOut(serializers.Serializer[Any]):
    items = serializers.IntegerField()
    votes = serializers.DictField(help_text="Label to how often it was said.")
    unknown = serializers.IntegerField(help_text="Votes for what is no label: abstentions.")
    coverage = serializers.FloatField()
    judged = serializers.IntegerField(help_text="Votes about items that people have settled.")
    accuracy = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    examples = serializers.ListField(help_text="Names of items, and the vote about each.")


class SwitchInput(StrictSerializer):
    active = serializers.BooleanField()


class FunctionOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    parameters = serializers.DictField()
    active = serializers.BooleanField()
    problem = serializers.CharField(help_text="Why it was switched off.")
    coverage = serializers.FloatField(allow_null=True, help_text="Share of items it votes about.")
    overlap = serializers.FloatField(allow_null=True, help_text="Where another votes too.")
    conflict = serializers.FloatField(allow_null=True, help_text="Where one says otherwise.")
    judged = serializers.IntegerField(help_text="Votes about items that people have settled.")
    accuracy = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class FunctionsOut(serializers.Serializer[Any]):
    functions = FunctionOut(many=True)


class Functions(APIView):
    """All labelling functions of a project."""

    @extend_schema(responses=FunctionsOut, operation_id="labelling_functions")
    def get(self, request: Request, project: str) -> Response:
        """Coverage, overlap, conflict and estimated accuracy of each."""
        found = visible(request, project)
        rows = [_json(function, row) for function, row in function_table(found.pk)]
        return Response({"functions": rows})

    @extend_schema(
        request=FunctionInput, responses={201: FunctionOut}, operation_id="add_labelling_function"
    )
    def post(self, request: Request, project: str) -> Response:
        """A new one; a job collects its votes. It is heard as far as it proves right."""
        found, body = managed(request, project), body_of(request, FunctionInput)
        made = add_function(found, **body, actor=person(request))
        return Response(_json(made, None), status=201)


class Trials(APIView):
    """A labelling function on some items, before it is kept."""

    @extend_schema(request=TrialInput, responses=TrialOut, operation_id="try_labelling_function")
    def post(self, request: Request, project: str) -> Response:
        """Its votes about 200 items, spread over the project. Nothing is written."""
        found, body = managed(request, project), body_of(request, TrialInput)
        tried = try_function(found, body["kind"], body["parameters"])
        return Response(_tried_json(tried))


class Function(APIView):
    """One labelling function."""

    @extend_schema(
        request=SwitchInput, responses=FunctionOut, operation_id="switch_labelling_function"
    )
    def patch(self, request: Request, project: str, function: str) -> Response:
        """Switch it off or on again."""
        found = _function(managed(request, project), function)
        body = body_of(request, SwitchInput)
        return Response(_json(switch(found, active=body["active"], actor=person(request)), None))


def _tried_json(tried: Tried) -> dict[str, Any]:
    row = tried.row
    return {
        "items": tried.items,
        "votes": tried.votes,
        "unknown": tried.unknown,
        "coverage": row.coverage,
        "judged": row.judged,
        "accuracy": row.accuracy,
        "low": row.low,
        "high": row.high,
        "examples": [list(pair) for pair in tried.examples],
    }


def _function(project: Project, name: str) -> LabelingFunction:
    found = LabelingFunction.objects.filter(project=project, name=name[:60]).first()
    if found is None or name != found.name:
        raise NotFound
    return found


def _json(function: LabelingFunction, row: Row | None) -> dict[str, Any]:
    names = ("coverage", "overlap", "conflict", "accuracy", "low", "high")
    return {
        "name": function.name,
        "kind": function.kind,
        "parameters": function.parameters,
        "active": function.active,
        "problem": function.problem,
        "judged": row.judged if row else 0,
        **{name: getattr(row, name) if row else None for name in names},
    }
