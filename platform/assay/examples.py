"""An example for a schema of the OpenAPI document: the smallest body that it allows, or nearly so."""

from typing import Any

Json = dict[str, Any]
Schemas = dict[str, Json]

FEW = 3  # parts that are shown of an object that requires none
TEXTS = {
    "uuid": "0b9d2f1e-3c55-4b12-9a77-52d1f0a4c001",
    "date-time": "2026-11-20T12:00:00Z",
    "date": "2026-11-20",
    "uri": "https://example.org/",
}
PLAIN = {"integer": 1, "number": 0.5, "boolean": True, "object": {}}


def resolved(schema: Json, schemas: Schemas) -> Json:
    """The schema itself, where only its name is given."""
    if "$ref" in schema:
        return resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            beside = {name: value for name, value in schema.items() if name != several}
            return {**resolved(schema[several][0], schemas), **beside}
    return schema


def example_of(schema: Json, schemas: Schemas) -> Any:
    """What is required, else the first few parts."""
    schema = resolved(schema, schemas)
    if "default" in schema:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example_of(schema["items"], schemas)]
    if "properties" in schema:
        return _object(schema, schemas)
    return _plain(schema)


def _object(schema: Json, schemas: Schemas) -> Json:
    parts = {n: p for n, p in schema["properties"].items() if not p.get("readOnly")}
    wanted = [name for name in parts if name in schema.get("required", [])] or list(parts)[:FEW]
    return {name: example_of(parts[name], schemas) for name in wanted}


def _plain(schema: Json) -> Any:
    kind = schema.get("type", "string")
    if kind == "string":
        return TEXTS.get(schema.get("format", ""), "text"[: schema.get("maxLength", 4)])
    if kind in ("integer", "number"):
        return _number(schema, PLAIN[kind])
    return PLAIN.get(kind)


def _number(schema: Json, usual: Any) -> Any:
    """The usual one, moved within the limits."""
    least, most = schema.get("minimum", usual), schema.get("maximum", usual)
    return min(max(usual, least), most)
