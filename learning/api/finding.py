"""Who asks, and what of theirs the address names. What is not yours does not exist."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from accounts.models import User
from accounts.strict import StrictSerializer
from labeling.models import Project
from labeling.models.projects import ProjectQuerySet


def person(request: Request) -> User:
    assert isinstance(request.user, User)  # the permission class let nobody else in
    return request.user


def visible(request: Request, public_id: str) -> Project:
    """A project that the person may look at."""
    return _one(Project.objects.visible_to(person(request)), public_id)


def managed(request: Request, public_id: str) -> Project:
    """A project that the person may change."""
    return _one(Project.objects.managed_by(person(request)), public_id)


def reviewed(request: Request, public_id: str) -> Project:
    """A project in which the person counts as an expert."""
    return _one(Project.objects.reviewed_by(person(request)), public_id)


def body_of(request: Request, shape: type[StrictSerializer]) -> dict[str, Any]:
    """The checked body of the request."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _one(projects: ProjectQuerySet, public_id: str) -> Project:
    project = projects.filter(public_id=public_id).first()
    if project is None:
        raise NotFound
    return project
