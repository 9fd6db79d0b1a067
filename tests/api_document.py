"""The OpenAPI document of the running code, made once in a process: making it takes longer than most tests."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator


def make_document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return, no-untyped-call]


document = cache(make_document)
