"""What the commands of long-lived processes share: the lifeline, and errors in words."""

import argparse
import sys

from assay.lifeline import die_with_parent
from assay.settings.environment import Environment, read_environment

CANNOT = 69  # EX_UNAVAILABLE of sysexits.h


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--parent``: given by the supervisor to its children."""
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def port(text: str) -> int:
    """A type for argparse."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 65535")


def begin(options: argparse.Namespace) -> Environment:
    """Tie this process to its supervisor, if it has one; the checked environment."""
    if options.parent is not None:
        die_with_parent(options.parent)
    return read_environment()


def explain(problem: object) -> int:
    """Say why the command could not do its work; its exit code."""
    print(problem, file=sys.stderr)  # noqa: T201
    return CANNOT
