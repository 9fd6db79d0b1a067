"""What every page may ask about the person who looks at it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.queries import roles_of
from accounts.views.account import TEXT_SIZES


def standing(request: HttpRequest) -> dict[str, Any]:
    """``roles``: what the person may see, read only by pages with a navigation bar.

    Of this browser: ``theme`` light or dark, ``text_size`` of what is to be labeled, ``dense`` tables.
    """
    theme, size = request.COOKIES.get("theme", ""), request.COOKIES.get("text_size", "")
    return {
        "roles": SimpleLazyObject(lambda: roles_of(request.user)),
        "theme": theme if theme in ("light", "dark") else "",
        "text_size": size if size in TEXT_SIZES else "",
        "dense": request.COOKIES.get("tables") == "dense",
    }
