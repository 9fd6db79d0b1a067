"""A folder of recorded answers: items.csv.gz, answers.csv.gz, truth.csv.gz, features.npy."""

import csv
import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.belief.sums import of_items, vote_counts


class UnreadableRecording(ValueError):
    """The folder lacks a file or column, or its parts do not fit together."""


@dataclass(frozen=True)
class Recording:
    """``answers`` in the order of the file; ``truth[i]`` or -1; ``features[i, f]`` or None."""

    answers: Answers
    truth: Ints
    features: NDArray[np.floating] | None

    def restricted_to(self, items: Ints) -> "Recording":
        features = None if self.features is None else self.features[items]
        return Recording(of_items(self.answers, items), self.truth[items], features)


def read(folder: Path) -> Recording:
    """The recording in a folder; ``UnreadableRecording`` says what is wrong with it."""
    items = _items(folder / "items.csv.gz")
    answers = list(_rows(folder / "answers.csv.gz", ["item", "worker", "label"]))
    truths = list(_rows(folder / "truth.csv.gz", ["item", "label"]))
    if not truths:
        raise UnreadableRecording(f"{folder / 'truth.csv.gz'} names no item: nothing to judge by")
    labels = _codes([row[2] for row in answers] + [row[1] for row in truths])
    people = _codes(row[1] for row in answers)
    truth = np.full(len(items), -1)
    truth[_look_up(items, [row[0] for row in truths])] = _look_up(labels, [t[1] for t in truths])
    said = Answers(
        _look_up(items, [row[0] for row in answers]),
        _look_up(people, [row[1] for row in answers]),
        _look_up(labels, [row[2] for row in answers]),
        len(items),
        len(people),
        max(2, len(labels)),
    )
    return Recording(said, truth, _features(folder / "features.npy", len(items)))


def majority_accuracy(recording: Recording) -> float:
    """Accuracy of the majority vote of all answers over items with truth; ties count as their
    expected share, an item without answers as a tie of all labels.
    """
    counts = vote_counts(recording.answers)
    winners = counts == counts.max(axis=1, keepdims=True)
    known = np.flatnonzero(recording.truth >= 0)
    right = winners[known, recording.truth[known]] / winners[known].sum(axis=1)
    return float(right.mean())


def accuracy(posterior: Floats, truth: Ints) -> float:
    """Share of right best labels over items with truth."""
    known = truth >= 0
    return float((posterior.argmax(axis=1) == truth)[known].mean())


def _items(path: Path) -> dict[str, int]:
    names = [row[0] for row in _rows(path, ["item"])]
    items = {name: n for n, name in enumerate(names)}
    if len(items) != len(names):
        raise UnreadableRecording(f"{path} names an item twice")
    return items


def _features(path: Path, n_items: int) -> NDArray[np.floating] | None:
    if not path.exists():
        return None
    try:
        features = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as problem:
        raise UnreadableRecording(f"{path}: not an array of numbers ({problem})") from None
    numbers = np.issubdtype(features.dtype, np.number) and features.ndim == 2
    if not numbers or len(features) != n_items or not np.isfinite(features).all():
        raise UnreadableRecording(f"{path}: not a finite matrix with a row for each item")
    return features  # type: ignore[no-any-return]


def _rows(path: Path, columns: list[str]) -> Iterable[list[str]]:
    if not path.exists():
        raise UnreadableRecording(f"{path} is missing")
    try:
        with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
            yield from _cells(path, csv.DictReader(file, strict=True), columns)
    except (csv.Error, OSError, EOFError, zlib.error, UnicodeDecodeError) as problem:
        raise UnreadableRecording(f"{path}: {problem}") from None


def _cells(path: Path, rows: "csv.DictReader[str]", columns: list[str]) -> Iterable[list[str]]:
    missing = set(columns) - set(rows.fieldnames or ())
    if missing:
        raise UnreadableRecording(f"{path} has no column {', '.join(sorted(missing))}")
    for row in rows:
        cells = [row[column] for column in columns]
        if None in cells:
            raise UnreadableRecording(f"{path}: line {rows.line_num} ends too early")
        yield cells


def _codes(names: Iterable[str]) -> dict[str, int]:
    return {name: code for code, name in enumerate(sorted(set(names)))}


def _look_up(codes: dict[str, int], names: list[str]) -> Ints:
    unknown = set(names) - codes.keys()
    if unknown:
        raise UnreadableRecording(f"{min(unknown)!r} is not in items.csv.gz")
    return np.array([codes[name] for name in names], dtype=np.int64)
