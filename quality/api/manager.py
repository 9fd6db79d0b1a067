"""Labels, people, quality and the grounds of one label. What is not yours does not exist."""

from itertools import islice

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.api.manager_shapes import JobOutput
from labeling.models import Item, ItemRole, Project
from labeling.services.export_jobs import enqueue_export
from quality.api import shapes
from quality.api.access import NothingInput, parameters, person, visible
from quality.pages import unknown_cursor
from quality.queries import labels, provenance
from quality.services.exporting import CONTENT_TYPES, LABELS_EXPORT, export_labels


class Labels(APIView):
    """What every work item is, as far as is known."""

    query_parameters = {"GET": ("cursor", "limit", "state")}

    @extend_schema(
        parameters=[shapes.LabelsInput], responses=shapes.LabelsOutput, operation_id="labels"
    )
    def get(self, request: Request, project: str) -> Response:
        found, page = visible(request, project), parameters(request, shapes.LabelsInput)
        limit, after = page["limit"], _after(found, page.get("cursor"))
        rows = labels(found, after=after, state=page.get("state"), at_once=limit + 1)
        shown = list(islice(rows, limit + 1))
        more = len(shown) > limit
        shown = shown[:limit]
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
        found, kind = visible(request, project), request.query_params.get("as", "csv")
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
        found = visible(request, project)
        body = shapes.LabelsExportInput(data=request.data)
        body.is_valid(raise_exception=True)
        job = enqueue_export(found, LABELS_EXPORT, body.validated_data, actor=person(request))
        return Response({"job": job.public_id}, status=202)


class ItemProvenance(APIView):
    """Why this label: what was believed before, and what each vote adds."""

    @extend_schema(responses=shapes.ProvenanceOutput, operation_id="provenance")
    def get(self, request: Request, project: str, item: str) -> Response:
        found = visible(request, project)
        parameters(request, NothingInput)
        known = provenance(_item(found, item))
        if known is None:
            raise NotFound
        return Response(shapes.ProvenanceOutput(known).data)


def _item(project: Project, public_id: str) -> Item:
    items = Item.objects.filter(project=project, public_id=public_id).exclude(role=ItemRole.GOLD)
    item = items.select_related("project").first()
    if item is None:
        raise NotFound
    return item


def _after(project: Project, cursor: str | None) -> int:
    """The item that the page before ended with. Raises Refused."""
    if cursor is None:
        return 0
    items = Item.objects.filter(project=project, public_id=cursor).exclude(role=ItemRole.GOLD)
    place: int | None = items.values_list("pk", flat=True).first()
    if place is None:
        raise unknown_cursor()
    return place
