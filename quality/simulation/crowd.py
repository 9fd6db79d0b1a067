"""A whole crowd from a count of each kind."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.random import Generator

from quality.simulation.person import Person
from quality.simulation.registry import KINDS
from quality.simulation.scene import Scene

# Their accuracy is drawn for each person; the other kinds' is part of what they are.
_VARIED = frozenset({"competent", "honest_minority", "slow_reader", "screen_reader"}) | {
    "shared_address",
    "turns_bad",
}


def crowd(
    kinds: Mapping[str, int],
    n_labels: int,
    seed: int,
    *,
    accuracy: tuple[float, float] = (0.80, 0.95),
    scene: Scene | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Person]:
    """People of the given kinds, in the order of `kinds`, sharing one scene.

    `accuracy` is the range for honest people, drawn evenly. `options` gives keyword arguments
    of single kinds: `{"turns_bad": {"turns_after": 40}}`. Each person has an own random stream,
    so one person's answers do not depend on how requests interleave. Raises ValueError for a
    kind that does not exist.
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise ValueError(f"unknown kinds of people: {', '.join(unknown)}")
    shared = Scene(seed=seed) if scene is None else scene
    names = [kind for kind, count in kinds.items() for _ in range(count)]
    streams = np.random.default_rng(seed).spawn(len(names))
    people = []
    for number, (kind, rng) in enumerate(zip(names, streams, strict=True)):
        chosen = _defaults(kind, rng, accuracy, number) | dict((options or {}).get(kind, {}))
        people.append(KINDS[kind](rng=rng, n_labels=n_labels, scene=shared, **chosen))
    return people


def _defaults(
    kind: str, rng: Generator, accuracy: tuple[float, float], number: int
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if kind not in {"shared_address", "many_accounts"}:
        values["address"] = f"198.51.{number // 250}.{number % 250 + 1}"
    if kind in _VARIED:
        values["accuracy"] = float(rng.uniform(*accuracy))
    return values
