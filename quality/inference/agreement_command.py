"""``assay agreement``: how far people agree, from a file of answers, without Django.

    assay agreement ANSWERS [--type choice|ordinal|number|pairwise|text|spans|boxes]
                    [--distance nominal|ordinal|interval] [--pairs N] [--seed S] [--json]

ANSWERS is read as ``assay aggregate`` reads it: item, worker, label; an empty label abstains, the last
row of a worker about an item counts. Printed are percent agreement, Krippendorff's alpha, Fleiss'
kappa, Gwet's AC1, the mean share of an item's commonest label (consistency), the mean entropy of an item's
answers as a share of the largest possible, and Cohen's kappa of the pairs of people with the most items in
common, each with a 95 % bootstrap interval over items, or with the reason why it is undefined.
With ``--distance ordinal`` or ``interval`` the labels must be numbers, and alpha counts how far they are
apart (``--type ordinal`` is the same as ``--distance ordinal``). Of the other types alpha alone is told,
with the distance of the type (`agreement_of_types`). Exit code 0, or 2 with one line that says what is wrong.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator

from quality.inference.agreement import (
    Ratings,
    alpha_of_numbers,
    cohen_kappa,
    consistency,
    entropy,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    ordinal,
    percent_agreement,
)
from quality.inference.answers import Floats
from quality.inference.choice_command import read_answers
from quality.inference.encoding import Encoded
from quality.inference.estimate import Estimate
from quality.inference.tabular import BadTable, as_utf_8, read_columns

OPEN_TYPES = ("boxes", "number", "pairwise", "spans", "text")
DISTANCES = ("nominal", "ordinal", "interval")
MOST_LABELS = 500  # as in a project; coefficients of labels need a table of all pairs of labels
TOO_MANY = Estimate.undefined(f"there are more than {MOST_LABELS} different labels")
PAIRS = 10  # Cohen's kappa is about two people: those who share most are worth a line
MOST_FOR_PAIRS = 2_000  # people; beyond, a table of all pairs would not be small
COHEN = "Cohen's kappa"
NAMES = {
    "percent_agreement": "percent agreement",
    "krippendorff_alpha": "Krippendorff's alpha",
    "fleiss_kappa": "Fleiss' kappa",
    "gwet_ac1": "Gwet's AC1",
    "consistency": "consistency",
    "entropy": "entropy",
}


def main(argv: list[str] | None = None) -> int:
    """Run ``assay agreement`` with these arguments; the exit code."""
    options = _parser().parse_args(argv)
    try:
        open_type = options.type in OPEN_TYPES
        facts = agreement_of_type(options) if open_type else agreement(options)
    except (BadTable, OSError, ValueError) as problem:
        sys.stderr.write(f"assay agreement: {problem}\n")
        return 2
    told = _lines_of_type if open_type else _lines
    lines = [json.dumps(facts, ensure_ascii=False)] if options.json else told(facts)
    sys.stdout.write(as_utf_8("".join(f"{line}\n" for line in lines)))
    return 0


def agreement(options: argparse.Namespace) -> dict[str, Any]:
    """All coefficients of the file as one JSON-able object. Raises BadTable."""
    coded = read_answers(options.answers)
    distance = options.distance or ("ordinal" if options.type == "ordinal" else "nominal")
    if distance != "interval" and len(coded.labels) > MOST_LABELS:
        raise BadTable(
            f"more than {MOST_LABELS} different labels; for numbers use --distance interval"
        )
    numbers = None if distance == "nominal" else _numbers(coded, options.answers)
    ratings, rng = _ratings(coded), np.random.default_rng(options.seed)
    return {
        "items": len(coded.items),
        "workers": len(coded.annotators),
        "answers": len(coded.answers),
        "labels": [str(label) for label in coded.labels],
        "distance": distance,
        **_coefficients(ratings, distance, numbers, rng),
        "cohen_kappa": list(_pairs(coded, ratings, options.pairs, rng)),
    }


def agreement_of_type(options: argparse.Namespace) -> dict[str, Any]:
    """Alpha with the type's own distance. Raises LayoutError."""
    from quality.inference.agreement_of_types import alpha, read_said  # seconds of imports

    said = read_said(options.type, Path(options.answers))
    found = alpha(options.type, said, np.random.default_rng(options.seed))
    return {
        "type": options.type,
        "items": said.n_items,
        "workers": said.n_annotators,
        "answers": len(said.label),
        "krippendorff_alpha": asdict(found),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assay agreement", description="How far people agree, with intervals."
    )
    parser.add_argument("answers", help="CSV or gzip CSV with columns item, worker, label")
    parser.add_argument("--type", choices=("choice", "ordinal", *OPEN_TYPES), default="choice")
    parser.add_argument("--distance", choices=DISTANCES, help="of labels (default: nominal)")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="so many pairs of people")
    parser.add_argument("--seed", type=_seed, default=0, help="of the bootstrap (default: 0)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def _ratings(coded: Encoded) -> Ratings:
    votes = coded.answers
    return Ratings.of(votes.item, votes.annotator, votes.label, n_labels=len(coded.labels))


def _coefficients(
    ratings: Ratings, distance: str, numbers: Floats | None, rng: Generator
) -> dict[str, dict[str, Any]]:
    found = {"percent_agreement": percent_agreement(ratings, rng=rng)}
    found["krippendorff_alpha"] = _alpha(ratings, distance, numbers, rng)
    few = ratings.n_labels <= MOST_LABELS
    found["fleiss_kappa"] = fleiss_kappa(ratings, rng=rng) if few else TOO_MANY
    found["gwet_ac1"] = gwet_ac1(ratings, rng=rng) if few else TOO_MANY
    found["consistency"], found["entropy"] = (
        consistency(ratings, rng=rng),
        entropy(ratings, rng=rng),
    )
    return {name: asdict(estimate) for name, estimate in found.items()}


def _alpha(ratings: Ratings, distance: str, numbers: Floats | None, rng: Generator) -> Estimate:
    if numbers is None:
        return krippendorff_alpha(ratings, rng=rng)
    if distance == "ordinal":
        return krippendorff_alpha(ratings, distance=ordinal, values=numbers, rng=rng)
    return alpha_of_numbers(ratings.item, ratings.annotator, numbers[ratings.label], rng=rng)


def _numbers(coded: Encoded, path: str) -> Floats:
    """[k]: the labels as the numbers they are; BadTable names the first row whose label is none."""
    numbers = np.array([_number(str(label)) for label in coded.labels])
    if np.isnan(numbers).any():
        _refuse_first(path)
    return numbers


def _number(label: str) -> float:
    try:
        value = float(label)
    except ValueError:
        value = math.nan
    return value if math.isfinite(value) else math.nan


def _refuse_first(path: str) -> None:
    read = read_columns(path, ("label",))
    for row, label in zip(read.numbers, *read.columns, strict=True):
        if label and math.isnan(_number(label)):
            shown = repr(label if len(label) <= 40 else f"{label[:37]}...")
            raise BadTable(
                f"{path}: row {row}: --distance ordinal and interval need numbers,"
                f" and label {shown} is none"
            )


def _pairs(coded: Encoded, ratings: Ratings, most: int, rng: Generator) -> Iterator[dict[str, Any]]:
    """Cohen's kappa of the pairs that share most items, the most first."""
    if len(coded.annotators) > MOST_FOR_PAIRS or len(coded.labels) > MOST_LABELS:
        return
    common = _items_in_common(ratings, len(coded.annotators))
    rows, columns = np.triu_indices(len(common), k=1)
    shared = common[rows, columns]
    for place in np.argsort(-shared, kind="stable")[: max(most, 0)].tolist():
        if shared[place] == 0:
            return
        first, second = int(rows[place]), int(columns[place])
        kappa = cohen_kappa(ratings, first, second, rng=rng)
        people = [str(coded.annotators[first]), str(coded.annotators[second])]
        yield {"workers": people, "items": int(shared[place]), **asdict(kappa)}


def _items_in_common(ratings: Ratings, n_annotators: int) -> Floats:
    """[a, b]: how many items both have answered."""
    from scipy.sparse import csr_array

    ones = np.ones(ratings.item.size)
    shape = (n_annotators, ratings.n_items)
    seen = csr_array((ones, (ratings.annotator, ratings.item)), shape=shape)
    return np.asarray((seen @ seen.T).toarray(), dtype=np.float64)


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    labels = len(facts["labels"])
    yield (
        f"{facts['items']} items, {facts['workers']} workers, {facts['answers']} answers, "
        f"{labels} labels ({facts['distance']} distance in alpha)"
    )
    for name, words in NAMES.items():
        yield f"{words:22}{_words(facts[name])}"
    for pair in facts["cohen_kappa"]:
        who = " and ".join(pair["workers"])
        yield f"{COHEN:22}{_words(pair)}  {who}, {pair['items']} items in common"


def _lines_of_type(facts: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{facts['items']} items, {facts['workers']} workers, {facts['answers']} answers"
        f" ({facts['type']}: alpha with the distance of the type)"
    )
    yield f"{NAMES['krippendorff_alpha']:22}{_words(facts['krippendorff_alpha'])}"


def _words(found: dict[str, Any]) -> str:
    estimate = Estimate(found["value"], found["low"], found["high"], found["reason"])
    if estimate.value is None:
        return f"undefined: {estimate.reason}"
    if estimate.low is None:
        return f"{estimate.value:7.4f}  ({estimate.reason})"
    return f"{estimate.value:7.4f}  [{estimate.low:.4f}, {estimate.high:.4f}]"


if __name__ == "__main__":
    raise SystemExit(main())
