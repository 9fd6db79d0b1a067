"""Lists of projects in pages: the newest first, and the id of a project to go on after.

The cursor is looked up among what the caller may see, so a foreign id is as unknown as one that was never given.
"""

from typing import Any, NamedTuple

from rest_framework import serializers
from rest_framework.request import Request

from accounts.strict import StrictSerializer, Texts
from labeling.models import Project
from labeling.models.projects import ProjectQuerySet

MOST = 1000
PARAMETERS = {"GET": ("cursor", "limit")}


class PageInput(StrictSerializer):
    cursor = serializers.CharField(max_length=32, required=False, help_text="`next` of a page.")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=100)


class Page(NamedTuple):
    """``next`` is the cursor of the page after this one; None on the last."""

    projects: list[Project]
    next: str | None


def page_of(request: Request, projects: ProjectQuerySet) -> Page:
    """The page that the address asks for. Raises ValidationError."""
    asked = PageInput(data=Texts(request.query_params.dict()))
    asked.is_valid(raise_exception=True)
    cursor, limit = asked.validated_data.get("cursor"), asked.validated_data["limit"]
    if cursor is not None:
        projects = projects.filter(pk__lt=_place(projects, cursor))
    found = list(projects.order_by("-pk")[: limit + 1])
    shown = found[:limit]
    return Page(shown, shown[-1].public_id if len(found) > limit else None)


def _place(projects: ProjectQuerySet, cursor: str) -> int:
    place = projects.filter(public_id=cursor).values_list("pk", flat=True).first()
    if place is None:
        raise serializers.ValidationError({"cursor": ["Is not the `next` of a page."]})
    return place


class PageOutput(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="`cursor` of the page after this one.")
