"""From a row of a file to an item: which columns there are, and what may stand in them.

| column | meaning |
|---|---|
| ``id`` | the item's name in the manager's world; unique in the project. Without it: ``row-<number>`` |
| ``text`` | what the annotator reads |
| ``image`` | name of a picture in the same zip |
| ``priority`` | a number; higher is asked earlier |
| ``payload`` | an object with anything else the annotator may see (JSON files) |
| ``payload.<name>`` | the same, one column a field |

Any other column is an error: a column that silently became part of the payload would be shown to
annotators, and a ``label`` column among them would give the answer away.
"""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from labeling.files import BadFile, Row
from labeling.limits import EXTERNAL_ID_LENGTH, PAYLOAD_BYTES
from labeling.media_store import BadImage, CheckedImage, checked_image
from labeling.texts import is_storable

PREFIX = "payload."
NOTHING = "{}"
KNOWN = ("id", "text", "image", "priority", "payload")


@dataclass(eq=False)
class RowProblem(Exception):
    """What is wrong with one field of one row."""

    row: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "file"
        return f"{place}{', ' + self.field if self.field else ''}: {self.message}"


@dataclass(frozen=True)
class NewItem:
    """A row that was found good: ``payload`` as JSON, ``picture`` checked and encoded anew."""

    row: int
    external_id: str
    payload: str
    priority: float
    picture: CheckedImage | None


def new_item(row: Row, leave_out: Collection[str] = ()) -> NewItem:
    """The item that the row describes; columns in ``leave_out`` are not looked at. Raises RowProblem."""
    if row.broken:
        raise RowProblem(row.number, row.broken.field, row.broken.message)
    fields = {name: value for name, value in row.fields.items() if name not in leave_out}
    for name in fields:
        _check_column(row.number, name)
    payload = _payload(row.number, fields)
    picture = _picture(row, fields)
    if payload == NOTHING and picture is None:
        raise RowProblem(row.number, "text", "is missing: there is nothing to show")
    return NewItem(
        row.number,
        _external_id(row.number, fields),
        payload,
        _priority(row.number, fields),
        picture,
    )


def _check_column(row: int, name: str) -> None:
    if name in KNOWN or (name.startswith(PREFIX) and len(name) > len(PREFIX)):
        return
    known = ", ".join(KNOWN)
    raise RowProblem(row, name[:100], f"is an unknown column; known are {known}")


def _external_id(row: int, fields: dict[str, Any]) -> str:
    value = fields.get("id", f"row-{row}")
    text = str(value) if type(value) in (str, int) else ""
    if not text.strip():
        raise RowProblem(row, "id", "must be a text or a whole number, not empty")
    if len(text) > EXTERNAL_ID_LENGTH:
        raise RowProblem(row, "id", f"is longer than {EXTERNAL_ID_LENGTH} characters")
    if not is_storable(text):
        raise RowProblem(row, "id", "holds a character that cannot be stored")
    return text


def _payload(row: int, fields: dict[str, Any]) -> str:
    payload = fields.get("payload", {})
    if not isinstance(payload, dict):
        raise RowProblem(row, "payload", "must be an object")
    columns = {name[len(PREFIX) :]: fields[name] for name in fields if name.startswith(PREFIX)}
    payload = {**payload, **columns}
    if not is_storable(payload):
        raise RowProblem(row, "payload", "holds something that cannot be stored")
    if "text" in fields:
        payload["text"] = _text(row, fields["text"])
    written = json.dumps(payload)
    if len(written) > PAYLOAD_BYTES:
        raise RowProblem(row, "payload", f"is larger than {PAYLOAD_BYTES} bytes")
    return written


def _text(row: int, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RowProblem(row, "text", "must be a text that is not empty")
    if not is_storable(value):
        raise RowProblem(row, "text", "holds a character that cannot be stored")
    return value


def _priority(row: int, fields: dict[str, Any]) -> float:
    value = fields.get("priority", 0)
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise RowProblem(row, "priority", "must be a number")
    return number


def _picture(row: Row, fields: dict[str, Any]) -> CheckedImage | None:
    if row.picture is None:
        if "image" in fields:
            raise RowProblem(row.number, "image", "names a picture, but pictures come in a zip")
        return None
    try:
        return checked_image(row.picture())
    except BadFile as bad:  # it cannot be unpacked
        raise RowProblem(row.number, bad.field, bad.message) from None
    except BadImage as bad:
        name = str(fields.get("image", ""))[:100]
        raise RowProblem(row.number, "image", f"{name!r} {bad}") from None
