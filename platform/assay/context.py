"""What every page may ask about the person who looks at it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.queries import roles_of


def standing(request: HttpRequest) -> dict[str, Any]:
    """``roles``: what the person may see; read only by pages that show a navigation bar."""
    return {"roles": SimpleLazyObject(lambda: roles_of(request.user))}
