"""The manager's API: projects, files in, answers out. What is not yours does not exist."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound as Unknown
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Organization, User
from accounts.queries import MANAGERS, organizations_of
from labeling.api import manager_shapes as shapes
from labeling.models import Enrollment, Import, Project
from labeling.models.projects import ProjectQuerySet
from labeling.services.exporting import CONTENT_TYPES, export_answers
from labeling.services.importing import accept_file
from labeling.services.opening import withdraw_named
from labeling.services.people import set_bonus
from labeling.services.projects import ProjectSpec, create_project, set_status, update_project


class Projects(APIView):
    """The projects of my organizations."""

    @extend_schema(responses=shapes.ProjectsOutput, operation_id="projects")
    def get(self, request: Request) -> Response:
        projects = Project.objects.visible_to(_user(request)).select_related("organization")
        return Response({"projects": [shapes.project_json(p) for p in projects.order_by("-pk")]})

    @extend_schema(
        request=shapes.ProjectInput,
        responses={201: shapes.ProjectDetailOutput},
        operation_id="create_project",
    )
    def post(self, request: Request) -> Response:
        """A new draft."""
        body = shapes.ProjectInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        organization = _organization(request, values.pop("organization"))
        project = create_project(organization, ProjectSpec(**values), actor=_user(request))
        return Response(shapes.project_detail_json(project), status=201)


class ProjectDetail(APIView):
    """One project, with how far it is and what it has cost."""

    @extend_schema(responses=shapes.ProjectDetailOutput, operation_id="project")
    def get(self, request: Request, project: str) -> Response:
        return Response(shapes.project_detail_json(_visible(request, project)))

    @extend_schema(
        request=shapes.SettingsInput(partial=True),
        responses=shapes.ProjectDetailOutput,
        operation_id="change_project",
    )
    def patch(self, request: Request, project: str) -> Response:
        """Change settings, also while work runs. Seats already given out keep their terms."""
        found = _managed(request, project)
        body = shapes.SettingsInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changed = update_project(found, body.validated_data, actor=_user(request))
        return Response(shapes.project_detail_json(changed))


class Status(APIView):
    """Start, pause, resume, end."""

    @extend_schema(
        request=shapes.StatusInput,
        responses=shapes.ProjectDetailOutput,
        operation_id="set_project_status",
    )
    def post(self, request: Request, project: str) -> Response:
        found = _managed(request, project)
        body = shapes.StatusInput(data=request.data)
        body.is_valid(raise_exception=True)
        set_status(found, body.validated_data["status"], actor=_user(request))
        found.refresh_from_db()
        return Response(shapes.project_detail_json(found))


class Withdraw(APIView):
    """Items that nobody is to be asked about any more."""

    @extend_schema(
        request=shapes.WithdrawInput,
        responses=shapes.WithdrawOutput,
        operation_id="withdraw_items",
    )
    def post(self, request: Request, project: str) -> Response:
        """Answers given stay, seats that are held are honoured and paid."""
        found = _managed(request, project)
        body = shapes.WithdrawInput(data=request.data)
        body.is_valid(raise_exception=True)
        names = list(dict.fromkeys(body.validated_data["items"]))
        unknown = withdraw_named(found, names, actor=_user(request))
        return Response({"withdrawn": len(names) - len(unknown), "unknown": unknown})


class Bonus(APIView):
    """What one person gets on top of the price."""

    @extend_schema(
        request=shapes.BonusInput, responses=shapes.BonusOutput, operation_id="set_bonus"
    )
    def put(self, request: Request, project: str, person: str) -> Response:
        """For seats taken from now on; ``person`` is the pseudonym in this project."""
        found = _managed(request, project)
        body = shapes.BonusInput(data=request.data)
        body.is_valid(raise_exception=True)
        enrolled = Enrollment.objects.filter(project=found, pseudonym=person[:40]).first()
        if enrolled is None:
            raise Unknown
        changed = set_bonus(found, enrolled.annotator, body.validated_data["bonus_micros"])
        return Response({"person": changed.pseudonym, "bonus_micros": changed.bonus_micros})


class Imports(APIView):
    """Files on their way to becoming items."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        request=shapes.FileInput,
        responses={202: shapes.AcceptedOutput},
        operation_id="import_file",
    )
    def post(self, request: Request, project: str) -> Response:
        """Upload a CSV, TSV, JSONL, JSON, text file or zip of pictures; a job reads it."""
        found = _managed(request, project)
        body = shapes.FileInput(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        upload, job = accept_file(
            found,
            file.chunks(),
            file.name,
            open_at_once=body.validated_data["open"],
            actor=_user(request),
        )
        return Response({"id": upload.public_id, "job": job.public_id}, status=202)


class ImportDetail(APIView):
    """One file: whether its items are there, and if not, which rows are wrong."""

    @extend_schema(responses=shapes.ImportOutput, operation_id="import")
    def get(self, request: Request, project: str, upload: str) -> Response:
        found = _visible(request, project)
        imported = Import.objects.filter(project=found, public_id=upload).first()
        if imported is None:
            raise Unknown
        return Response(shapes.import_json(imported))


class AnswersExport(APIView):
    """Every answer, as a file that starts at once."""

    @extend_schema(
        parameters=[OpenApiParameter("as", enum=list(CONTENT_TYPES), default="csv")],
        responses={(200, "text/csv"): OpenApiTypes.STR},
        operation_id="export_answers",
    )
    def get(self, request: Request, project: str) -> StreamingHttpResponse:
        found = _visible(request, project)
        kind = request.query_params.get("as", "csv")
        pieces = export_answers(found, kind)
        name = f"answers-{found.public_id}.{'csv' if kind == 'crowdkit' else kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[kind], headers=headers)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # the permission class let nobody else in
    return request.user


def _visible(request: Request, public_id: str) -> Project:
    return _one(Project.objects.visible_to(_user(request)), public_id)


def _managed(request: Request, public_id: str) -> Project:
    return _one(Project.objects.managed_by(_user(request)), public_id)


def _one(projects: ProjectQuerySet, public_id: str) -> Project:
    project = projects.select_related("organization").filter(public_id=public_id).first()
    if project is None:
        raise Unknown
    return project


def _organization(request: Request, public_id: str) -> Organization:
    mine = organizations_of(_user(request), MANAGERS).filter(public_id=public_id)
    organization = mine.first()
    if organization is None:
        raise Unknown
    return organization
