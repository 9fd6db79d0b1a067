"""Items whose answer is known, brought in by managers: gold to measure by, practice to learn by."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.strict import StrictSerializer
from labeling.limits import EXTERNAL_ID_LENGTH, MEBIBYTE
from labeling.models import ItemRole, Project
from quality.api.access import body, managed, person
from quality.services.gold import Known, add_gold, import_gold
from quality.services.gold_items import EXPLANATION_LENGTH

ROWS_AT_ONCE = 10_000
FILE_BYTES = 64 * MEBIBYTE  # it is read while the manager waits; larger ones go by the command
ROLES = (ItemRole.GOLD.value, ItemRole.PRACTICE.value)


class KnownInput(StrictSerializer):
    item = serializers.CharField(
        max_length=EXTERNAL_ID_LENGTH,
        help_text="An item of the pool, by the name it was imported as.",
    )
    label = serializers.JSONField(  # type: ignore[assignment]  # a field of that name
        help_text="The right answer, as an annotator would give it."
    )
    explanation = serializers.CharField(
        max_length=EXPLANATION_LENGTH,
        allow_blank=True,
        default="",
        help_text="Told to those who practise.",
    )


class RoleInput(StrictSerializer):
    role = serializers.ChoiceField(choices=ROLES, default=ItemRole.GOLD.value)


class GoldInput(RoleInput):
    known = serializers.ListField(child=KnownInput(), min_length=1, max_length=ROWS_AT_ONCE)


class GoldFileInput(RoleInput):
    file = serializers.FileField(
        max_length=255, help_text="A table of ids and labels, or of new items with a column label."
    )
    items = serializers.FileField(
        max_length=255, required=False, help_text="New items that the table is about."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        large = [
            name for name in ("file", "items") if name in attrs and attrs[name].size > FILE_BYTES
        ]
        if large:
            raise serializers.ValidationError({name: ["The file is too large."] for name in large})
        return attrs


class KnownItemsOutput(serializers.Serializer[Any]):
    role = serializers.CharField()
    items = serializers.IntegerField(help_text="How many came in by this.")


class KnownItems(APIView):
    """Items whose answer is known."""

    parser_classes = [*APIView.parser_classes, MultiPartParser]

    @extend_schema(
        request={"application/json": GoldInput, "multipart/form-data": GoldFileInput},
        responses={201: KnownItemsOutput},
        operation_id="add_gold",
    )
    def post(self, request: Request, project: str) -> Response:
        """Items of the pool become gold or practice by their names; or a file brings its own. All or nothing."""
        found = managed(request, project)
        by_file = request.content_type.startswith("multipart/")
        given = body(request, GoldFileInput if by_file else GoldInput)
        role = ItemRole(given["role"])
        take = _take_file if by_file else _take_rows
        count = take(request, found, given, role)
        return Response({"role": role, "items": count}, status=201)


def _take_rows(request: Request, project: Project, said: dict[str, Any], role: ItemRole) -> int:
    rows = [
        Known(row, one["item"], one["label"], one["explanation"])
        for row, one in enumerate(said["known"], 1)
    ]
    return add_gold(project, rows, role=role, actor=person(request))


def _take_file(request: Request, project: Project, said: dict[str, Any], role: ItemRole) -> int:
    with tempfile.TemporaryDirectory() as folder:
        table = _written(Path(folder) / "table", said["file"])
        items = _written(Path(folder) / "items", said["items"]) if "items" in said else None
        return import_gold(project, table, items=items, role=role, actor=person(request))


def _written(folder: Path, file: "UploadedFile[Any]") -> Path:
    """The upload on disk, under a name that keeps nothing of its own but what kind of file it is."""
    folder.mkdir()
    path = folder / f"upload{_suffixes(file.name or '')}"
    chunks: Iterable[bytes] = file.chunks()
    with path.open("wb") as out:
        out.writelines(chunks)
    return path


def _suffixes(name: str) -> str:
    return "".join(suffix for suffix in Path(name).suffixes[-2:] if suffix[1:].isalnum())[:20]
