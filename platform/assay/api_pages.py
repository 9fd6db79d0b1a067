"""The pages about the API: every operation, searched; one of them with its parts and a call to copy."""

import json
import re
from itertools import groupby
from shlex import quote
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assay.reference import Operation, operations
from labeling.pages import wants_fragment

LONGEST = 100
MULTIPART = "multipart/form-data"


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """All operations; with ``operation`` in the address, that one. Open to everybody, as the document is."""
    named = request.GET.get("operation")
    if named is not None:
        return _one(request, named)
    words = request.GET.get("words", "")[:LONGEST]
    found = [one for one in operations() if one.has(words)]
    groups = {name: list(part) for name, part in groupby(found, key=lambda one: one.group)}
    context = {"site": "api", "words": words, "groups": groups, "n": len(found)}
    part = "_operations" if wants_fragment(request) else "api"
    return render(request, f"assay/{part}.html", {**context, "base": _base(request)})


def _one(request: HttpRequest, name: str) -> HttpResponse:
    shown = next((one for one in operations() if one.name == name), None)
    if shown is None:
        raise Http404
    context = {"site": "api", "one": shown, "call": call(shown, _base(request))}
    return render(request, "assay/operation.html", context)


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def call(operation: Operation, base: str) -> str:
    """A line for a shell with curl; names in capitals stand for what the caller knows."""
    path = re.sub(r"{(\w+)}", lambda found: found[1].upper(), operation.path)
    needed = {one.name: one.name.upper() for one in operation.in_query if one.required}
    address = base + path + (f"?{urlencode(needed)}" if needed else "")
    parts = [f"curl -X {operation.method} {quote(address)}", '-H "Authorization: Bearer $TOKEN"']
    return " \\\n  ".join([*parts, *_body(operation)])


def _body(operation: Operation) -> list[str]:
    if not operation.media_type:
        return []
    if operation.media_type == MULTIPART:
        return [f"-F {quote(_form_part(name, value))}" for name, value in operation.example.items()]
    body = json.dumps(operation.example, ensure_ascii=False)
    return ["-H 'Content-Type: application/json'", f"-d {quote(body)}"]


def _form_part(name: str, value: object) -> str:
    return "file=@rows.csv" if name == "file" else f"{name}={value}"
