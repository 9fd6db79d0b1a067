"""One table of label types that are more than a choice among labels: read, fit, rows, distance.

    for name, label_type in TYPES.items():
        result = label_type.aggregate(Path("answers.csv"))

A type is ``read`` (a file to coded answers), ``read_gold`` (what is known about them), ``fit`` (both
to rows) and ``distance``
between two labels as ``parse`` reads them from a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from quality.inference import (
    boxes,
    comparisons,
    gold_layouts,
    layouts,
    number,
    ordinal,
    pairwise,
    spans,
    text,
)
from quality.inference.evidence import Reliability
from quality.inference.span_segments import Span
from quality.inference.typed_answers import Coded, Floats, Ints

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """``label`` as it would stand in an answer file; ``answers`` is how many it rests on."""

    item: str
    label: str
    confidence: float
    answers: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """``reliability`` within a 95 % interval, all in 0..1; what it means is the type's."""

    person: str
    reliability: float
    low: float
    high: float
    answers: int


@dataclass(frozen=True, slots=True)
class Aggregated:
    """``converged`` is False when the fit stopped at its limit of iterations."""

    items: list[ItemRow]
    people: list[PersonRow]
    converged: bool


@dataclass(frozen=True, slots=True)
class LabelType(Generic[R]):
    """``unit`` says what the reliability of a person is, for reports."""

    name: str
    unit: str
    read: Callable[[Path], R]
    read_gold: Callable[[Path, R], Any]
    fit: Callable[[R, Any], Aggregated]
    parse: Callable[[str], Any]
    distance: Callable[[Any, Any], float]

    def aggregate(self, path: Path, gold: Path | None = None) -> Aggregated:
        """Rows from an answer file; layouts.LayoutError for a file that is not in the layout."""
        read = self.read(path)
        return self.fit(read, None if gold is None else self.read_gold(gold, read))


def fit_ordinal(read: layouts.CodedClasses, gold: Mapping[int, int] | None = None) -> Aggregated:
    if not read.classes:
        return Aggregated([], [], True)
    model = ordinal.OrdinalConsensus(len(read.classes)).fit(read.coded.answers, gold)
    labels = [read.classes[k] for k in model.label_]
    return _rows(read.coded, labels, model.confidence_, model.reliability_, model.converged_)


def fit_number(read: Coded[float], gold: Mapping[int, float] | None = None) -> Aggregated:
    model = number.NumberConsensus().fit(read.answers, gold)
    labels = [f"{value:.6g}" for value in model.value_]
    return _rows(read, labels, model.confidence_, model.reliability_, model.converged_)


def fit_pairwise(
    read: layouts.CodedComparisons, gold: comparisons.Comparisons | None = None
) -> Aggregated:
    """An item row for each compared thing; its label is its score."""
    model = pairwise.PairwiseConsensus().fit(read.answers, gold)
    labels = [f"{score:.6g}" for score in model.value_]
    return Aggregated(
        _items(read.things, labels, model.confidence_, read.answers.per_thing()),
        _people(read.annotators, model.reliability_, read.answers.per_annotator()),
        model.converged_,
    )


def fit_text(read: Coded[str], gold: Mapping[int, str] | None = None) -> Aggregated:
    model = text.TextConsensus().fit(read.answers, gold)
    return _rows(read, model.value_, model.confidence_, model.reliability_, model.converged_)


def fit_spans(
    read: Coded[Sequence[Span]], gold: Mapping[int, Sequence[Span]] | None = None
) -> Aggregated:
    model = spans.SpansConsensus().fit(read.answers, gold)
    labels = [json.dumps(value) for value in model.value_]
    return _rows(read, labels, model.confidence_, model.reliability_, True)


def fit_boxes(
    read: Coded[Sequence[boxes.Box]], gold: Mapping[int, Sequence[boxes.Box]] | None = None
) -> Aggregated:
    model = boxes.BoxesConsensus().fit(read.answers, gold)
    labels = [json.dumps(np.round(value, 3).tolist()) for value in model.value_]
    return _rows(read, labels, model.confidence_, model.reliability_, True)


def _gold(parse: Callable[[str], Any]) -> Callable[[Path, Coded[Any]], dict[int, Any]]:
    return lambda path, read: gold_layouts.read_gold(path, read.items, parse)


def _rows(
    read: Coded[Any],
    labels: Sequence[str],
    confidence: Floats,
    reliability: Reliability,
    converged: bool,
) -> Aggregated:
    answers = read.answers
    return Aggregated(
        _items(read.items, labels, confidence, answers.per_item()),
        _people(read.annotators, reliability, answers.per_annotator()),
        converged,
    )


def _items(
    ids: list[str], labels: Sequence[str], confidence: Floats, answers: Ints
) -> list[ItemRow]:
    columns = zip(ids, labels, confidence.tolist(), answers.tolist(), strict=True)
    return [ItemRow(*row) for row in columns]


def _people(ids: list[str], reliability: Reliability, answers: Ints) -> list[PersonRow]:
    numbers = (reliability.value, reliability.low, reliability.high, answers)
    columns = zip(ids, *(column.tolist() for column in numbers), strict=True)
    return [PersonRow(*row) for row in columns]


TYPES: dict[str, LabelType[Any]] = {
    label_type.name: label_type
    for label_type in (
        LabelType(
            "ordinal",
            "probability of the right class",
            layouts.read_ordinal,
            gold_layouts.read_gold_classes,
            fit_ordinal,
            layouts.number_from,
            ordinal.distance,
        ),
        LabelType(
            "number",
            "share of variance that the truth explains",
            layouts.read_numbers,
            _gold(layouts.number_from),
            fit_number,
            layouts.number_from,
            number.distance,
        ),
        LabelType(
            "pairwise",
            "probability of picking the better of a typical pair",
            layouts.read_comparisons,
            gold_layouts.read_gold_comparisons,
            fit_pairwise,
            str,
            comparisons.label_distance,
        ),
        LabelType(
            "text",
            "share of right words",
            layouts.read_texts,
            _gold(str),
            fit_text,
            str,
            text.distance,
        ),
        LabelType(
            "spans",
            "character F1",
            layouts.read_spans,
            _gold(layouts.spans_from),
            fit_spans,
            layouts.spans_from,
            spans.distance,
        ),
        LabelType(
            "boxes",
            "soft F1",
            layouts.read_boxes,
            _gold(layouts.boxes_from),
            fit_boxes,
            layouts.boxes_from,
            boxes.distance,
        ),
    )
}
