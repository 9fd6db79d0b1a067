"""All rounds and all models of a project, page by page."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from learning.api.finding import visible
from learning.api.loop import ModelOut, RoundOut
from learning.api.paging import PARAMETERS, NumberedInput, NumberedOutput, page_of
from learning.queries.figures import model_row, round_row, rows_of_models, rows_of_rounds


class RoundsOut(NumberedOutput):
    rounds = RoundOut(many=True)


class ModelsOut(NumberedOutput):
    models = ModelOut(many=True)


class Rounds(APIView):
    """The query rounds of a project."""

    query_parameters = PARAMETERS

    @extend_schema(parameters=[NumberedInput], responses=RoundsOut, operation_id="rounds")
    def get(self, request: Request, project: str) -> Response:
        """The newest first."""
        page = page_of(request, rows_of_rounds(visible(request, project).pk))
        body: dict[str, Any] = {"rounds": [asdict(round_row(row)) for row in page.rows]}
        return Response(RoundsOut({**body, "next": page.next}).data)


class Models(APIView):
    """The models of a project."""

    query_parameters = PARAMETERS

    @extend_schema(parameters=[NumberedInput], responses=ModelsOut, operation_id="models")
    def get(self, request: Request, project: str) -> Response:
        """The newest first; those still under way left out."""
        page = page_of(request, rows_of_models(visible(request, project).pk))
        body: dict[str, Any] = {"models": [asdict(model_row(row)) for row in page.rows]}
        return Response(ModelsOut({**body, "next": page.next}).data)
