"""What every page may ask about the person who looks at it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.queries import roles_of


def standing(request: HttpRequest) -> dict[str, Any]:
    """``roles``: what the person may see, read only by pages with a navigation bar; ``theme``: light or dark."""
    theme = request.COOKIES.get("theme", "")
    return {
        "roles": SimpleLazyObject(lambda: roles_of(request.user)),
        "theme": theme if theme in ("light", "dark") else "",
    }
