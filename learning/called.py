"""The process in which functions by dotted path are called (see ``learning.children``).

    python -m learning.called

It reads one question, a path and lists of arguments, and answers with what the function says to each. What the
function prints is lost. Two shapes are known:

``votes``  a labelling function: a payload in, a label or None out
``items``  a generator of items: two real items and the share of the way in, payload and picture out
"""

import base64
import json
import signal
from collections.abc import Callable
from importlib import import_module
from typing import Any

from learning.estimators.serving import (
    ALONE,
    BADLY,
    WELL,
    end_with_parent,
    own_pipes,
    received,
    say,
)
from learning.features.raw import RawItem


def main() -> None:
    end_with_parent()
    asked, answers = own_pipes()
    with asked, answers:
        try:
            question = json.loads(received(asked))
            signal.alarm(ALONE)
            said = _SHAPES[question["shape"]](_function(question["path"]), question["arguments"])
            say(answers, WELL, json.dumps(said).encode())
        except EOFError:
            return
        except BaseException as error:  # an exit, too, is an answer
            say(answers, BADLY, f"{type(error).__name__}: {error}"[:250].encode())


def packed_item(item: RawItem) -> dict[str, Any]:
    """An item as it crosses to the child."""
    picture = item.read_media() if item.read_media else None
    return {"id": item.external_id, "payload": item.payload, "picture": packed(picture)}


def packed(picture: bytes | None) -> str | None:
    return None if picture is None else base64.b64encode(picture).decode()


def unpacked(picture: str | None) -> bytes | None:
    return None if picture is None else base64.b64decode(picture)


def _function(path: str) -> Callable[..., Any]:
    module, _, name = path.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def _votes(function: Callable[..., Any], arguments: list[Any]) -> list[str | None]:
    said = [function(dict(payload)) for (payload,) in arguments]
    return [None if label is None else str(label) for label in said]


def _items(function: Callable[..., Any], arguments: list[Any]) -> list[Any]:
    made = [function(_item(a), _item(b), share) for a, b, share in arguments]
    return [[dict(payload), packed(picture)] for payload, picture in made]


def _item(told: dict[str, Any]) -> RawItem:
    picture = unpacked(told["picture"])
    return RawItem(told["id"], told["payload"], None if picture is None else lambda: picture)


_SHAPES = {"votes": _votes, "items": _items}

if __name__ == "__main__":
    main()
