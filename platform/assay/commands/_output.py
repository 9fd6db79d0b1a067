"""How the manager's commands speak: results on standard output, everything else on standard error."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

REFUSED = 1  # understood, and not possible: the message says why


class CannotDo(Exception):
    """The command was understood and cannot be carried out; the message is for people."""


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="JSON on standard output")


def show(options: argparse.Namespace, facts: Mapping[str, Any]) -> None:
    """One thing: a line of JSON, or its facts below each other."""
    if options.json:
        sys.stdout.write(f"{json.dumps(facts)}\n")
        return
    width = max(map(len, facts))
    for name, value in facts.items():
        sys.stdout.write(f"{name:{width}}  {'' if value is None else value}\n")


def show_all(options: argparse.Namespace, rows: Iterable[Mapping[str, Any]]) -> None:
    """Many things: a line each."""
    for row in rows:
        line = json.dumps(row) if options.json else "  ".join(str(v) for v in row.values())
        sys.stdout.write(f"{line}\n")


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def progress(text: str) -> None:
    """One line that is written over again, where somebody is looking."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()


def progress_ends() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
