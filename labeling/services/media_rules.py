"""What pictures a project takes, beyond what everybody's pictures must be (see ``labeling.media_store``).

``Project.media_rules`` is an object; each entry that is there must hold for every item that comes in::

    {"required": true,                            every item has a picture
     "types": ["image/png", "image/jpeg"],        of one of these types
     "most_pixels": 4000000,                      width times height, at most
     "least_side": 64,                            width and height in pixels, at least
     "most_bytes": 2000000,                       as it is kept, at most
     "sensitive": true}                           asks nothing: people see it blurred until they want to look,
                                                  and are offered a rest after twenty minutes

Items that are there already stay as they are.
"""

from collections.abc import Callable, Mapping
from typing import Any

from labeling.errors import Refused
from labeling.limits import IMAGE_BYTES, IMAGE_PIXELS
from labeling.media_store import CONTENT_TYPES, CheckedImage

TYPES = tuple(CONTENT_TYPES.values())


def _whole(highest: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and 1 <= value <= highest


def _are_types(value: Any) -> bool:
    if not isinstance(value, list) or not 0 < len(value) <= len(TYPES):
        return False
    return all(entry in TYPES for entry in value)


RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "required": (lambda value: type(value) is bool, "must be true or false"),
    "types": (_are_types, f"must be a list of {', '.join(TYPES)}"),
    "most_pixels": (_whole(IMAGE_PIXELS), f"must be a whole number from 1 to {IMAGE_PIXELS}"),
    "least_side": (_whole(IMAGE_PIXELS), f"must be a whole number from 1 to {IMAGE_PIXELS}"),
    "most_bytes": (_whole(IMAGE_BYTES), f"must be a whole number from 1 to {IMAGE_BYTES}"),
    "sensitive": (lambda value: type(value) is bool, "must be true or false"),
}


def check_media_rules(wanted: Any) -> None:
    """Raises Refused with the entry that is wrong."""
    if not isinstance(wanted, dict):
        raise Refused(f"must be an object with {', '.join(RULES)}", field="media_rules")
    for name, value in wanted.items():
        if name not in RULES:
            words = f"is unknown; known are {', '.join(RULES)}"
            raise Refused(words, field=f"media_rules.{str(name)[:100]}")
        is_right, words = RULES[name]
        if not is_right(value):
            raise Refused(words, field=f"media_rules.{name}")


def problem_with(rules: Mapping[str, Any], picture: CheckedImage | None) -> str | None:
    """Why an item with this picture cannot come in; None if it can."""
    if picture is None:
        return "is missing: every item needs a picture" if rules.get("required") else None
    if picture.content_type not in rules.get("types", TYPES):
        return f"is {picture.content_type}; the project takes {', '.join(rules['types'])}"
    if picture.width * picture.height > rules.get("most_pixels", IMAGE_PIXELS):
        return f"has more than {rules['most_pixels']} pixels"
    if min(picture.width, picture.height) < rules.get("least_side", 1):
        return f"is less than {rules['least_side']} pixels wide or high"
    if len(picture.content) > rules.get("most_bytes", len(picture.content)):
        return f"is larger than {rules['most_bytes']} bytes"
    return None
