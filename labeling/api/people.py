"""People of a project, for those who manage it: brought along, described, paid a bonus."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound as Unknown
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.api import people_shapes as shapes
from labeling.api.manager import managed, person_of
from labeling.models import Enrollment, Project
from labeling.services.crowd import Traits, add_people, describe_enrolled
from labeling.services.people import set_bonus


class People(APIView):
    """Accounts for a crowd of one's own."""

    @extend_schema(
        request=shapes.PeopleInput, responses={201: shapes.PeopleOutput}, operation_id="add_people"
    )
    def post(self, request: Request, project: str) -> Response:
        """New annotators, enrolled here, each with a token: it is told now and never again."""
        found = managed(request, project)
        body = shapes.PeopleInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        count, actor = values.pop("count"), person_of(request)
        made = [asdict(one) for one in add_people(found, count, Traits(**values), actor=actor)]
        return Response({"people": made}, status=201)


class PersonDetail(APIView):
    """What one person belongs to, speaks, and how they came in: it decides on what they may work."""

    @extend_schema(
        request=shapes.TraitsInput, responses=shapes.TraitsOutput, operation_id="describe_person"
    )
    def put(self, request: Request, project: str, person: str) -> Response:
        """For all projects of the organization; ``person`` is the pseudonym in this project."""
        enrolled = _enrolled(managed(request, project), person)
        body = shapes.TraitsInput(data=request.data)
        body.is_valid(raise_exception=True)
        describe_enrolled(enrolled, Traits(**body.validated_data), actor=person_of(request))
        return Response({"person": enrolled.pseudonym, **body.validated_data})


class Bonus(APIView):
    """What one person gets on top of the price."""

    @extend_schema(
        request=shapes.BonusInput, responses=shapes.BonusOutput, operation_id="set_bonus"
    )
    def put(self, request: Request, project: str, person: str) -> Response:
        """For seats taken from now on; ``person`` is the pseudonym in this project."""
        enrolled = _enrolled(managed(request, project), person)
        body = shapes.BonusInput(data=request.data)
        body.is_valid(raise_exception=True)
        micros = body.validated_data["bonus_micros"]
        changed = set_bonus(enrolled.project, enrolled.annotator, micros, actor=person_of(request))
        return Response({"person": changed.pseudonym, "bonus_micros": changed.bonus_micros})


def _enrolled(project: Project, pseudonym: str) -> Enrollment:
    enrolled = Enrollment.objects.filter(project=project, pseudonym=pseudonym[:40])
    found = enrolled.select_related("project__organization", "annotator").first()
    if found is None:
        raise Unknown
    return found
