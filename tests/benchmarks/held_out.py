"""``auto`` beside its peers on sets that had no say in any of its constants.

    python tests/benchmarks/held_out.py [--without-crowd-kit]

All categorical folders of the development data were used to build ``auto`` (al_rte and
al_product_er hold the answers of rte and product again). Folders of other label types were not, and
some of them are choices once they are put so:

    country:first    two countries, which is larger? First or second (pairs in both orders)
    emotion:N        is the emotion at least N? The experts' mean decides
    emotion:4        in which of four ranges is it (up to 0, 25, 50, above)
    pico:inside      is this piece of text to be marked? Pieces between two cuts that anybody made
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script

from crowd_sets import CrowdSet, half, rows_of, three
from scores import calibration_error, held, log_loss, right

from datasets import dataset_path
from quality.inference import layouts
from quality.inference.answers import Answers, Floats
from quality.inference.comparisons import TIE
from quality.inference.known import Known
from quality.inference.registry import CHOICE_METHODS
from quality.inference.span_segments import cut

PEERS = ("DawidSkene", "OneCoinDawidSkene", "GLAD", "MACE", "MMSR")
OPTIONS: dict[str, dict[str, Any]] = {  # their defaults take many minutes
    "GLAD": {"n_iter": 10, "m_step_max_iter": 10, "silent": True},
    "MACE": {"n_restarts": 3, "n_iter": 20, "random_state": 0},
}
OURS = ("majority", "dawid-skene", "one-coin", "ibcc", "auto")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-crowd-kit", action="store_true")
    options = parser.parse_args()
    full = list(sets())
    columns = {
        "as they are": full,
        "half": [half(crowd, 1) for crowd in full],
        "3 an item": [three(crowd, 1) for crowd in full],
    }
    methods: dict[str, Callable[[Answers], Floats]] = {name: _ours(name) for name in OURS}
    if not options.without_crowd_kit:
        methods |= {f"crowd-kit {name}": _peer(name) for name in PEERS}
    for column, crowds in columns.items():
        print(f"\n| {column} |", " | ".join(crowd.name for crowd in crowds), "| mean | seconds |")
        for name, method in methods.items():
            begin = time.process_time()
            hits = [right(method(crowd.answers), crowd.truth).mean() for crowd in crowds]
            cells = " | ".join(f"{hit:.4f}" for hit in hits)
            seconds = time.process_time() - begin
            print(f"| {name} | {cells} | {np.mean(hits):.4f} | {seconds:.1f} |", flush=True)
    print("\nauto: log-loss, ECE, right at >= .95 and share of items there")
    for crowd in full:
        belief = _ours("auto")(crowd.answers)
        loss, error = log_loss(belief, crowd.truth), calibration_error(belief, crowd.truth)
        sure, share = held(belief, crowd.truth, 0.95)
        print(f"| {crowd.name} | {loss:.3f} | {error:.3f} | {sure:.3f} | {share:.2f} |")


def sets() -> Iterator[CrowdSet]:
    yield countries()
    for least in (25, 50):
        yield emotion(str(least), np.array([least]))
    yield emotion("4", np.array([0.5, 25, 50]))
    yield marked_pieces()


def countries() -> CrowdSet:
    read = layouts.read_comparisons(dataset_path("country_population") / "answers.csv.gz")
    score = {thing: float(value) for thing, value in rows_of("country_population", "truth")}
    size = np.array([score[thing] for thing in read.things])
    said = read.answers
    kept = said.outcome != TIE
    left, right_side = said.left[kept], said.right[kept]
    first, second = np.minimum(left, right_side), np.maximum(left, right_side)
    pair, item = np.unique(first * len(size) + second, return_inverse=True)
    label = ((said.outcome[kept] > 0) == (left == first)).astype(np.int64)
    truth = (size[pair // len(size)] > size[pair % len(size)]).astype(np.int64)
    answers = Answers(item, said.annotator[kept], label, pair.size, said.n_annotators, 2)
    return CrowdSet("country:first", answers, truth)


def emotion(name: str, borders: Floats) -> CrowdSet:
    read = layouts.read_numbers(dataset_path("emotion") / "answers.csv.gz")
    experts = dict(rows_of("emotion", "truth"))
    truth = np.searchsorted(borders, [float(experts[item]) for item in read.items], side="right")
    said = read.answers
    label = np.searchsorted(borders, np.array(said.label), side="right")
    sizes = (said.n_items, said.n_annotators, len(borders) + 1)
    return CrowdSet(f"emotion:{name}", Answers(said.item, said.annotator, label, *sizes), truth)


def marked_pieces() -> CrowdSet:
    """Truth of a piece: whether most of its characters are inside."""
    read = layouts.read_spans(dataset_path("pico_a") / "answers.csv.gz")
    spans = {item: layouts.spans_from(label) for item, label in rows_of("pico_a", "truth")}
    pieces = cut(read.answers, Known.of(None, read.answers.n_items))
    document = np.repeat(np.arange(read.answers.n_items), pieces.count)
    truth = np.full(document.size, -1)
    for piece, item in enumerate(read.items[i] for i in document):
        if item in spans:
            begin, length = pieces.begin[piece], int(pieces.length[piece])
            inside = sum(max(0, min(begin + length, e) - max(begin, s)) for s, e in spans[item])
            truth[piece] = int(2 * inside > length)
    label, people = pieces.marked.astype(np.int64), read.answers.annotator[pieces.row]
    sizes = (document.size, read.answers.n_annotators, 2)
    return CrowdSet("pico:inside", Answers(pieces.segment, people, label, *sizes), truth)


def _ours(name: str) -> Callable[[Answers], Floats]:
    return lambda answers: CHOICE_METHODS[name]().fit(answers).posterior_


def _peer(name: str) -> Callable[[Answers], Floats]:
    def fit(answers: Answers) -> Floats:
        import pandas as pd
        from crowdkit import aggregation

        columns = {"task": answers.item, "worker": answers.annotator, "label": answers.label}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = getattr(aggregation, name)(**OPTIONS.get(name, {}))
            found = model.fit_predict(pd.DataFrame(columns))
        belief = np.zeros((answers.n_items, answers.n_labels))
        belief[found.index.to_numpy(), found.to_numpy().astype(np.int64)] = 1.0
        return belief

    return fit


if __name__ == "__main__":
    main()
