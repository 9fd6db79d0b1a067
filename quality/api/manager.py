"""Labels, people, quality and the grounds of one label. What is not yours does not exist."""

from itertools import islice
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.strict import StrictSerializer
from labeling.api.manager_shapes import JobOutput
from labeling.models import Item, ItemRole, Project
from labeling.services.export_jobs import enqueue_export
from quality.api import shapes
from quality.queries import (
    annotators,
    expected_accuracy,
    gold_health,
    labels,
    progress,
    provenance,
)
from quality.queries.votes import n_labels_of
from quality.services.exporting import CONTENT_TYPES, LABELS_EXPORT, export_labels


class Labels(APIView):
    """What every work item is, as far as is known."""

    query_parameters = {"GET": ("cursor", "limit", "state")}

    @extend_schema(
        parameters=[shapes.PageInput], responses=shapes.LabelsOutput, operation_id="labels"
    )
    def get(self, request: Request, project: str) -> Response:
        found, page = _visible(request, project), _parameters(request, shapes.PageInput)
        rows = labels(found, after=_after(found, page.get("cursor")), state=page.get("state"))
        shown = list(islice(rows, page["limit"] + 1))
        more = len(shown) > page["limit"]
        shown = shown[: page["limit"]]
        body = {"labels": shown, "next": shown[-1].item if more else None}
        return Response(shapes.LabelsOutput(body).data)


class LabelsExport(APIView):
    """All labels, as a file that starts at once."""

    query_parameters = {"GET": ("as",)}

    @extend_schema(
        parameters=[OpenApiParameter("as", enum=list(CONTENT_TYPES), default="csv")],
        responses={(200, "text/csv"): OpenApiTypes.STR},
        operation_id="export_labels",
    )
    def get(self, request: Request, project: str) -> StreamingHttpResponse:
        found, kind = _visible(request, project), request.query_params.get("as", "csv")
        pieces = export_labels(found, kind)
        name = f'attachment; filename="labels-{found.public_id}.{kind}"'
        headers = {"Content-Disposition": name}
        return StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[kind], headers=headers)

    @extend_schema(
        request=shapes.LabelsExportInput,
        responses={202: JobOutput},
        operation_id="start_labels_export",
    )
    def post(self, request: Request, project: str) -> Response:
        """The same by a job; its file is at ``exports/files/{job}`` when it is done."""
        found = _visible(request, project)
        body = shapes.LabelsExportInput(data=request.data)
        body.is_valid(raise_exception=True)
        job = enqueue_export(found, LABELS_EXPORT, body.validated_data, actor=_person(request))
        return Response({"job": job.public_id}, status=202)


class Annotators(APIView):
    """Everybody in the project, the doubtful first."""

    @extend_schema(responses=shapes.AnnotatorsOutput, operation_id="annotators")
    def get(self, request: Request, project: str) -> Response:
        found = _visible(request, project)
        _parameters(request, shapes.NothingInput)
        return Response(shapes.AnnotatorsOutput({"annotators": annotators(found.pk)}).data)


class Quality(APIView):
    """How good the labels are, how far the work is, and whether there is enough gold."""

    @extend_schema(responses=shapes.QualityOutput, operation_id="quality")
    def get(self, request: Request, project: str) -> Response:
        found = _visible(request, project)
        _parameters(request, shapes.NothingInput)
        body = {
            "expected_accuracy": expected_accuracy(found.pk),
            "progress": progress(found.pk),
            "gold": gold_health(found.pk, n_labels_of(found.pk)),
        }
        return Response(shapes.QualityOutput(body).data)


class ItemProvenance(APIView):
    """Why this label: what was believed before, and what each vote adds."""

    @extend_schema(responses=shapes.ProvenanceOutput, operation_id="provenance")
    def get(self, request: Request, project: str, item: str) -> Response:
        found = _visible(request, project)
        _parameters(request, shapes.NothingInput)
        known = provenance(_item(found, item))
        if known is None:
            raise NotFound
        return Response(shapes.ProvenanceOutput(known).data)


def _parameters(request: Request, shape: type[StrictSerializer]) -> dict[str, Any]:
    given = shape(data=request.query_params)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _person(request: Request) -> User:
    assert isinstance(request.user, User)  # the permission class let nobody else in
    return request.user


def _visible(request: Request, public_id: str) -> Project:
    project = Project.objects.visible_to(_person(request)).filter(public_id=public_id).first()
    if project is None:
        raise NotFound
    return project


def _item(project: Project, public_id: str) -> Item:
    items = Item.objects.filter(project=project, public_id=public_id).exclude(role=ItemRole.GOLD)
    item = items.select_related("project").first()
    if item is None:
        raise NotFound
    return item


def _after(project: Project, cursor: str | None) -> int:
    return 0 if cursor is None else _item(project, cursor).pk
