"""Headers that every response carries, errors and static files included."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

from assay.error_pages import API, bad_request

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
TRANSLATED = frozenset(
    {
        "home",
        "tasks",
        "task-page",
        "my-work",
        "contest",
        "account",
        "my-tokens",
        "my-sessions",
        "look",
        "sign-in",
        "sign-in-link",
        "sign-out",
        "join",
    }
)
"""Routes of the pages that speak every language of the site to the last sentence: the workers'."""
COMPRESSED = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml"})
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class SecurityHeaders:
    """Outermost middleware: no inner one, and no error page, can leave a header out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Compress(GZipMiddleware):
    """Pages, sheets and scripts go out by gzip to those who take it.

    Not pictures, which are packed already, nor the API, whose answers are small or streams. What is secret in a
    page, its CSRF token, is masked anew each time, so its length tells nothing of it (BREACH, 2013).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if request.method == "HEAD" or response.status_code != 200 or kind not in COMPRESSED:
            return response
        return super().process_response(request, response)


class RefuseNul:
    """An address with a NUL means nothing, and PostgreSQL would refuse it deep inside a view."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        return self.get_response(request)


class RefuseNulInForms:
    """The same for what forms send. Interfaces have their own check, which names the field."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        if request.method != "POST" or request.path.startswith(API):
            return None
        sent = (text for name, texts in request.POST.lists() for text in (name, *texts))
        return bad_request(request) if any("\0" in str(text) for text in sent) else None


class OneLanguageAPage:
    """A page that is not translated is English from left to right, never half of it: Arabic would tear it apart."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        route = request.resolver_match
        if route and route.url_name not in TRANSLATED and not request.path.startswith(API):
            translation.activate("en")
            request.LANGUAGE_CODE = "en"
