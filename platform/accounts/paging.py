"""Long lists on a page, a part at a time, by the number of the part."""

from dataclasses import dataclass

from django.http import HttpRequest


def page_number(request: HttpRequest, name: str = "page") -> int:
    """Which page of a list is wanted, from 1; the first where nothing sensible is asked for."""
    text = request.GET.get(name, "")
    return (
        int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 6 and int(text) else 1
    )


@dataclass(frozen=True)
class Around:
    """The addresses of the pages beside the one shown; empty where there is none."""

    before: str
    after: str


def around(request: HttpRequest, name: str = "page", *, more: bool) -> Around:
    """``more``: whether there is a page after this one. What else stands in the address is kept."""
    here = page_number(request, name)
    before = _with(request, name, here - 1) if here > 1 else ""
    return Around(before, _with(request, name, here + 1) if more else "")


def _with(request: HttpRequest, name: str, page: int) -> str:
    asked = request.GET.copy()
    asked[name] = str(page)
    return f"?{asked.urlencode()}"
