"""Labelling functions and generators of others, as they are called by dotted path: sound ones and bad ones."""

import subprocess
import sys
import time
from typing import Any


def shout(payload: dict[str, Any]) -> str | None:
    sys.stdout.write("noise")  # must not stand among the votes
    return "spam" if payload["text"].isupper() else None


def fails(payload: dict[str, Any]) -> str:
    return str(payload["nothing"])


def hangs(_payload: dict[str, Any]) -> None:
    """With a child of its own, which has to end as well."""
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    time.sleep(600)


def leaves(_payload: dict[str, Any]) -> None:
    sys.exit(3)


def halves(first: Any, second: Any, share: float) -> tuple[dict[str, Any], bytes | None]:
    start, end = first.payload["vector"], second.payload["vector"]
    return {"vector": [(1 - share) * a + share * b for a, b in zip(start, end, strict=True)]}, None


def makes_nothing(_first: Any, _second: Any, _share: float) -> None:
    time.sleep(600)
