"""What a tenth of the truth as gold does to the rest, for label types that are no choices.

    python tests/benchmarks/gold_of_types.py [--seeds 3]

Scored on the items that were not revealed, with and without the gold.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script

from crowd_sets import rows_of

from datasets import dataset_path
from quality.inference import layouts, scores
from quality.inference.type_registry import TYPES

SHARE = 0.1


def numbers(score: Callable[[Any, Any], float]) -> Callable[[list[str], list[str]], float]:
    return lambda said, right: score(*(np.array(column, dtype=float) for column in (said, right)))


def parsed(
    parse: Callable[[str], Any], score: Callable[[Any, Any], float]
) -> Callable[[list[str], list[str]], float]:
    return lambda said, right: score([parse(x) for x in said], [parse(x) for x in right])


SETS: tuple[tuple[str, str, str, Callable[[list[str], list[str]], float]], ...] = (
    ("number", "emotion", "Pearson", numbers(scores.pearson)),
    ("pairwise", "country_population", "Spearman", numbers(scores.spearman)),
    ("ordinal", "weather_amt", "accuracy", numbers(scores.accuracy)),
    ("ordinal", "web", "accuracy", numbers(scores.accuracy)),
    ("text", "crowdwsa_t1", "WER", scores.word_error_rate),
    ("spans", "pico_a", "character F1", parsed(layouts.spans_from, scores.micro_character_f1)),
    ("boxes", "boxes_a", "soft F1", parsed(layouts.boxes_from, scores.mean_soft_f1)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(parser.parse_args().seeds)
    print("| data | metric | without gold | with gold |")
    for kind, name, metric, score in SETS:
        cells = np.mean([pair(kind, name, score, seed) for seed in seeds], axis=0)
        print(f"| {name} | {metric} | {cells[0]:.4f} | {cells[1]:.4f} |", flush=True)


def pair(
    kind: str, name: str, score: Callable[[list[str], list[str]], float], seed: int
) -> list[float]:
    """The score of the items that are not revealed, without and with the others as gold."""
    truth = [(item, label) for item, label in rows_of(name, "truth")]
    order = np.random.default_rng(seed).permutation(len(truth))
    shown = {truth[i] for i in order[: max(2, round(SHARE * len(truth)))]}
    answers = dataset_path(name) / "answers.csv.gz"
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", delete=False) as file:
        csv.writer(file).writerows([("item", "label"), *sorted(shown)])
    rest = dict(row for row in truth if row not in shown)
    try:
        both = [TYPES[kind].aggregate(answers, gold) for gold in (None, Path(file.name))]
    finally:
        Path(file.name).unlink()
    found = [{row.item: row.label for row in one.items} for one in both]
    known = [item for item in rest if item in found[0]]
    return [score([one[i] for i in known], [rest[i] for i in known]) for one in found]


if __name__ == "__main__":
    main()
