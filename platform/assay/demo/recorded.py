"""Recorded answers of real people, played back: each recorded person answers what they answered then.

The folder holds ``items.csv.gz`` (item, text), ``answers.csv.gz`` (item, worker, label), ``truth.csv.gz``
(item, label) and, if there are vectors, ``features.npy`` (a row an item, in the order of items.csv.gz).
"""

import csv
import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assay.demo.scene import Codes, Floats, Scene, choose_gold

GOLD_SHARE = 0.05
INSTRUCTIONS = "Recorded answers of real people are played back."


class RecordingUnusable(Exception):
    """The folder cannot be played; the message names file, row and column."""


@dataclass
class RecordedActor:
    """One recorded person."""

    name: str
    answers: dict[int, int] = field(default_factory=dict)
    kind: str = "recorded"
    honest: bool = True

    def answer(self, item: int, nth: int) -> int | None:  # noqa: ARG002
        return self.answers.get(item)


@dataclass(frozen=True)
class Recording:
    """The folder as read: texts and truth by item, labels sorted, people in order of appearance."""

    texts: dict[str, str]
    truth: dict[str, str]
    labels: list[str]
    actors: dict[str, RecordedActor]
    features: Floats | None


def recorded_scene(source: Path, folder: Path, *, seed: int) -> Scene:
    """The recording as a scene; 5 % of the items with truth serve as gold. Raises RecordingUnusable."""
    recording = read_recording(source)
    ids = list(recording.texts)
    code = {label: number for number, label in enumerate(recording.labels)}
    truth = np.array([code[recording.truth[item]] for item in ids], dtype=np.int64)
    gold = choose_gold(truth, round(GOLD_SHARE * truth.size), np.random.default_rng(seed))
    work = np.setdiff1d(np.arange(truth.size), gold)
    actors = list(recording.actors.values())
    return Scene(
        title=f"Recorded answers: {source.name}",
        instructions=INSTRUCTIONS,
        labels=recording.labels,
        external_ids=ids,
        truth=truth,
        gold=gold,
        actors=actors,
        fresh_actors=lambda: actors,  # a record says the same each time
        import_file=_write_texts(folder / "items.csv", recording, ids, work),
        gold_file=_write_texts(folder / "gold-items.csv", recording, ids, gold),
        gold_table=_write_gold(folder / "gold.csv", recording, ids, gold),
        prefetch=10,
        features=recording.features,
        eligible=[(item, number) for number, actor in enumerate(actors) for item in actor.answers],
    )


def read_recording(source: Path) -> Recording:
    """Every file checked against the others. Raises RecordingUnusable."""
    texts = {
        row["item"]: row["text"] for _, row in _rows(source / "items.csv.gz", ["item", "text"])
    }
    truth = {
        row["item"]: row["label"] for _, row in _rows(source / "truth.csv.gz", ["item", "label"])
    }
    answers = list(_rows(source / "answers.csv.gz", ["item", "worker", "label"]))
    labels = sorted({row["label"] for _, row in answers} | set(truth.values()), key=_natural)
    missing = [item for item in texts if item not in truth]
    if missing:
        raise RecordingUnusable(f"truth.csv.gz: item {missing[0]!r} of items.csv.gz is missing")
    actors = _actors(answers, {item: number for number, item in enumerate(texts)}, labels)
    return Recording(texts, truth, labels, actors, _features(source / "features.npy", len(texts)))


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            absent = [column for column in columns if column not in (reader.fieldnames or [])]
            if absent:
                raise RecordingUnusable(f"{path.name}: column {absent[0]!r} is missing")
            yield from enumerate(reader, 2)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise RecordingUnusable(f"{path.name} cannot be read: {error}") from error


def _actors(
    answers: Sequence[tuple[int, dict[str, str]]], number_of: dict[str, int], labels: Sequence[str]
) -> dict[str, RecordedActor]:
    code = {label: number for number, label in enumerate(labels)}
    actors: dict[str, RecordedActor] = {}
    for line, row in answers:
        if row["item"] not in number_of:
            raise RecordingUnusable(f"answers.csv.gz, row {line}: unknown item {row['item']!r}")
        actor = actors.setdefault(row["worker"], RecordedActor(row["worker"]))
        actor.answers[number_of[row["item"]]] = code[row["label"]]
    return actors


def _features(path: Path, n_items: int) -> Floats | None:
    if not path.exists():
        return None
    try:
        features = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise RecordingUnusable(f"features.npy cannot be read: {error}") from error
    if features.ndim != 2 or len(features) != n_items:
        raise RecordingUnusable(
            f"features.npy has shape {features.shape}; wanted {n_items} rows of numbers"
        )
    vectors: Floats = features.astype(np.float32)
    return vectors


def _natural(label: str) -> tuple[bool, float, str]:
    return (False, float(label), label) if label.isdigit() else (True, 0.0, label)


def _write_texts(path: Path, recording: Recording, ids: Sequence[str], chosen: Codes) -> Path:
    return _write(path, ["id", "text"], ((ids[n], recording.texts[ids[n]]) for n in chosen))


def _write_gold(path: Path, recording: Recording, ids: Sequence[str], gold: Codes) -> Path:
    return _write(path, ["id", "label"], ((ids[n], recording.truth[ids[n]]) for n in gold))


def _write(path: Path, header: Sequence[str], rows: Iterable[tuple[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path
