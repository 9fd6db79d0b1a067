"""The rules of a project: read, changed, tried without a write; and the survey that feeds them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from labeling.api.manager_shapes import JobOutput
from labeling.models import Project
from quality.api.access import body, managed, parameters, person, visible
from quality.api.pages import PageInput, PageOutput
from quality.pages import Page, page_of
from quality.queries.findings import FoundRow, Surveyed, surveyed
from quality.queries.rules import current_book, facts_of
from quality.rules.book import Book
from quality.rules.checking import able
from quality.rules.kinds import KINDS
from quality.rules.names import evidence_name
from quality.services.looking import affected
from quality.services.rule_sets import set_rules
from quality.services.surveying import request_survey
from quality.services.trying import proposed_book, request_trying, takes_long


class RulesInput(StrictSerializer):
    rules = serializers.ListField(
        child=serializers.JSONField(),
        help_text="Each: evidence, window (0: the whole record), threshold, actions, amount.",
    )
    version = serializers.IntegerField(
        required=False, min_value=1, help_text="The version that you have seen."
    )


class TriedInput(StrictSerializer):
    rules = serializers.ListField(
        child=serializers.JSONField(), required=False, help_text="Absent: the rules in force."
    )


class RuleOutput(serializers.Serializer[Any]):
    evidence = serializers.CharField()
    name = serializers.CharField(help_text="The evidence in plain words.")
    unit = serializers.CharField()
    window = serializers.IntegerField()
    threshold = serializers.FloatField()
    actions = serializers.ListField(child=serializers.CharField())
    amount = serializers.FloatField(allow_null=True)
    can_fire = serializers.BooleanField()


class RulesOutput(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    rules = RuleOutput(many=True)


class AffectedOutput(serializers.Serializer[Any]):
    annotator = serializers.CharField()
    rule = serializers.IntegerField(help_text="Its place in the list, from 0.")
    evidence = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    statistic = serializers.FloatField()
    threshold = serializers.FloatField()
    answers = serializers.IntegerField(help_text="Answers whose vote or pay it is about.")


class TriedOutput(serializers.Serializer[Any]):
    affected = AffectedOutput(many=True)


class FindingOutput(serializers.Serializer[Any]):
    annotator = serializers.CharField()
    kind = serializers.CharField()
    name = serializers.CharField(help_text="The kind in plain words.")
    window = serializers.IntegerField()
    statistic = serializers.FloatField()
    threshold = serializers.FloatField()
    reason = serializers.CharField()


class SurveyOutput(PageOutput):
    version = serializers.IntegerField()
    answers = serializers.IntegerField()
    at = serializers.DateTimeField(allow_null=True)
    flagged = serializers.BooleanField(help_text="Two camps that the answers cannot tell apart.")
    reason = serializers.CharField()
    ask_expert = serializers.ListField(child=serializers.CharField())
    findings = FindingOutput(many=True, help_text="A page of them, the strongest first.")


class Rules(APIView):
    """When which evidence leads to what."""

    @extend_schema(responses=RulesOutput, operation_id="rules")
    def get(self, request: Request, project: str) -> Response:
        found = visible(request, project)
        parameters(request)
        return Response(rules_json(found, current_book(found.pk)))

    @extend_schema(request=RulesInput, responses=RulesOutput, operation_id="set_rules")
    def put(self, request: Request, project: str) -> Response:
        """A new version, in force at once. Rules that could never fire are refused by name."""
        found = managed(request, project)
        given = body(request, RulesInput)
        made = set_rules(
            found, given["rules"], actor=person(request), based_on=given.get("version")
        )
        return Response(rules_json(found, made))


class RulesTried(APIView):
    """The dry run."""

    @extend_schema(
        request=TriedInput, responses={200: TriedOutput, 202: JobOutput}, operation_id="try_rules"
    )
    def post(self, request: Request, project: str) -> Response:
        """Who would be affected if these rules were in force, and why. Writes nothing.

        In a large project a job does it (202); its result says the same, of up to a thousand people.
        """
        found = managed(request, project)
        rules = body(request, TriedInput).get("rules")
        if takes_long(found):
            return Response({"job": request_trying(found, rules).public_id}, status=202)
        return Response(
            TriedOutput({"affected": affected(found, proposed_book(found, rules))}).data
        )


class SurveyView(APIView):
    """What the last look at everybody found."""

    query_parameters = {"GET": tuple(PageInput().fields)}

    @extend_schema(parameters=[PageInput], responses=SurveyOutput, operation_id="survey")
    def get(self, request: Request, project: str) -> Response:
        found, asked = visible(request, project), parameters(request, PageInput)
        known = surveyed(found.pk)
        cursor, limit = asked.get("cursor"), asked["limit"]
        page = page_of(known.findings, lambda row: row.id, cursor=cursor, limit=limit)
        return Response(SurveyOutput(survey_json(known, page)).data)

    @extend_schema(request=None, responses={202: None}, operation_id="request_survey")
    def post(self, request: Request, project: str) -> Response:
        """Look at everybody soon."""
        request_survey(managed(request, project).pk)
        return Response(status=202)


def rules_json(project: Project, book: Book) -> dict[str, Any]:
    firing = able(book.rules, facts_of(project))
    rules = [
        {
            **vars(rule),
            "name": evidence_name(rule.evidence),
            "unit": KINDS[rule.evidence].unit,
            "can_fire": rule in firing,
        }
        for rule in book
    ]
    return dict(RulesOutput({"version": book.version, "rules": rules}).data)


def survey_json(known: Surveyed, page: Page[FoundRow]) -> dict[str, Any]:
    return {
        "version": known.version,
        "answers": known.answers,
        "at": known.at,
        "flagged": known.flagged,
        "reason": known.reason,
        "ask_expert": known.ask_expert,
        "findings": page.rows,
        "next": page.next,
    }
