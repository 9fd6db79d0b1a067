"""Vectors that come with the data, as files."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from learning import queries
from learning.api.finding import body_of, managed, person, visible
from learning.blocks import unpack_ids
from learning.services.vectors import accept_vectors


class VectorsInput(StrictSerializer):
    file = serializers.FileField(
        max_length=255, help_text="`.npz` with `ids` and `vectors`, `.npy`, or `.parquet`."
    )
    ids = serializers.FileField(
        max_length=255, required=False, help_text="For `.npy`: the items' names, one a line."
    )


class VectorsJob(serializers.Serializer[Any]):
    job = serializers.CharField()


class FeaturesOut(serializers.Serializer[Any]):
    kind = serializers.CharField(
        allow_null=True, help_text="What vectors are made of, or `supplied`."
    )
    items = serializers.IntegerField(help_text="Items that have a vector.")
    unusable = serializers.IntegerField(help_text="Items of which none can be made.")
    problem = serializers.CharField(help_text="The first of those, and why.")


class FeaturesView(APIView):
    """The vectors that models see."""

    parser_classes = [MultiPartParser]

    @extend_schema(responses=FeaturesOut, operation_id="features")
    def get(self, request: Request, project: str) -> Response:
        found = visible(request, project)
        space = queries.space_of(found.pk)
        return Response(
            {
                "kind": space.kind if space else None,
                "items": queries.rows_featured(space) if space else 0,
                "unusable": len(unpack_ids(space.unusable)) if space else 0,
                "problem": space.problem if space else "",
            }
        )

    @extend_schema(request=VectorsInput, responses={202: VectorsJob}, operation_id="supply_vectors")
    def post(self, request: Request, project: str) -> Response:
        """Use these vectors from now on; a job reads the file. Every vector of it is taken, or none."""
        found, body = managed(request, project), body_of(request, VectorsInput)
        file, ids = body["file"], body.get("ids")
        job = accept_vectors(
            found,
            file.chunks(),
            file.name,
            ids=ids.chunks() if ids else None,
            actor=person(request),
        )
        return Response({"job": job.public_id}, status=202)
