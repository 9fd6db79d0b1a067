"""The OpenAPI document of this site as people read it: every operation with its parts and an example.

Made once a process from the running code, so what it says is what the site does.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from assay.examples import Schemas, example_of, resolved

Json = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
IN_PROJECT = "/api/v1/projects/{project}/"
PREFIX = "/api/v1/"
DEEPEST = 3  # fields within fields that are listed
REPEATS = re.compile(
    r"\s*\* `[^`]*` - .*"
)  # what a choice may be; the column of kinds says it already


@dataclass(frozen=True)
class Field:
    """A parameter, or a part of a body. ``name`` of a part within another: ``answers[].value``."""

    name: str
    kind: str
    required: bool
    meaning: str


@dataclass(frozen=True)
class Reply:
    status: str
    media_type: str
    fields: list[Field]


@dataclass(frozen=True)
class Operation:
    """``example`` is a body that the document allows; None without one. ``media_type`` is the body's."""

    name: str
    method: str
    path: str
    group: str
    description: str
    in_path: list[Field]
    in_query: list[Field]
    media_type: str
    body: list[Field]
    example: Any
    replies: list[Reply]

    @property
    def title(self) -> str:
        """The first sentence of the description."""
        return re.split(r"(?<=[.:])\s", self.description, maxsplit=1)[0].rstrip(":")

    def has(self, words: str) -> bool:
        """Whether every word stands somewhere in it."""
        fields = [*self.in_path, *self.in_query, *self.body]
        text = " ".join(
            [self.method, self.path, self.name, self.description, *(f.name for f in fields)]
        )
        return all(word in text.casefold() for word in words.casefold().split())


@cache
def operations() -> tuple[Operation, ...]:
    """All of them, those of a group together."""
    document: Json = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    schemas: Schemas = document["components"]["schemas"]
    found = [
        _operation(path, method, at[method], schemas)
        for path, at in document["paths"].items()
        for method in METHODS
        if method in at
    ]
    return tuple(sorted(found, key=lambda one: (one.group, one.path)))


def _operation(path: str, method: str, told: Json, schemas: Schemas) -> Operation:
    media_type, schema = _content(told.get("requestBody", {}))
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        group=_group(path),
        description=" ".join(told.get("description", "").replace("`", "").split()),
        in_path=_parameters(told, "path", schemas),
        in_query=_parameters(told, "query", schemas),
        media_type=media_type,
        body=list(_fields(schema, schemas)) if schema else [],
        example=example_of(schema, schemas) if schema else None,
        replies=[_reply(status, reply, schemas) for status, reply in told["responses"].items()],
    )


def _group(path: str) -> str:
    """What it is about: the first word of the address, behind the project's where there is one."""
    of_project = path.startswith(IN_PROJECT)
    rest = path.removeprefix(IN_PROJECT) if of_project else path.removeprefix(PREFIX)
    word = next((part for part in rest.split("/") if not part.startswith("{")), "")
    return f"projects: {word}" if of_project else word


def _content(told: Json) -> tuple[str, Json]:
    """The first media type with its schema; empty where there is none."""
    return next(
        ((kind, one.get("schema", {})) for kind, one in told.get("content", {}).items()), ("", {})
    )


def _parameters(told: Json, place: str, schemas: Schemas) -> list[Field]:
    return [
        Field(
            one["name"], kind_of(one["schema"], schemas), one.get("required", False), _meaning(one)
        )
        for one in told.get("parameters", [])
        if one["in"] == place
    ]


def _reply(status: str, told: Json, schemas: Schemas) -> Reply:
    media_type, schema = _content(told)
    return Reply(status, media_type, list(_fields(schema, schemas)))


def _fields(schema: Json, schemas: Schemas, within: str = "", depth: int = 1) -> Iterator[Field]:
    """The parts of an object, each followed by its own."""
    schema = resolved(schema, schemas)
    if schema.get("type") == "array":
        yield from _fields(schema["items"], schemas, f"{within}[]", depth)
        return
    for name, part in schema.get("properties", {}).items():
        full = f"{within}.{name}" if within else name
        required = name in schema.get("required", [])
        yield Field(full, kind_of(part, schemas), required, _meaning(part))
        if depth < DEEPEST:
            yield from _fields(part, schemas, full, depth + 1)


def _meaning(told: Json) -> str:
    lines = told.get("description", "").splitlines()
    said = " ".join(line.strip() for line in lines if not REPEATS.fullmatch(line))
    return said.replace("`", "").strip()


def kind_of(schema: Json, schemas: Schemas) -> str:
    """Its type in a few words: ``integer from 1 to 1000``, ``one of yes, no``, ``list of text``."""
    schema = resolved(schema, schemas)
    if "enum" in schema:
        return "one of " + ", ".join(
            str(value) for value in schema["enum"] if value not in ("", None)
        )
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'], schemas)}"
    return _type(schema) + _limits(schema) + (" or null" if schema.get("nullable") else "")


def _type(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "binary":
        return "file"
    if schema.get("format") and schema.get("type") == "string":
        return str(schema["format"])
    return {"string": "text", None: "any"}.get(schema.get("type"), str(schema.get("type")))


def _limits(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    said = [f"from {least:g}"] if least is not None else []
    said += [f"to {most:g}"] if most is not None else []
    if schema.get("type") == "string" and "maxLength" in schema:
        said.append(f"up to {schema['maxLength']} letters")
    return " " + " ".join(said) if said else ""
