"""One table from domain errors to HTTP. Errors are ``application/problem+json`` (RFC 9457).

A problem says ``title``, ``status``, where it helps ``detail``, and ``errors``: one ``{"field",
"message"}`` for each thing that is wrong with the input, the field as a path (``answers.0.value``).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

import accounts.errors
import jobs.services
import labeling.errors

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = "1"
GENERAL = "non_field_errors"


@dataclass(frozen=True)
class Problem:
    """How a kind of error looks from outside."""

    status: int
    title: str


_table: dict[type[Exception], Problem] = {}


def register_problem(error: type[Exception], status: int, title: str) -> None:
    """Have errors of this class, and of those derived from it, answered with this status.

    When the error has a ``message`` it becomes the detail; with a ``field`` too, an entry of ``errors``.
    """
    _table[error] = Problem(status, title)


register_problem(accounts.errors.AccountRefused, 400, "The input is not valid.")
register_problem(accounts.errors.NotYours, 404, "Not found.")
register_problem(labeling.errors.Refused, 400, "The input is not valid.")
register_problem(labeling.errors.Conflict, 409, "Not possible in the present state.")
register_problem(labeling.errors.NotFound, 404, "Not found.")
register_problem(jobs.services.JobBusy, 409, "The job is still waiting or running.")
register_problem(Http404, 404, "Not found.")
register_problem(PermissionDenied, 403, "Not allowed.")
register_problem(SuspiciousOperation, 400, "The request is not valid.")


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error of an API view; None lets an unknown one become a 500."""
    set_rollback()
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    if known := _known(error):
        return _of_domain(error, known)
    if isinstance(error, OperationalError | InterfaceError):
        return _database_away(error, context)
    return None


def problem_body(status: int, title: str, **more: Any) -> dict[str, Any]:
    """A problem document."""
    return {"type": "about:blank", "title": title, "status": status, **more}


def field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """A framework's nested error detail, as a flat list of field paths and messages."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from field_errors(inner, path if name == GENERAL else _join(path, name))
    elif isinstance(detail, list | tuple):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from field_errors(inner, _join(path, index) if nested else path)
    else:
        yield {"field": path, "message": str(detail)}


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _known(error: Exception) -> Problem | None:
    """The entry of the nearest class, so that a Conflict is not answered as the Refused that it also is."""
    return next((_table[kind] for kind in type(error).__mro__ if kind in _table), None)


def _of_domain(error: Exception, problem: Problem) -> Response:
    message = getattr(error, "message", "")
    more: dict[str, Any] = {"detail": str(message)} if message else {}
    if field := getattr(error, "field", ""):
        more["errors"] = [{"field": field, "message": str(message)}]
    return _response(problem.status, problem.title, more)


def _of_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return _response(error.status_code, _title(error), _details(error), headers)


def _title(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "The input is not valid."
    return HTTPStatus(error.status_code).phrase


def _details(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return {"errors": list(field_errors(error.detail))}
    return {"detail": str(error.detail)}


def _database_away(error: Exception, context: dict[str, Any]) -> Response:
    """Restarting, or two transactions in each other's way: nothing is stored, and asking again is safe."""
    log.error("database_failed", view=type(context.get("view")).__name__, exc_info=error)
    title = "The database is not available at the moment. Try again."
    return _response(503, title, {}, {"Retry-After": RETRY_SECONDS})


def _response(
    status: int, title: str, more: dict[str, Any], headers: dict[str, str] | None = None
) -> Response:
    body = problem_body(status, title, **more)
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)
