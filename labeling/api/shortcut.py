"""A short way in front of two routes: answers handed in and seats claimed with a bearer token.

A middleware, so that sessions, languages, forms and the framework's views cost nothing where nobody
asks for them; the headers of security are set outside of it. It takes only what is certainly right: a
request of exactly the documented shape, from which the fast turn can be taken. Everything else goes
on to the view as if this did not exist, so each refusal is worded in one place.
"""

import io
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.settings import api_settings

from accounts.authentication import SCHEME
from accounts.tokens import digest
from labeling.api.shortcut_shapes import (
    WrongShape,
    answers_body,
    claim_body,
    claim_text,
    outcomes_text,
)
from labeling.services.fast import take_turn

GetResponse = Callable[[HttpRequest], HttpResponseBase]
ANSWERS = "/api/v1/answers"
CLAIMS = re.compile(r"/api/v1/projects/([0-9a-z]{1,32})/claims")
ACCEPTED = ("", "*/*", "application/json")
LARGEST = 256 * 1024


class Shortcut:
    """Answers what it can; the rest is for the views."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.path_info.startswith("/api/v1/"):
            try:
                text = _reply(request)
            except (WrongShape, APIException, SuspiciousOperation):
                text = None
            if text is not None:
                return _response(text)
        return self.get_response(request)


def _reply(request: HttpRequest) -> str | None:
    """The body of the reply; None, or one of the errors above, if this is for the views."""
    token = _token(request.META.get("HTTP_AUTHORIZATION", ""))
    if token is None or not _is_plain(request.META):
        return None
    request.get_host()
    if request.path_info == ANSWERS:
        return _answers(token, _body(request))
    asked = CLAIMS.fullmatch(request.path_info)
    return _claim(token, asked[1], _body(request)) if asked else None


def _token(header: str) -> str | None:
    scheme, _, secret = header.partition(" ")
    return digest(secret.strip()) if scheme.lower() == SCHEME else None


def _is_plain(meta: dict[str, Any]) -> bool:
    """JSON in, JSON out, of a known and modest size, and nothing asked in the address."""
    size = meta.get("CONTENT_LENGTH") or ""
    return (
        meta.get("CONTENT_TYPE") == "application/json"
        and meta.get("HTTP_ACCEPT", "") in ACCEPTED
        and not meta.get("QUERY_STRING")
        and size.isdecimal()
        and 0 < int(size) <= LARGEST
    )


def _body(request: HttpRequest) -> Any:
    """What the views' own parser makes of it; they can still read it after us."""
    parsers: Any = api_settings.DEFAULT_PARSER_CLASSES
    return parsers[0]().parse(io.BytesIO(request.body))


def _answers(token: str, body: Any) -> str | None:
    turn, entries = answers_body(token, body)
    turned = take_turn(turn)
    if turned is None:
        return None
    taken = claim_text(turn, turned) if turn.wanted else "null"
    return f'{{"answers":[{outcomes_text(entries, turned.answers)}],"claim":{taken}}}'


def _claim(token: str, project: str, body: Any) -> str | None:
    turn = claim_body(token, project, body)
    turned = take_turn(turn)
    return None if turned is None else claim_text(turn, turned)


def _response(text: str) -> HttpResponse:
    content = text.encode()
    headers = {"Content-Length": str(len(content)), "Vary": "Accept"}
    return HttpResponse(content, content_type="application/json", headers=headers)
