"""Time and memory of Dawid-Skene and Auto, beside crowd-kit.

    python tests/benchmarks/dawid_skene_speed.py [--answers 1000000] [--without-crowd-kit]

Simulated answers: five labels, five an item, 500 a person, accuracies from 0.4 to 0.95.
Both programs run 20 iterations of the same algorithm from the same vote shares. The ratio is one of
CPU seconds, so other work on the machine does not enter it.
"""

from __future__ import annotations

import argparse
import resource
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quality.inference.answers import Answers
from quality.inference.auto import Auto
from quality.inference.dawid_skene import DawidSkene
from quality.inference.update import update_posterior

N_LABELS, PER_ITEM, PER_ANNOTATOR, ITERATIONS = 5, 5, 500, 20


def simulate(n_answers: int, n_annotators: int, seed: int = 0) -> Answers:
    """Answers of people with one accuracy each."""
    rng = np.random.default_rng(seed)
    n_items = n_answers // PER_ITEM
    truth = rng.integers(0, N_LABELS, n_items)
    item = np.repeat(np.arange(n_items), PER_ITEM)
    annotator = rng.integers(0, n_annotators, n_answers)
    right = rng.random(n_answers) < rng.uniform(0.4, 0.95, n_annotators)[annotator]
    wrong = (truth[item] + rng.integers(1, N_LABELS, n_answers)) % N_LABELS
    label = np.where(right, truth[item], wrong)
    return Answers(item, annotator, label, n_items, n_annotators, N_LABELS)


def timed(name: str, work: Any) -> tuple[float, Any]:
    begin, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, seconds = time.perf_counter() - begin, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name:24s} {wall:8.2f} s, CPU {seconds:8.2f} s, peak so far {peak:5.2f} GB", flush=True)
    return seconds, result


def crowd_kit(answers: Answers) -> NDArray[np.int64]:
    """Labels of crowd-kit's Dawid-Skene after the same number of iterations."""
    import pandas as pd
    from crowdkit.aggregation import DawidSkene as Reference

    frame = pd.DataFrame(
        {"task": answers.item, "worker": answers.annotator, "label": answers.label}
    )
    labels = Reference(n_iter=ITERATIONS, tol=0).fit_predict(frame)
    found: NDArray[np.int64] = labels.sort_index().to_numpy()
    return found


def compare(answers: Answers) -> None:
    seconds, fit = timed(
        "Dawid-Skene", lambda: DawidSkene(max_iterations=ITERATIONS, tolerance=0).fit(answers).fit_
    )
    slow, labels = timed("crowd-kit Dawid-Skene", lambda: crowd_kit(answers))
    print(f"ratio {slow / seconds:.1f}, same labels {np.mean(labels == fit.label):.6f}")


def settle(answers: Answers) -> None:
    """1,000 touched items of a fitted project."""
    skills = Auto().fit(answers).fit_.skills
    rows = answers.item < 1000
    touched = Answers(
        answers.item[rows],
        answers.annotator[rows],
        answers.label[rows],
        1000,
        answers.n_annotators,
        N_LABELS,
    )
    begin = time.perf_counter()
    for _ in range(20):
        update_posterior(skills, touched)
    print(f"settle 1000 items: {(time.perf_counter() - begin) / 20 * 1e3:.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--without-crowd-kit", action="store_true")
    options = parser.parse_args()
    answers = simulate(options.answers, max(options.answers // PER_ANNOTATOR, 10))
    print(f"{len(answers)} answers, {answers.n_items} items, {answers.n_annotators} annotators")
    if options.without_crowd_kit:
        timed(
            "Dawid-Skene",
            lambda: DawidSkene(max_iterations=ITERATIONS, tolerance=0).fit(answers),
        )
    else:
        compare(answers)
    timed("Auto", lambda: Auto().fit(answers))
    settle(simulate(200_000, 10_000))


if __name__ == "__main__":
    main()
