"""Handwritten digits (scikit-learn's bundled set, 1,797 real 8 x 8 scans), and a simulated crowd to read them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits

from assay.demo.scene import Codes, Scene, choose_gold
from quality.simulation import Person, crowd

LABELS = [str(digit) for digit in range(10)]
ENLARGE = 12  # 8 pixels become 96: large enough for a person
KINDS = {"competent": 20, "random": 3, "one_label": 1, "turns_bad": 1}
GOLD_SHARE = 0.05
LEAST_GOLD = 40
PACE = 0.5  # seconds to read a digit and press its key; nobody answers in the milliseconds a program needs
EXPECTED_ANSWERS = 2.0  # an item, gold included; only says when the one who turns bad is half way
INSTRUCTIONS = (
    "Which digit is written here? Press its key. The scans are small: "
    "when two digits are possible, take the likelier one."
)
Images = NDArray[np.float64]


@dataclass
class SimulatedActor:
    """One simulated person; the truth is what they see, their kind is what they make of it."""

    name: str
    person: Person
    truth: Codes
    pace: float = PACE

    @property
    def kind(self) -> str:
        return self.person.kind

    @property
    def honest(self) -> bool:
        return self.person.honest

    def answer(self, item: int, nth: int) -> int:
        return self.person.answer(int(self.truth[item]), item, nth)


def digits_scene(folder: Path, *, n_items: int | None, seed: int) -> Scene:
    """All digits, or ``n_items`` of them drawn at random, as files in ``folder`` that a manager would upload."""
    rng = np.random.default_rng(seed)
    images, truth = _draw(n_items, rng)
    gold = choose_gold(truth, max(LEAST_GOLD, round(GOLD_SHARE * truth.size)), rng)
    work = np.setdiff1d(np.arange(truth.size), gold)
    names = [f"digit-{number:04d}.png" for number in range(truth.size)]
    return Scene(
        title="Handwritten digits",
        instructions=INSTRUCTIONS,
        labels=LABELS,
        external_ids=names,
        truth=truth,
        gold=gold,
        actors=simulated_actors(truth, seed),
        fresh_actors=lambda: simulated_actors(truth, seed),
        import_file=_write_zip(folder / "digits.zip", names, images, work),
        gold_file=_write_zip(folder / "gold.zip", names, images, gold),
        gold_table=_write_gold(folder / "gold.csv", names, truth, gold),
    )


def simulated_actors(truth: Codes, seed: int) -> list[SimulatedActor]:
    """The same 25 people for the same seed, before their first answer."""
    turns_after = round(truth.size * EXPECTED_ANSWERS / sum(KINDS.values()) / 2)
    people = crowd(KINDS, 10, seed, options={"turns_bad": {"turns_after": turns_after}})
    return [SimulatedActor(f"person-{n:02d}", person, truth) for n, person in enumerate(people, 1)]


def _draw(n_items: int | None, rng: np.random.Generator) -> tuple[Images, Codes]:
    digits = load_digits()
    order = rng.permutation(digits.target.size)[:n_items]
    return digits.images[order], digits.target[order].astype(np.int64)


def _write_zip(path: Path, names: Sequence[str], images: Images, chosen: Codes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in chosen:
            archive.writestr(names[number], _png(images[number]))
    return path


def _png(image: NDArray[np.float64]) -> bytes:
    """Ink is dark on paper; 16 grey levels become 256."""
    grey = (255 - image * (255 / 16)).astype(np.uint8)
    large = Image.fromarray(grey).resize((8 * ENLARGE, 8 * ENLARGE), Image.Resampling.NEAREST)
    file = io.BytesIO()
    large.save(file, "PNG")
    return file.getvalue()


def _write_gold(path: Path, names: Sequence[str], truth: Codes, gold: Codes) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "label"])
        writer.writerows((names[number], LABELS[truth[number]]) for number in gold)
    return path
