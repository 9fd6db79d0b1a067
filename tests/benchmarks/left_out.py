"""Whether the constants of ``auto`` hold on sets that had no say in choosing them.

    python tests/benchmarks/left_out.py

Each constant takes several values. For every development set the value that does best on the other
ten (with their thinned and two-class copies) is chosen, and scored on the set that was left out. If
the shipped value was fitted to particular sets, the left-out choices differ from it and score less.
Models are chosen by accuracy, confidence by log-loss.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script

from crowd_sets import NAMES, CrowdSet, columns
from scores import log_loss, right

from quality.inference import confidence, look_alikes
from quality.inference.answers import NO_GOLD, Floats
from quality.inference.auto import run_views, skills_of
from quality.inference.em import Run
from quality.inference.skills import mean
from quality.inference.start import cold
from quality.inference.views import POOL_ONLY, VIEWS, View
from quality.inference.votes import Votes

COIN_SIDE, MIDDLE, POOL_SIDE = VIEWS
MODELS: dict[str, tuple[View, ...]] = {
    "shipped": VIEWS,
    "no hard items": (COIN_SIDE, MIDDLE, View(3, 0.5)),
    "hard items everywhere": (View(1, 0.25, True), View(2, 0.25, True), POOL_SIDE),
    "half the prior powers": (View(1, 0.125), View(2, 0.125), View(3, 0.25, True)),
    "twice the prior powers": (View(1, 0.5), View(2, 0.5), View(3, 1.0, True)),
    "half the pool weights": (View(0.5, 0.25), View(1, 0.25), View(1.5, 0.5, True)),
    "twice the pool weights": (View(2, 0.25), View(4, 0.25), View(6, 0.5, True)),
    "10 iterations": tuple(View(v.pool_weight, v.prior_power, v.hard_items, 10) for v in VIEWS),
    "pool stopped early": (COIN_SIDE, POOL_SIDE, View(POOL_ONLY, 1.0, max_iterations=8)),
    "coin side alone": (COIN_SIDE,),
}
VALUES: tuple[tuple[str, ModuleType, str, tuple[float, ...]], ...] = (
    ("usual correlation", confidence, "USUAL", (0.2, 0.3, 0.4)),
    ("answers that count", confidence, "MOST_ANSWERS", (10, 15, 20)),
    ("power of the prior", confidence, "PRIOR_POWER", (0.0, 0.15, 0.3, 0.45)),
    ("shared part of look-alikes", look_alikes, "SHARED_PART", (0.0, 0.25, 0.5, 0.75)),
)

Scores = dict[str, dict[str, float]]  # [choice][set]; larger is better


class Fitted(NamedTuple):
    """One set with the runs of the shipped views."""

    crowd: CrowdSet
    votes: Votes
    runs: list[Run]


def main() -> None:
    sets = [crowd for crowds in columns(range(1, 2)).values() for crowd in crowds]
    scores: Scores = {name: by_set(sets, accuracy_of(views)) for name, views in MODELS.items()}
    report("models (accuracy)", scores, "shipped")
    fitted = [fit(crowd, VIEWS) for crowd in sets]
    for name, module, constant, values in VALUES:
        shipped = getattr(module, constant)
        losses = {str(value): confidence_score(fitted, module, constant, value) for value in values}
        report(f"{name} (minus log-loss)", losses, str(shipped))


def fit(crowd: CrowdSet, views: tuple[View, ...]) -> Fitted:
    votes = Votes(crowd.answers)
    no_gold = np.full(votes.n_items, NO_GOLD)
    return Fitted(crowd, votes, run_views(views, votes, no_gold, (cold(votes),) * len(views)))


def accuracy_of(views: tuple[View, ...]) -> Callable[[CrowdSet], float]:
    def score(crowd: CrowdSet) -> float:
        belief = mean([run.posterior for run in fit(crowd, views).runs])
        return float(right(belief, crowd.truth).mean())

    return score


def confidence_score(
    fitted: list[Fitted], module: ModuleType, constant: str, value: float
) -> dict[str, float]:
    with changed(module, constant, value):
        return by_set(fitted, lambda one: -log_loss(stated(one), one.crowd.truth))


def stated(one: Fitted) -> Floats:
    """[i, k]: beliefs as ``auto`` states them."""
    skills, no_gold = skills_of(one.votes, one.runs), np.full(one.votes.n_items, NO_GOLD)
    return skills.finished(one.votes, no_gold, mean([run.posterior for run in one.runs]), [])


@contextmanager
def changed(module: ModuleType, constant: str, value: float) -> Iterator[None]:
    before = getattr(module, constant)
    setattr(module, constant, value)
    try:
        yield
    finally:
        setattr(module, constant, before)


def by_set(sets: list[Any], score: Callable[[Any], float]) -> dict[str, float]:
    """[set]: mean over the set and its copies."""
    found = defaultdict(list)
    for one in sets:
        crowd = one.crowd if isinstance(one, Fitted) else one
        found[crowd.name.partition(":")[0]].append(score(one))
    return {name: float(np.mean(found[name])) for name in NAMES}


def report(title: str, scores: Scores, shipped: str) -> None:
    chosen = {name: best_without(name, scores) for name in NAMES}
    kept = np.mean([scores[shipped][name] for name in NAMES])
    left_out = np.mean([scores[chosen[name]][name] for name in NAMES])
    counts = {choice: list(chosen.values()).count(choice) for choice in scores}
    said = ", ".join(f"{choice} x{n}" for choice, n in counts.items() if n)
    print(f"| {title} | {kept:.4f} | {left_out:.4f} | {said} |")
    for choice, by_name in scores.items():
        print(f"    {choice:26s} {np.mean(list(by_name.values())):.4f}", flush=True)


def best_without(name: str, scores: Scores) -> str:
    """The choice that does best on all other sets."""
    return max(scores, key=lambda choice: np.mean([scores[choice][n] for n in NAMES if n != name]))


if __name__ == "__main__":
    main()
