"""Accuracy and calibration of truth inference on the real development sets.

    python tests/benchmarks/truth_inference.py [--methods auto,majority] [--gold-seeds 4]

Prints, for each method, accuracy on the five columns (all answers; a random half; three an item;
two-class copies; half of those) with fair ties, log-loss and calibration, one row for each set, and
then ``auto`` with 5 % of the truth as gold, scored on the rest.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script

from crowd_sets import CrowdSet, columns
from scores import calibration_error, held, log_loss, right

from quality.inference.answers import NO_GOLD, Ints
from quality.inference.auto import Auto
from quality.inference.fit import TruthInference
from quality.inference.registry import CHOICE_METHODS

GOLD_SHARE = 0.05


def per_set(method: TruthInference, crowd: CrowdSet, majority: float) -> float:
    """One row; returns the difference to majority in standard errors."""
    posterior = method.fit(crowd.answers).posterior_
    hit = right(posterior, crowd.truth)
    error = np.sqrt(majority * (1 - majority) / len(hit))
    sure, share = held(posterior, crowd.truth, 0.95)
    difference = (hit.mean() - majority) / error
    print(
        f"  {crowd.name:12s} {hit.mean():.4f}  {difference:+.1f} s.e.  log-loss"
        f" {log_loss(posterior, crowd.truth):.3f}  ECE"
        f" {calibration_error(posterior, crowd.truth):.3f}  >= .95: {sure:.3f} of {share:.2f}"
    )
    return float(difference)


def table_row(name: str, method: TruthInference, sets: dict[str, list[CrowdSet]]) -> None:
    """Mean accuracy on each column, then log-loss and ECE on the first."""
    begin = time.perf_counter()
    scores, losses, errors = [], [], []
    for column, crowds in sets.items():
        beliefs = [(method.fit(c.answers).posterior_, c.truth) for c in crowds]
        scores.append(np.mean([right(*pair).mean() for pair in beliefs]))
        if column == "11 sets":
            losses = [log_loss(*pair) for pair in beliefs]
            errors = [calibration_error(*pair) for pair in beliefs]
    cells = " | ".join(f"{score:.4f}" for score in scores)
    print(
        f"| {name} | {cells} | {np.mean(losses):.3f} | {np.mean(errors):.3f} |"
        f" {time.perf_counter() - begin:.0f} s",
        flush=True,
    )


def draw_gold(truth: Ints, seed: int) -> tuple[Ints, Ints]:
    """Gold labels of a random share of the known items, and the truth of the rest."""
    known = np.random.default_rng(seed).permutation(np.flatnonzero(truth != NO_GOLD))
    shown = known[: max(1, round(GOLD_SHARE * known.size))]
    gold, rest = np.full_like(truth, NO_GOLD), truth.copy()
    gold[shown], rest[shown] = truth[shown], NO_GOLD
    return gold, rest


def with_gold(crowds: list[CrowdSet], seeds: int) -> None:
    """``auto`` with gold: accuracy, log-loss, ECE, right at >= .95; each set's mean over seeds."""
    rows = []
    for crowd in crowds:
        scores = []
        for seed in range(seeds):
            gold, rest = draw_gold(crowd.truth, seed)
            posterior = Auto().fit(crowd.answers, gold).posterior_
            loss, error = log_loss(posterior, rest), calibration_error(posterior, rest)
            scores.append(
                (right(posterior, rest).mean(), loss, error, held(posterior, rest, 0.95)[0])
            )
        rows.append(np.mean(scores, axis=0))
        print(f"  {crowd.name:12s}", *(f"{value:.4f}" for value in rows[-1]))
    print("  mean        ", *(f"{value:.4f}" for value in np.mean(rows, axis=0)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--methods", default="majority,dawid-skene,one-coin,auto")
    parser.add_argument("--gold-seeds", type=int, default=4)
    options = parser.parse_args()
    sets = columns()
    print("| method |", " | ".join(sets), "| log-loss | ECE |")
    for name in options.methods.split(","):
        table_row(name, CHOICE_METHODS[name](), sets)
    print("auto, set by set, against majority with fair ties")
    for crowd in sets["11 sets"]:
        vote = CHOICE_METHODS["majority"]().fit(crowd.answers).posterior_
        per_set(Auto(), crowd, right(vote, crowd.truth).mean())
    print("auto with 5 % gold: accuracy, log-loss, ECE, right at >= .95")
    with_gold(sets["11 sets"], options.gold_seeds)


if __name__ == "__main__":
    main()
