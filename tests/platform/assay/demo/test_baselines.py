"""The plain alternatives: n answers an item, majority vote, by the same people."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from assay.demo.baselines import majority_baseline
from assay.demo.scene import Scene


@dataclass
class Says:
    """Somebody who answers from a list; None is skipped."""

    answers: Sequence[int | None]
    name: str = "somebody"
    kind: str = "scripted"
    honest: bool = True

    def answer(self, item: int, nth: int) -> int | None:
        return self.answers[item]


@dataclass
class Tires(Says):
    """Right for the first two answers, then always 1."""

    def answer(self, item: int, nth: int) -> int | None:
        return self.answers[item] if nth < 2 else 1


def scene(truth: Sequence[int], actors: Sequence[Says], **fields: object) -> Scene:
    values = {
        "title": "",
        "instructions": "",
        "labels": ["no", "yes", "maybe"],
        "external_ids": [str(n) for n in range(len(truth))],
        "truth": np.array(truth),
        "gold": np.array([], dtype=np.int64),
        "actors": actors,
        "fresh_actors": lambda: actors,
        "import_file": Path(),
        "gold_file": Path(),
        "gold_table": Path(),
        **fields,
    }
    return Scene(**values)  # type: ignore[arg-type]


def majority(made: Scene, n: int, seed: int = 0) -> dict[str, float | int]:
    return majority_baseline(made, made.actors, n, seed)


def test_three_answers_an_item_by_hand() -> None:
    """Item 0: 0 0 1 is right. Item 1: 1 1 1 is right. Item 2: 2 2 0 is wrong (truth 0)."""
    people = [Says([0, 1, 2]), Says([0, 1, 2]), Says([1, 1, 0])]
    assert majority(scene([0, 1, 0], people), 3) == {"answers": 9, "accuracy": 2 / 3}


def test_gold_is_neither_asked_nor_counted() -> None:
    people = [Says([0, 1, 2])] * 3
    made = scene([0, 1, 0], people, gold=np.array([2]))
    assert majority(made, 3) == {"answers": 6, "accuracy": 1.0}


def test_only_those_who_can_be_asked_are_asked_and_a_skip_costs_nothing() -> None:
    """Item 0 has one person, who is wrong; item 1 two, of whom one skips."""
    people = [Says([2, 1]), Says([0, None]), Says([0, 0])]
    made = scene([0, 1], people, eligible=[(0, 0), (1, 0), (1, 1)])
    assert majority(made, 3) == {"answers": 2, "accuracy": 0.5}


def test_nobody_answers_an_item_twice() -> None:
    assert majority(scene([0, 0], [Says([0, 0])] * 2), 5)["answers"] == 4


def test_people_change_with_the_number_of_their_own_answers() -> None:
    assert majority(scene([0] * 10, [Tires([0] * 10)]), 1)["accuracy"] == pytest.approx(0.2)


def test_ties_are_broken_evenly() -> None:
    made = scene([0] * 2000, [Says([0] * 2000), Says([1] * 2000)])
    assert majority(made, 2)["accuracy"] == pytest.approx(0.5, abs=0.05)
