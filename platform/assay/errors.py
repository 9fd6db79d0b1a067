"""One table from domain errors to HTTP. Errors are ``application/problem+json`` (RFC 9457)."""

from typing import Any

from rest_framework.response import Response


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    raise NotImplementedError
