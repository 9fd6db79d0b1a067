"""The one view that serves uploaded files. Our content type, never the uploader's; never run by a browser."""

from pathlib import Path

from django.db.models import Q
from django.db.models.functions import Now
from django.http import FileResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound as Unknown
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from labeling.limits import MEDIA_AFTER_ANSWER
from labeling.media import ITEM, SEAT, THUMBNAIL, Link, read_link
from labeling.media_store import path_of
from labeling.models import Assignment, AssignmentState, Item, MediaFile, Project
from labeling.thumbnails import CONTENT_TYPE, thumbnail_of

# The link names one picture for ever (content is addressed by its digest), so the reader may keep it.
HEADERS = {
    "Cache-Control": "private, max-age=86400, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
}


class Media(APIView):
    """A picture, for the person with the seat or a manager of the organization; 404 for others."""

    @extend_schema(exclude=True)
    def get(self, request: Request, token: str) -> FileResponse:
        link = read_link(token)
        assert isinstance(request.user, User)
        file = _file(link, request.user) if link else None
        if link is None or file is None:
            raise Unknown
        if link.kind == THUMBNAIL:
            return _reply(thumbnail_of(file), CONTENT_TYPE)
        return _reply(path_of(file.digest), file.content_type)


def _reply(path: Path, content_type: str) -> FileResponse:
    return FileResponse(path.open("rb"), content_type=content_type, headers=HEADERS)


def _file(link: Link, user: User) -> MediaFile | None:
    finders = {SEAT: _file_of_seat, ITEM: _file_of_item, THUMBNAIL: _file_of_item}
    return finders[link.kind](link.public_id, user) if link.kind in finders else None


def _file_of_seat(public_id: str, user: User) -> MediaFile | None:
    """While the seat is held, and for an hour after it was answered."""
    fresh = Q(lease_until__gt=Now()) | Q(answers__created_at__gt=Now() - MEDIA_AFTER_ANSWER)
    seat = (
        Assignment.objects.filter(fresh, public_id=public_id, annotator=user)
        .filter(state__in=(AssignmentState.LEASED, AssignmentState.ANSWERED))
        .select_related("item__media")
        .first()
    )
    return seat.item.media if seat else None


def _file_of_item(public_id: str, user: User) -> MediaFile | None:
    staff = Q(project__in=Project.objects.visible_to(user))
    reviewers = Q(project__in=Project.objects.reviewed_by(user))
    item = (
        Item.objects.filter(staff | reviewers, public_id=public_id).select_related("media").first()
    )
    return item.media if item else None
