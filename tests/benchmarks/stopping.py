"""Is what the service holds at .95 right in 95 %? Its rule at work on real crowds, answer by answer.

    python tests/benchmarks/stopping.py [--seeds 2]        # prints the tables of docs/benchmarks.md

Each item's answers come in a random order, one more a round to every item that the rule (one to seven
answers, .95) has not settled; after each round everything is fitted anew, as the service does. Once without
gold, once with 5 % of the truth as gold; scored on items that are no gold.
"""

# ruff: noqa: E402 (a script: it finds the repository first, and prints)

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from crowd_sets import NAMES, CrowdSet, load
from scores import calibration_error, log_loss, right

from quality.inference.answers import NO_GOLD, Floats, Ints
from quality.inference.settling.learning import learn
from quality.inference.settling.parameters import posterior

MOST, TARGET = 7, 0.95


def play(crowd: CrowdSet, seed: int, gold_share: float) -> list[float]:
    """Accuracy, log-loss, calibration error; share settled, right and stated there; answers an item."""
    rng, answers = np.random.default_rng(seed), crowd.answers
    gold = _gold(crowd, rng, gold_share)
    order, nth = _in_order(answers.item, rng)
    taken, settled = np.zeros(0, dtype=np.int64), np.zeros(answers.n_items, dtype=bool)
    for turn in range(MOST):
        wanted = (nth == turn) & ~settled[answers.item[order]]
        taken = np.concatenate([taken, order[wanted]])
        votes = answers.select(taken)
        learned = learn(votes, gold)
        belief = posterior(learned.parameters, votes, learned.confusion)
        settled = (belief.max(axis=1) >= TARGET) & (gold == NO_GOLD)
    truth = np.where(gold == NO_GOLD, crowd.truth, NO_GOLD)
    return [*_scores(belief, settled, truth), len(taken) / answers.n_items]


def _gold(crowd: CrowdSet, rng: np.random.Generator, share: float) -> Ints:
    known = np.flatnonzero(crowd.truth != NO_GOLD)
    chosen = rng.permutation(known)[: round(share * len(known))]
    gold = np.full(crowd.answers.n_items, NO_GOLD)
    gold[chosen] = crowd.truth[chosen]
    return gold


def _in_order(item: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Rows by item, shuffled within, and the place of each among its item's answers."""
    shuffled = rng.permutation(len(item))
    order = shuffled[np.argsort(item[shuffled], kind="stable")]
    return order, np.arange(len(item)) - np.searchsorted(item[order], item[order])


def _scores(belief: Floats, settled: np.ndarray, truth: Ints) -> list[float]:
    known = truth != NO_GOLD
    hit, held, done = right(belief, truth), belief[known].max(axis=1), settled[known]
    among = [float(x[done].mean()) if done.any() else float("nan") for x in (hit, held)]
    errors = [log_loss(belief, truth), calibration_error(belief, truth)]
    return [float(hit.mean()), *errors, float(done.mean()), *among]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    for share in (0.0, 0.05):
        print(
            f"\ngold {share}: accuracy, log-loss, ECE, settled, right there, stated there, answers"
        )
        found = []
        for name in NAMES:
            crowd = load(name)
            rows = [play(crowd, seed, share) for seed in range(options.seeds)]
            found.append(np.mean(rows, axis=0))
            print("|", name, "|", " | ".join(f"{x:.3f}" for x in found[-1]), "|", flush=True)
        print("| mean |", " | ".join(f"{x:.4f}" for x in np.nanmean(found, axis=0)), "|")


if __name__ == "__main__":
    main()
