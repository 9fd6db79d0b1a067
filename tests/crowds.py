"""Campaigns of simulated people for tests and benchmarks: who did what, and the survey of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from quality.inference.people.survey import AnswerLog
from quality.simulation import Person, Scene, crowd
from quality.simulation.campaign import Campaign, run


def campaign(
    kinds: Mapping[str, int],
    *,
    n_labels: int = 4,
    seed: int = 0,
    n_items: int = 600,
    n_gold: int = 40,
    redundancy: int = 5,
    hard_share: float = 0.05,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[list[Person], Campaign, AnswerLog]:
    """The first `n_gold` items are gold, which everybody answers; classes are even."""
    scene = Scene(seed=seed, hard_share=hard_share, gold=set(range(n_gold)))
    people = crowd(kinds, n_labels, seed, scene=scene, options=options)
    rng = np.random.default_rng([seed, 1])
    truth = rng.integers(n_labels, size=n_items)
    played = run(people, truth, rng, redundancy=redundancy, gold=np.arange(n_gold))
    return people, played, log_of(played, len(people), n_labels)


def log_of(played: Campaign, n_annotators: int, n_labels: int) -> AnswerLog:
    return AnswerLog(
        item=played.item,
        annotator=played.annotator,
        label=played.label,
        gold=np.where(played.gold, played.truth, -1),
        n_annotators=n_annotators,
        n_labels=n_labels,
        seconds=played.seconds,
    )
