"""What the pages of a project share: the wall in front of them, and the frame around them."""

from typing import Any

from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.paging import Around as Around
from accounts.paging import around as around
from accounts.paging import page_number as page_number
from labeling.models import Project
from labeling.models.projects import ProjectQuerySet


def visible_project(request: HttpRequest, public_id: str) -> Project:
    """A project that this person may look at; for everybody else it does not exist (404)."""
    return _one(Project.objects.visible_to(request.user), public_id)


def managed_project(request: HttpRequest, public_id: str) -> Project:
    """A project that this person may change; for everybody else it does not exist (404)."""
    return _one(Project.objects.managed_by(request.user), public_id)


def framed(request: HttpRequest, project: Project, here: str, **more: Any) -> dict[str, Any]:
    """The context of a page of the project: which tab it is, and whether this person may change things."""
    mine = Project.objects.managed_by(request.user).filter(pk=project.pk)
    return {"project": project, "here": here, "can_change": mine.exists(), **more}


def person_of(request: HttpRequest) -> User:
    """Whoever asks; the caller let only people in who are signed in."""
    assert isinstance(request.user, User)
    return request.user


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def _one(projects: ProjectQuerySet, public_id: str) -> Project:
    found = projects.select_related("organization").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
