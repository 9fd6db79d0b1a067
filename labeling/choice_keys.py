"""How the labels of a choice look on the task page: the key of each, and how much room they need."""

from hashlib import sha256
from typing import Any

KEYS = "1234567890abcdeghjklmnopqtvwxy"
"""Keys of the answers in their order: s, f, u, i, r and z are taken by the page itself."""

COLORS = 8  # of marks; a label's own name goes with it
SHORT, MEDIUM = 3, 14  # characters: digits stand side by side, sentences below each other


def task_choices(configuration: dict[str, Any]) -> list[dict[str, str]]:
    """``value``, ``title``, ``key`` and ``color`` of each label; the key is empty when there are more labels than keys.

    The manager's key comes first, then the label itself where it is one sign (the digit 7 is answered
    by 7), then the next free one.
    """
    labels = configuration.get("labels", [])
    keys = _given(labels)
    keys |= {
        n: key for n, key in _own_signs(labels).items() if n not in keys and _is_free(key, keys)
    }
    free = iter([key for key in KEYS if key not in keys.values()] + [""] * len(labels))
    return [
        {
            "value": label["value"],
            "title": _title(label),
            "key": keys.get(n) or next(free),
            "color": str(n % COLORS),
        }
        for n, label in enumerate(labels)
    ]


def in_own_order(labels: list[dict[str, Any]], whose: str) -> list[dict[str, Any]]:
    """The labels in the order of this name: always the same for it, any other for other names."""
    place = {
        label["value"]: sha256(f"{whose} {label['value']}".encode()).digest() for label in labels
    }
    return sorted(labels, key=lambda label: place[label["value"]])


def size_of_labels(configuration: dict[str, Any]) -> str:
    """``short``, ``medium`` or ``long``, by the longest."""
    longest = max((len(_title(label)) for label in configuration.get("labels", [])), default=0)
    return "short" if longest <= SHORT else "medium" if longest <= MEDIUM else "long"


def _given(labels: list[dict[str, Any]]) -> dict[int, str]:
    return {n: label["key"].lower() for n, label in enumerate(labels) if "key" in label}


def _own_signs(labels: list[dict[str, Any]]) -> dict[int, str]:
    """The labels that are one sign, where no two of them share it."""
    signs = {n: _title(label).lower() for n, label in enumerate(labels)}
    all_signs = list(signs.values())
    return {
        n: sign
        for n, sign in signs.items()
        if sign in KEYS and all_signs.count(sign) == 1 and len(sign) == 1
    }


def _is_free(key: str, keys: dict[int, str]) -> bool:
    return key not in keys.values()


def _title(label: dict[str, Any]) -> str:
    return str(label.get("title", label["value"]))
