"""Endpoints that belong to no app alone: jobs know nothing of organizations, so the two meet here."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.queries import STAFF, organizations_of
from jobs.models import Job
from jobs.queries import jobs_of_tenants


class JobOut(serializers.ModelSerializer[Job]):
    """A job as the people of its organization see it. Its arguments are nobody's business."""

    job = serializers.CharField(source="public_id")

    class Meta:
        model = Job
        fields = [
            "job",
            "kind",
            "subject",
            "state",
            "done",
            "total",
            "message",
            "attempts",
            "max_attempts",
            "error",
            "result",
            "created_at",
            "started_at",
            "finished_at",
        ]


class JobPageOut(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Address of the page after this one.")
    previous = serializers.CharField(allow_null=True)
    results = JobOut(many=True)


class JobPages(CursorPagination):
    page_size = 50
    ordering = "-id"


class Jobs(APIView):
    """The jobs of the organizations that the caller manages or audits, newest first."""

    query_parameters = {"GET": ("cursor",)}

    @extend_schema(
        parameters=[OpenApiParameter("cursor", description="From `next` or `previous`.")],
        responses=JobPageOut,
        operation_id="jobs",
        filters=False,
    )
    def get(self, request: Request) -> Response:
        tenants = organizations_of(request.user, STAFF).values_list("pk", flat=True)
        pages = JobPages()
        page: Any = pages.paginate_queryset(jobs_of_tenants(list(tenants)), request, view=self)
        return pages.get_paginated_response(JobOut(page, many=True).data)
