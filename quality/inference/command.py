"""``assay aggregate``: labels with confidence from a file of answers, without Django.

    assay aggregate ANSWERS [--gold G] [--type choice] [--method auto] [--out LABELS.csv]
                            [--people PEOPLE.csv] [--json]

ANSWERS is CSV or gzip CSV with the columns item, worker, label (task, annotator are accepted); an
empty label abstains and the last row of a worker about an item counts. Labels go to ``--out`` or to
the standard output as item,label,confidence,answers. Exit code 0, or 2 with one line that says what
is wrong, with row and column. Every label type has its own module, loaded when asked for.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from typing import Any, Protocol, cast

from quality.inference.tabular import BadTable, as_utf_8

TYPES = {"choice": "quality.inference.choice_command"} | dict.fromkeys(
    ("boxes", "number", "ordinal", "pairwise", "spans", "text"), "quality.inference.typed_command"
)


class TypeCommand(Protocol):
    """What the module of a label type offers to the command."""

    METHODS: tuple[str, ...]

    def aggregate(self, options: argparse.Namespace) -> dict[str, Any]:
        """Read, infer and write as the options say; the facts for people and for ``--json``."""


def main(argv: list[str] | None = None) -> int:
    """Run ``assay aggregate`` with these arguments; the exit code."""
    options = _parser().parse_args(argv)
    command = cast(TypeCommand, import_module(TYPES[options.type]))
    if options.method not in command.METHODS:
        return _complain(f"--method {options.method}: choose from {', '.join(command.METHODS)}")
    try:
        facts = command.aggregate(options)
    except BrokenPipeError:  # whoever read our output has seen enough
        return 0
    except (BadTable, OSError, ValueError) as problem:
        return _complain(str(problem))
    _report(facts, options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="assay aggregate", description="Labels from answers.")
    parser.add_argument("answers", help="CSV or gzip CSV with columns item, worker, label")
    parser.add_argument("--gold", help="CSV with columns item, label")
    parser.add_argument("--type", default="choice", choices=sorted(TYPES))
    parser.add_argument("--method", default="auto")
    parser.add_argument("--out", help="where labels go (default: standard output)")
    parser.add_argument("--people", help="where each worker's accuracy goes")
    parser.add_argument("--json", action="store_true", help="print the facts of the run as JSON")
    return parser


def _report(facts: dict[str, Any], options: argparse.Namespace) -> None:
    """Facts as JSON on the standard output, or as one line beside the labels."""
    if options.json:
        labels = {} if options.out else {"labels": facts["rows"]}
        summary = {name: value for name, value in facts.items() if name != "rows"}
        sys.stdout.write(as_utf_8(json.dumps(summary | labels, ensure_ascii=False)) + "\n")
        return
    sys.stderr.write(facts["summary"] + "\n")


def _complain(problem: str) -> int:
    sys.stderr.write(f"assay aggregate: {problem}\n")
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
