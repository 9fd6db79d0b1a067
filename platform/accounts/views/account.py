"""One's own account: password, sessions, tokens, how pages look."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import ApiToken, User
from accounts.services import create_token, revoke_token
from accounts.sessions import end_session, sessions_of
from accounts.views.signing import BY_LINK

THEMES = ("system", "light", "dark")
THEME_COOKIE = "theme"
TEXT_SIZES = ("14", "16", "18", "20", "22", "24", "28")  # pixels, of the text to label
USUAL_SIZE = "18"
TABLES = ("roomy", "dense")
LASTS = 365 * 24 * 3600
DAYS = {"7": 7, "30": 30, "365": 365, "": None}
LISTED = 100


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's account; a POST changes the password."""
    if request.method == "POST":
        problem = _change_password(request, _user(request))
        if not problem:
            messages.success(request, _("The password is changed. All other sessions have ended."))
            return redirect("account")
        return _show(request, problem=problem)
    return _show(request)


def _show(request: HttpRequest, **more: Any) -> HttpResponse:
    user = _user(request)
    tokens = ApiToken.objects.filter(user=user, revoked_at=None).order_by("-pk")[:LISTED]
    context = {
        "site": "account",
        "sessions": sessions_of(user, request.session.session_key),
        "tokens": [{"id": token.digest[:16], "token": token} for token in tokens],
        "themes": {"system": _("as the device"), "light": _("light"), "dark": _("dark")},
        "theme_now": request.COOKIES.get(THEME_COOKIE, THEMES[0]),
        "languages": settings.LANGUAGES,
        "language_now": translation.get_language(),
        "sizes": TEXT_SIZES,
        "size_now": request.COOKIES.get("text_size", USUAL_SIZE),
        "tables": {"roomy": _("roomy"), "dense": _("dense")},
        "tables_now": request.COOKIES.get("tables", TABLES[0]),
        "needs_old": _needs_old(request, user),
        **more,
    }
    return render(request, "accounts/account.html", context)


def _change_password(request: HttpRequest, user: User) -> str:
    """What is wrong with the change, if anything; else it is done."""
    new = request.POST.get("new", "")
    if _needs_old(request, user) and not user.check_password(request.POST.get("old", "")):
        return _("The present password is another one.")
    try:
        validate_password(new, user)
    except ValidationError as weak:
        return " ".join(weak.messages)
    user.set_password(new)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    request.session.pop(BY_LINK, None)
    return ""


def _needs_old(request: HttpRequest, user: User) -> bool:
    return user.has_usable_password() and not request.session.get(BY_LINK)


@login_required
@require_POST
def tokens(request: HttpRequest) -> HttpResponse:
    """Make a token, which is shown this once, or revoke one."""
    user = _user(request)
    if revoked := request.POST.get("revoke"):
        mine = ApiToken.objects.filter(user=user)
        token = get_object_or_404(mine, digest__startswith=revoked) if len(revoked) == 16 else None
        if token and revoke_token(token):
            messages.success(request, _("Revoked. From now on it is nothing."))
        return redirect("account")
    days = DAYS.get(request.POST.get("days", ""), 30)
    lifetime = timedelta(days=days) if days else None
    name = request.POST.get("name", "").strip()[:100]
    made = create_token(user, name=name, lifetime=lifetime)
    return _show(request, secret=made.secret)


@login_required
@require_POST
def sessions(request: HttpRequest) -> HttpResponse:
    if end_session(_user(request), request.POST.get("session", "")):
        messages.success(request, _("That session has ended."))
    return redirect("account")


@login_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """How pages look in this browser: theme, language, size of the text to label, tables."""
    response = redirect("account")
    for field, (cookie, allowed) in LOOKS.items():
        if (value := request.POST.get(field, "")) in allowed:
            _remember(response, cookie, value)
    return response


LOOKS: dict[str, tuple[str, Collection[str]]] = {
    "theme": (THEME_COOKIE, THEMES),
    "language": (settings.LANGUAGE_COOKIE_NAME, dict(settings.LANGUAGES)),
    "text_size": ("text_size", TEXT_SIZES),
    "tables": ("tables", TABLES),
}
"""By field of the form: the cookie that keeps it, and what it may be."""


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=LASTS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
