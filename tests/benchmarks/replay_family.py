"""Policies on the synthetic family: area under the curve of the labels' accuracy, and largest fall.

python tests/benchmarks/replay_family.py [--members 5-weak-good-few ...] [--policies default ...]

The area is over 5 to 100 % of the answers; where a policy stops early its last accuracy goes on.
The fall is the largest drop below an earlier accuracy, after 10 % were paid.
"""

import argparse

import numpy as np
import synthetic

from learning.replay import policies
from learning.replay.recording import Recording, majority_accuracy
from learning.replay.run import Point, replay
from quality.inference.answers import Answers

GRID = np.linspace(0.05, 1, 39)


def recording(name: str, seed: int) -> Recording:
    crowd = synthetic.member(name, seed)
    n_labels = max(int(crowd.truth.max()), int(crowd.label.max())) + 1
    sizes = len(crowd.truth), int(crowd.annotator.max()) + 1, n_labels
    answers = Answers(crowd.item, crowd.annotator, crowd.label, *sizes)
    return Recording(answers, crowd.truth, crowd.features)


def area(curve: list[Point]) -> float:
    shares, accuracies = zip(*[(p.share, p.label_accuracy) for p in curve], strict=True)
    return float(np.interp(GRID, shares, accuracies).mean())


def fall(curve: list[Point]) -> float:
    late = np.array([p.label_accuracy for p in curve if p.share >= 0.1])
    return float((np.maximum.accumulate(late) - late).max())


def row(name: str, policy: str, n_seeds: int) -> str:
    curves = []
    for seed in range(n_seeds):
        recorded = recording(name, seed)
        target = majority_accuracy(recorded)
        curves.append(replay(recorded, policies.get(policy), seed, target).curve)
    areas, falls = [area(c) for c in curves], [fall(c) for c in curves]
    return f"{np.mean(areas):.3f} ({np.max(falls):.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", nargs="*", default=synthetic.family())
    parser.add_argument("--policies", nargs="*", default=["default", "people-only", "entropy3"])
    parser.add_argument("--seeds", type=int, default=2)
    options = parser.parse_args()
    print("| set | " + " | ".join(options.policies) + " |")
    print("| --- |" + " --- |" * len(options.policies))
    for name in options.members:
        cells = [row(name, policy, options.seeds) for policy in options.policies]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
