"""What is shown when no view answers: a problem document to programs, a page to people.

None of it touches the database, which may be what is broken.
"""

import secrets
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assay.errors import CONTENT_TYPE, problem_body

API = "/api/"
REFERENCE = 4  # bytes: told on the telephone, and rare enough in a log
log = structlog.get_logger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    sentence = _("The request could not be understood. Go back and try again.")
    return _answer(request, 400, _("That did not work"), sentence)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _answer(request, 403, _("Not allowed"), _("You may not do that with this account."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    sentence = _(
        "The form was too old, or cookies are switched off. Reload the page and try again."
    )
    return _answer(request, 403, _("The form was not accepted"), sentence)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    sentence = _("It does not exist, or it is not shown to this account.")
    return _answer(request, 404, _("Nothing here"), sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """With a reference that the log has too, next to what went wrong."""
    reference = secrets.token_hex(REFERENCE)
    log.error("request_failed", reference=reference)
    sentence = _(
        "Something went wrong on our side. Your stored work is safe. Try again in a moment."
    )
    return _answer(request, 500, _("Our mistake"), sentence, reference)


def _answer(
    request: HttpRequest, status: int, heading: str, sentence: str, reference: str = ""
) -> HttpResponse:
    if request.path.startswith(API):
        more = {"reference": reference} if reference else {}
        body = problem_body(status, HTTPStatus(status).phrase, **more)
        return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    shown = {"heading": heading, "sentence": sentence, "reference": reference}
    return HttpResponse(_page(shown), status=status)


def _page(shown: dict[str, str]) -> str:
    """Without a request: no context processor may ask who this is."""
    return render_to_string("assay/problem.html", shown)
