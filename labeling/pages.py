"""What the pages of a project share: the wall in front of them, and the frame around them."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from accounts.models import User
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


def page_number(request: HttpRequest, name: str = "page") -> int:
    """Which page of a list is wanted, from 1; the first where nothing sensible is asked for."""
    text = request.GET.get(name, "")
    return (
        int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 6 and int(text) else 1
    )


@dataclass(frozen=True)
class Around:
    """The addresses of the pages beside the one shown; empty where there is none."""

    before: str
    after: str


def around(request: HttpRequest, name: str = "page", *, more: bool) -> Around:
    """``more``: whether there is a page after this one. What else stands in the address is kept."""
    here = page_number(request, name)
    before = _with(request, name, here - 1) if here > 1 else ""
    return Around(before, _with(request, name, here + 1) if more else "")


def _with(request: HttpRequest, name: str, page: int) -> str:
    asked = request.GET.copy()
    asked[name] = str(page)
    return f"?{asked.urlencode()}"


def _one(projects: ProjectQuerySet, public_id: str) -> Project:
    found = projects.select_related("organization").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
