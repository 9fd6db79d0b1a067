"""Texts cut where anybody begins or ends a span: between two cuts all characters are equal.

Everything is flat. Segments of item i are ``first[i] .. first[i] + count[i]``; each answer has one
cell for each segment of its item. So memory is answers times segments of their own item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quality.inference.known import Known
from quality.inference.typed_answers import Floats, Ints, TypedAnswers, sums

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """``begin`` and ``length`` by segment; ``row``, ``segment``, ``marked``, ``before`` by cell.

    ``marked`` is 1.0 where the answer marks the segment, ``before`` where it marks the one before;
    ``rows`` is the number of answers. ``right`` is 1 or 0 where gold says whether a segment is
    inside, else NaN.
    """

    first: Ints
    count: Ints
    begin: Ints
    length: Floats
    row: Ints
    segment: Ints
    marked: Floats
    before: Floats
    rows: int
    right: Floats

    def right_or(self, believed: Floats, segment: Ints | slice = slice(None)) -> Floats:
        """What is known of each segment (of each cell, by its segment), else what is believed."""
        right = self.right[segment]
        return np.where(np.isnan(right), believed, right)


def cut(answers: TypedAnswers[Sequence[Span]], known: Known[list[Span]]) -> Segments:
    """Segments from the first to the last mark of each item; none where nobody marks anything."""
    by_item = answers.rows_by_item()
    gold = dict(zip(known.item.tolist(), known.value, strict=True))
    cuts = [
        _cuts([*(answers.label[row] for row in rows), gold.get(i, [])])
        for i, rows in enumerate(by_item)
    ]
    count = np.array([max(len(c) - 1, 0) for c in cuts], dtype=np.int64)
    first = np.cumsum(count) - count
    cells = [
        _cells(answers.label[row], row, cuts[i], first[i])
        for i, rows in enumerate(by_item)
        for row in rows
        if count[i]
    ]
    row, segment, marked, before = (_joined(cells, column) for column in range(4))
    return Segments(
        first,
        count,
        np.concatenate([c[:-1] for c in cuts] or [np.empty(0, dtype=np.int64)]),
        np.concatenate([np.diff(c) for c in cuts] or [np.empty(0, dtype=np.int64)]).astype(float),
        row.astype(np.int64),
        segment.astype(np.int64),
        marked,
        before,
        len(answers),
        np.concatenate([_right(gold.get(i), c) for i, c in enumerate(cuts)] or [np.empty(0)]),
    )


def row_dice(segments: Segments, inside: Floats) -> Floats:
    """[r]: expected character F1 of each answer against ``inside``, a probability by cell.

    1 for an empty answer where nothing is inside.
    """
    length = segments.length[segments.segment]
    both = sums(segments.row, length * segments.marked * inside, segments.rows)
    size = sums(segments.row, length * (segments.marked + inside), segments.rows)
    return np.divide(2.0 * both, size, out=np.ones(segments.rows), where=size > 0)


def _cuts(marks: Sequence[Sequence[tuple[int, int]]]) -> Ints:
    ends = {end for spans in marks for span in spans if span[0] < span[1] for end in span}
    return np.array(sorted(ends), dtype=np.int64)


def _right(spans: Sequence[Span] | None, cuts: Ints) -> Floats:
    if spans is None:
        return np.full(max(cuts.size - 1, 0), np.nan)
    return _marked(spans, cuts)


def _marked(spans: Sequence[Span], cuts: Ints) -> Floats:
    """1.0 for each segment that the spans mark."""
    marked = np.zeros(max(cuts.size - 1, 0))
    for start, end in spans:
        if start < end:
            marked[np.searchsorted(cuts, start) : np.searchsorted(cuts, end)] = 1.0
    return marked


def _cells(
    spans: Sequence[tuple[int, int]], row: int, cuts: Ints, first: int
) -> tuple[Ints, Ints, Floats, Floats]:
    marked = _marked(spans, cuts)
    before = np.concatenate([[0.0], marked[:-1]])
    return np.full(marked.size, row), first + np.arange(marked.size), marked, before


def _joined(cells: list[tuple[Ints, Ints, Floats, Floats]], column: int) -> Floats:
    parts = [cell[column] for cell in cells]
    return np.concatenate(parts).astype(np.float64) if parts else np.empty(0)
