"""Recorded answers of real people, played back: each recorded person answers what they answered then."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from assay.demo.recording import Recording, read_recording
from assay.demo.scene import Codes, Scene, choose_gold

Floats = NDArray[np.floating[Any]]
GOLD_SHARE = 0.05
BETTER_THAN_CHANCE = 0.1
INSTRUCTIONS = "Recorded answers of real people are played back."


@dataclass(frozen=True)
class RecordedActor:
    """One recorded person; ``answers`` are codes by item number. ``honest``: pausing them would be wrong."""

    name: str
    answers: Mapping[int, int]
    honest: bool
    pace: float = 0.0

    @property
    def kind(self) -> str:
        return "recorded" if self.honest else "guessed"

    def answer(self, item: int, nth: int) -> int | None:  # noqa: ARG002
        return self.answers.get(item)


def recorded_scene(source: Path, folder: Path, *, seed: int) -> Scene:
    """The recording as a scene; 5 % of the items serve as gold. Raises RecordingUnusable."""
    recording = read_recording(source)
    ids, code = list(recording.texts), _numbers(recording.labels)
    truth = np.array([code[recording.truth[item]] for item in ids], dtype=np.int64)
    n_gold = max(1, round(GOLD_SHARE * truth.size))
    gold = choose_gold(truth, n_gold, np.random.default_rng(seed))
    work = np.setdiff1d(np.arange(truth.size), gold)
    actors = _actors(recording, truth)
    return Scene(
        title=f"Recorded answers: {source.resolve().name}",
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


def _actors(recording: Recording, truth: Codes) -> list[RecordedActor]:
    item, code = _numbers(recording.texts), _numbers(recording.labels)
    coded = {
        worker: {item[name]: code[label] for name, label in said.items()}
        for worker, said in recording.answers.items()
    }
    return [
        RecordedActor(worker, said, honest=not _guessed(said, truth, len(code)))
        for worker, said in coded.items()
    ]


def _guessed(said: Mapping[int, int], truth: Codes, n_labels: int) -> bool:
    """Whether the truth shows, with 95 % certainty, that this person was hardly better than chance.

    Right in the mean over the classes: who always names the commonest label is right often and tells nothing.
    """
    items, codes = np.array(list(said)), np.array(list(said.values()))
    right = np.bincount(truth[items], weights=truth[items] == codes, minlength=n_labels) + 1.0
    seen = np.bincount(truth[items], minlength=n_labels) + 2.0
    mean, spread = _mean_of_betas(right, seen - right)
    hardly_better = min(0.99, 1 / n_labels + BETTER_THAN_CHANCE)
    return float(ndtr((hardly_better - mean) / spread)) > 0.95


def _mean_of_betas(a: Floats, b: Floats) -> tuple[float, float]:
    """Mean and standard deviation of the mean of independent Beta(a, b) variables."""
    variance = a * b / ((a + b) ** 2 * (a + b + 1))
    return float(np.mean(a / (a + b))), float(np.sqrt(variance.sum()) / a.size)


def _numbers(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


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
