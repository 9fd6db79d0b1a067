"""Lists of numbered rows in pages: the newest first, and the number of a row to go on after."""

from typing import Any, NamedTuple

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from accounts.strict import StrictSerializer, Texts

MOST = 1000
PARAMETERS = {"GET": ("cursor", "limit")}


class NumberedInput(StrictSerializer):
    cursor = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, help_text="`next` of a page."
    )
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=100)


class NumberedOutput(serializers.Serializer[Any]):
    next = serializers.IntegerField(
        allow_null=True, help_text="`cursor` of the page after this one; null on the last."
    )


class Numbered(NamedTuple):
    """``rows`` of the page, and the cursor of the one after it."""

    rows: list[Any]
    next: int | None


def page_of(request: Request, rows: "QuerySet[Any]") -> Numbered:
    """The page that the address asks for. Raises ValidationError."""
    asked = NumberedInput(data=Texts(request.query_params.dict()))
    asked.is_valid(raise_exception=True)
    cursor, limit = asked.validated_data.get("cursor"), asked.validated_data["limit"]
    if cursor is not None:
        rows = rows.filter(number__lt=cursor)
    found = list(rows.order_by("-number")[: limit + 1])
    return Numbered(found[:limit], found[limit - 1].number if len(found) > limit else None)
