"""The synthetic family: crowds and features of every kind, with a known truth.

``python tests/benchmarks/synthetic.py FOLDER`` writes each member as a folder that ``assay replay``
reads. A member is named classes-features-crowd-load, for instance ``5-strong-spammy-few``.
"""

import csv
import gzip
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.random import Generator

# Mean distance of the classes' centres from the origin, in standard deviations of the noise.
STRENGTH = {"strong": 3.2, "weak": 1.3, "useless": 0.0}
SKILLS = {"mixed": (0.9, 0.75, 0.6), "good": (0.97, 0.95, 0.92), "spammy": (0.9, 0.8, 0.7, None)}
PER_PERSON = {"few": 15, "many": 100}
DIMENSIONS = 24


@dataclass(frozen=True)
class Crowd:
    """item, annotator, label are parallel codes; truth[i]; features[i, f]."""

    item: np.ndarray
    annotator: np.ndarray
    label: np.ndarray
    truth: np.ndarray
    features: np.ndarray


def family() -> list[str]:
    return ["-".join(parts) for parts in product(["2", "5", "10"], STRENGTH, SKILLS, PER_PERSON)]


def member(name: str, seed: int, *, n_items: int = 800, per_item: int = 5) -> Crowd:
    classes, features, crowd, load = name.split("-")
    rng = np.random.default_rng([seed, *name.encode()])
    truth = rng.integers(0, int(classes), n_items)
    item = np.repeat(np.arange(n_items), per_item)
    annotator = seats(n_items, per_item, max(per_item, len(item) // PER_PERSON[load]), rng)
    matrices = confusions(int(classes), crowd, annotator.max() + 1, rng)
    label = drawn(matrices[annotator, truth[item]], rng)
    return Crowd(item, annotator, label, truth, vectors(truth, STRENGTH[features], rng))


def seats(n_items: int, per_item: int, n_people: int, rng: Generator) -> np.ndarray:
    """Different people for each item, with uneven loads."""
    eagerness = rng.gamma(2.0, size=n_people)
    races = rng.exponential(size=(n_items, n_people)) / eagerness
    return np.argsort(races, axis=1)[:, :per_item].ravel()


def confusions(n_labels: int, crowd: str, n_people: int, rng: Generator) -> np.ndarray:
    skills = [SKILLS[crowd][a % len(SKILLS[crowd])] for a in range(n_people)]
    return np.stack([_matrix(n_labels, skill, rng) for skill in skills])


def drawn(probabilities: np.ndarray, rng: Generator) -> np.ndarray:
    return (probabilities.cumsum(axis=1) < rng.random((len(probabilities), 1))).sum(axis=1)


def vectors(truth: np.ndarray, strength: float, rng: Generator) -> np.ndarray:
    centres = rng.normal(size=(truth.max() + 1, DIMENSIONS))
    centres *= strength / np.linalg.norm(centres, axis=1, keepdims=True)
    return (centres[truth] + rng.normal(size=(len(truth), DIMENSIONS))).astype(np.float16)


def _matrix(n_labels: int, skill: float | None, rng: Generator) -> np.ndarray:
    if skill is None:  # a spammer: the same lazy shares whatever the truth
        return np.tile(rng.dirichlet(np.ones(n_labels)), (n_labels, 1))
    wrong = rng.dirichlet(np.ones(n_labels - 1), size=n_labels) * (1 - skill)
    matrix = np.full((n_labels, n_labels), skill)
    matrix[~np.eye(n_labels, dtype=bool)] = wrong.ravel()
    return matrix


def write(crowd: Crowd, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"i{i:05d}" for i in range(len(crowd.truth))]
    answers = zip(crowd.item, crowd.annotator, crowd.label, strict=True)
    _table(folder / "items.csv.gz", ["item", "text"], [[name, ""] for name in names])
    said = [[names[i], f"w{a:04d}", int(k)] for i, a, k in answers]
    _table(folder / "answers.csv.gz", ["item", "worker", "label"], said)
    true = [[name, int(k)] for name, k in zip(names, crowd.truth, strict=True)]
    _table(folder / "truth.csv.gz", ["item", "label"], true)
    np.save(folder / "features.npy", crowd.features)


def _table(path: Path, head: list[str], rows: list[list[object]]) -> None:
    with gzip.open(path, "wt", newline="") as file:
        csv.writer(file).writerows([head, *rows])


if __name__ == "__main__":
    for each in family():
        write(member(each, seed=0), Path(sys.argv[1]) / each)
