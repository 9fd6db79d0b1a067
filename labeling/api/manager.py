"""The manager's API: projects, files in, answers out. What is not yours does not exist."""

from django.http import FileResponse, StreamingHttpResponse
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
from labeling.api.pages import PARAMETERS, PageInput, page_of
from labeling.models import Import, Project
from labeling.models.projects import ProjectQuerySet
from labeling.services.export_jobs import enqueue_export, export_of
from labeling.services.exporting import (
    ANSWERS_EXPORT,
    CONTENT_TYPES,
    PEOPLE,
    export_answers,
    extension_of,
)
from labeling.services.importing import accept_file
from labeling.services.opening import withdraw_named
from labeling.services.problem_reports import report_of
from labeling.services.projects import ProjectSpec, create_project, set_status, update_project


class Projects(APIView):
    """The projects of my organizations."""

    query_parameters = PARAMETERS

    @extend_schema(parameters=[PageInput], responses=shapes.ProjectsOutput, operation_id="projects")
    def get(self, request: Request) -> Response:
        mine = Project.objects.visible_to(person_of(request)).select_related("organization")
        projects, after = page_of(request, mine)
        return Response({"projects": [shapes.project_json(p) for p in projects], "next": after})

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
        project = create_project(organization, ProjectSpec(**values), actor=person_of(request))
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
        found = managed(request, project)
        body = shapes.SettingsInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changed = update_project(found, body.validated_data, actor=person_of(request))
        return Response(shapes.project_detail_json(changed))


class Status(APIView):
    """Start, pause, resume, end."""

    @extend_schema(
        request=shapes.StatusInput,
        responses=shapes.ProjectDetailOutput,
        operation_id="set_project_status",
    )
    def post(self, request: Request, project: str) -> Response:
        found = managed(request, project)
        body = shapes.StatusInput(data=request.data)
        body.is_valid(raise_exception=True)
        set_status(found, body.validated_data["status"], actor=person_of(request))
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
        found = managed(request, project)
        body = shapes.WithdrawInput(data=request.data)
        body.is_valid(raise_exception=True)
        names = list(dict.fromkeys(body.validated_data["items"]))
        unknown = withdraw_named(found, names, actor=person_of(request))
        return Response({"withdrawn": len(names) - len(unknown), "unknown": unknown})


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
        found = managed(request, project)
        body = shapes.FileInput(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        upload, job = accept_file(
            found,
            file.chunks(),
            file.name,
            open_at_once=body.validated_data["open"],
            keep_good=body.validated_data["keep_good"],
            actor=person_of(request),
        )
        return Response({"id": upload.public_id, "job": job.public_id}, status=202)


class ImportDetail(APIView):
    """One file: whether its items are there, and if not, which rows are wrong."""

    @extend_schema(responses=shapes.ImportOutput, operation_id="import")
    def get(self, request: Request, project: str, upload: str) -> Response:
        return Response(shapes.import_json(_import(_visible(request, project), upload)))


class ImportProblems(APIView):
    """Every row of one file that is wrong, as CSV: row, field, message."""

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, operation_id="import_problems")
    def get(self, request: Request, project: str, upload: str) -> StreamingHttpResponse:
        found = _import(_visible(request, project), upload)
        headers = {"Content-Disposition": f'attachment; filename="problems-{upload}.csv"'}
        return StreamingHttpResponse(
            report_of(found), content_type=CONTENT_TYPES["csv"], headers=headers
        )


class AnswersExport(APIView):
    """Every answer, as a file that starts at once, or as a job."""

    query_parameters = {"GET": ("as", "people")}

    @extend_schema(
        parameters=[
            OpenApiParameter("as", enum=list(CONTENT_TYPES), default="csv"),
            OpenApiParameter("people", enum=list(PEOPLE), default="pseudonyms"),
        ],
        responses={(200, "text/csv"): OpenApiTypes.STR},
        operation_id="export_answers",
    )
    def get(self, request: Request, project: str) -> StreamingHttpResponse:
        """People under their pseudonyms; user names only for those who manage the project."""
        people = request.query_params.get("people", "pseudonyms")
        found = _readable(request, project, people)
        kind = request.query_params.get("as", "csv")
        pieces = export_answers(found, kind, people)
        name = f"answers-{found.public_id}.{extension_of(kind)}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[kind], headers=headers)

    @extend_schema(
        request=shapes.AnswersExportInput,
        responses={202: shapes.JobOutput},
        operation_id="start_answers_export",
    )
    def post(self, request: Request, project: str) -> Response:
        """The same by a job; its file is at ``exports/files/{job}`` when it is done."""
        _visible(request, project)
        body = shapes.AnswersExportInput(data=request.data)
        body.is_valid(raise_exception=True)
        found = _readable(request, project, body.validated_data["people"])
        job = enqueue_export(found, ANSWERS_EXPORT, body.validated_data, actor=person_of(request))
        return Response({"job": job.public_id}, status=202)


class ExportFile(APIView):
    """What an export job has written."""

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR}, operation_id="export_file")
    def get(self, request: Request, project: str, job: str) -> FileResponse:
        """404 until the job is done, and again when the file is swept (two days)."""
        path = export_of(_visible(request, project), job)
        kind = "jsonl" if path.suffix == ".jsonl" else "csv"
        return FileResponse(
            path.open("rb"),
            as_attachment=True,
            filename=f"export-{job}{path.suffix}",
            content_type=CONTENT_TYPES[kind],
        )


def _readable(request: Request, public_id: str, people: str) -> Project:
    """Who people are is for managers; an auditor sees pseudonyms."""
    named = people != "pseudonyms"
    return (managed if named else _visible)(request, public_id)


def _import(project: Project, public_id: str) -> Import:
    imported = Import.objects.filter(project=project, public_id=public_id).first()
    if imported is None:
        raise Unknown
    return imported


def person_of(request: Request) -> User:
    assert isinstance(request.user, User)  # the permission class let nobody else in
    return request.user


def _visible(request: Request, public_id: str) -> Project:
    return _one(Project.objects.visible_to(person_of(request)), public_id)


def managed(request: Request, public_id: str) -> Project:
    return _one(Project.objects.managed_by(person_of(request)), public_id)


def _one(projects: ProjectQuerySet, public_id: str) -> Project:
    project = projects.select_related("organization").filter(public_id=public_id).first()
    if project is None:
        raise Unknown
    return project


def _organization(request: Request, public_id: str) -> Organization:
    mine = organizations_of(person_of(request), MANAGERS).filter(public_id=public_id)
    organization = mine.first()
    if organization is None:
        raise Unknown
    return organization
