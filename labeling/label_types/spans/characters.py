"""How far two answers are apart, in characters that carry a label."""

from collections.abc import Iterable
from typing import Any

Ranges = list[tuple[int, int]]


def disagreement(a: Iterable[dict[str, Any]], b: Iterable[dict[str, Any]]) -> float:
    """1 - F1 of the marked characters, a character with another label counting as another one."""
    first, second = _by_label(a), _by_label(b)
    size = sum(map(_size, first.values())) + sum(map(_size, second.values()))
    both = sum(_common(first[label], second[label]) for label in first.keys() & second.keys())
    return 1 - 2 * both / size if size else 0.0


def _by_label(spans: Iterable[dict[str, Any]]) -> dict[str, Ranges]:
    """The characters of each label as ordered ranges that do not overlap."""
    ranges: dict[str, Ranges] = {}
    for span in sorted(spans, key=lambda span: (span["start"], span["end"])):
        found = ranges.setdefault(span["label"], [])
        if found and span["start"] <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], span["end"]))
        else:
            found.append((span["start"], span["end"]))
    return ranges


def _size(ranges: Ranges) -> int:
    return sum(end - start for start, end in ranges)


def _common(a: Ranges, b: Ranges) -> int:
    """Characters in both; one walk along both lists."""
    total, i, j = 0, 0, 0
    while i < len(a) and j < len(b):
        total += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return total
