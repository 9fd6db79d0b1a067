"""Bearer tokens. Looked up at every request, so that revoked is revoked at the next one."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.queries import live_token
from accounts.tokens import digest

SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``; without that header the next authentication is asked."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        token = live_token(digest(secret.strip()))
        if token is None:
            raise AuthenticationFailed("The token is unknown, expired or revoked.")
        return token.user, token

    def authenticate_header(self, request: Any) -> str:  # noqa: ARG002
        """What a 401 asks for."""
        return "Bearer"
