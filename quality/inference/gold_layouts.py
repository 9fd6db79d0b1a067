"""Gold files of label types that are no codes: item and label, in the layout of the answers.

    all but pairwise   item (or task), label
    pairwise           left and right (or item as ``left|right``), label: who is known to win; or
                       item, label with one thing a line and its known score, larger is better

Gold about items that nobody answered is left out. Whatever does not fit raises ``LayoutError``; so
does gold that contradicts itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from quality.inference.comparisons import LEFT, TIE, Comparisons
from quality.inference.layouts import (
    ITEM,
    LABEL,
    CodedClasses,
    CodedComparisons,
    LayoutError,
    Line,
    number_from,
    outcome_of,
    parsed,
    read_lines,
    short,
    sides,
)

T = TypeVar("T")
GOLD = (ITEM, LABEL)


def read_gold(path: Path, items: Sequence[str], parse: Callable[[str], T]) -> dict[int, T]:
    """[item code]: the known value of each item among ``items``."""
    code = {item: number for number, item in enumerate(items)}
    known = _known(read_lines(path, GOLD), lambda line: parsed(line, parse))
    return {code[item]: value for item, value in known.items() if item in code}


def read_gold_classes(path: Path, read: CodedClasses) -> dict[int, int]:
    """[item code]: class codes. LayoutError for a class that no answer names."""
    code = {number_from(name): number for number, name in enumerate(read.classes)}

    def class_of(text: str) -> int:
        if number_from(text) not in code:
            raise ValueError(f"{short(text)} is none of the classes that the answers name")
        return code[number_from(text)]

    return read_gold(path, read.coded.items, class_of)


def read_gold_comparisons(path: Path, read: CodedComparisons) -> Comparisons:
    """Known comparisons among the things of the answers."""
    lines = list(read_lines(path, GOLD))
    pairs = _known_pairs(lines) if _names_pairs(lines) else _pairs_of_scores(lines, read.things)
    code = {thing: number for number, thing in enumerate(read.things)}
    rows = [(code[a], code[b], won) for a, b, won in pairs if a in code and b in code]
    left, right, outcome = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    nobody = np.zeros_like(left)
    return Comparisons(left, right, nobody, outcome, len(read.things), 1)


def _known(lines: Iterable[Line], value_of: Callable[[Line], T]) -> dict[str, T]:
    """[item]: what all lines about it say."""
    known: dict[str, T] = {}
    for line in lines:
        item, value = line.identity(ITEM), value_of(line)
        if known.setdefault(item, value) != value:
            raise _contradiction(line, item)
    return known


def _names_pairs(lines: Sequence[Line]) -> bool:
    return bool(lines) and ("left" in lines[0].fields or "|" in lines[0].get(ITEM))


def _known_pairs(lines: Iterable[Line]) -> list[tuple[str, str, int]]:
    known: dict[tuple[str, str], int] = {}
    for line in lines:
        left, right = sides(line)
        pair, outcome = (left, right), outcome_of(line, left, right)
        if left > right:
            pair, outcome = (right, left), -outcome
        if known.setdefault(pair, outcome) != outcome:
            raise _contradiction(line, "|".join(pair))
    return [(*pair, outcome) for pair, outcome in known.items()]


def _pairs_of_scores(lines: Iterable[Line], things: Sequence[str]) -> list[tuple[str, str, int]]:
    """Each known thing against the next: the rest follows."""
    scores = _known(lines, lambda line: parsed(line, number_from))
    order = sorted((thing for thing in things if thing in scores), key=lambda t: (-scores[t], t))
    return [
        (better, worse, TIE if scores[better] == scores[worse] else LEFT)
        for better, worse in itertools.pairwise(order)
    ]


def _contradiction(line: Line, item: str) -> LayoutError:
    return LayoutError(line.row, LABEL[0], f"gold for {short(item)} contradicts a row before")
