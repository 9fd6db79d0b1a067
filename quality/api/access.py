"""Who asks, and about which project: the walls of every endpoint here. What is not yours does not exist."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from accounts.models import User
from accounts.strict import StrictSerializer, Texts
from labeling.models import Project


class NothingInput(StrictSerializer):
    """No parameters."""


def person(request: Request) -> User:
    assert isinstance(request.user, User)  # the permission class let nobody else in
    return request.user


def visible(request: Request, public_id: str) -> Project:
    """The project, for who may look at it."""
    return _found(Project.objects.visible_to(person(request)).filter(public_id=public_id).first())


def managed(request: Request, public_id: str) -> Project:
    """The project, for who may change it."""
    return _found(Project.objects.managed_by(person(request)).filter(public_id=public_id).first())


def reviewed(request: Request, public_id: str) -> Project:
    """The project, for who may review its labels."""
    return _found(Project.objects.reviewed_by(person(request)).filter(public_id=public_id).first())


def parameters(request: Request, shape: type[StrictSerializer] = NothingInput) -> dict[str, Any]:
    """The query, checked: an unknown parameter is an error."""
    given = shape(data=Texts(request.query_params.dict()))
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def body(request: Request, shape: type[StrictSerializer]) -> dict[str, Any]:
    """What was sent, checked."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _found(project: Project | None) -> Project:
    if project is None:
        raise NotFound
    return project
