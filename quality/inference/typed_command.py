"""``assay aggregate`` for label types that are more than a choice among labels."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quality.inference.tabular import write_rows
from quality.inference.type_registry import TYPES, Aggregated

METHODS = ("auto",)
LABELS = ("item", "label", "confidence", "answers")
PEOPLE = ("worker", "reliability", "low", "high", "answers")


def aggregate(options: argparse.Namespace) -> dict[str, Any]:
    """Rows of the type's own layout as CSV, and the facts of the run."""
    gold = Path(options.gold) if options.gold else None
    found = TYPES[options.type].aggregate(Path(options.answers), gold)
    rows = [(row.item, row.label, round(row.confidence, 4), row.answers) for row in found.items]
    if options.out or not options.json:
        write_rows(options.out, LABELS, rows)
    if options.people:
        write_rows(options.people, PEOPLE, _people(found))
    return facts(options, found, rows)


def _people(found: Aggregated) -> list[tuple[object, ...]]:
    return [
        (who.person, round(who.reliability, 4), round(who.low, 4), round(who.high, 4), who.answers)
        for who in found.people
    ]


def facts(
    options: argparse.Namespace, found: Aggregated, rows: Sequence[tuple[object, ...]]
) -> dict[str, Any]:
    """What a person or a program wants to know of the run."""
    unit = TYPES[options.type].unit
    return {
        "type": options.type,
        "method": options.method,
        "items": len(found.items),
        "workers": len(found.people),
        "converged": found.converged,
        "reliability": unit,
        "summary": f"{len(found.items)} items, {len(found.people)} workers; reliability: {unit}",
        "rows": rows,
    }
