"""Methods for one choice out of several labels, by name. Everything else asks here.

A method's module is imported when it is first made: the optimiser behind some of them takes longer
to load than a small file takes to aggregate.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module

from quality.inference.fit import TruthInference


def _make(module: str, name: str) -> TruthInference:
    made: TruthInference = getattr(import_module(f"quality.inference.{module}"), name)()
    return made


CHOICE_METHODS: dict[str, Callable[[], TruthInference]] = {
    "auto": partial(_make, "auto", "Auto"),
    "majority": partial(_make, "majority", "MajorityVote"),
    "wawa": partial(_make, "voting", "Wawa"),
    "zero-based-skill": partial(_make, "voting", "ZeroBasedSkill"),
    "dawid-skene": partial(_make, "dawid_skene", "DawidSkene"),
    "one-coin": partial(_make, "one_coin", "OneCoinDawidSkene"),
    "glad": partial(_make, "glad", "Glad"),
    "mace": partial(_make, "mace", "Mace"),
    "ibcc": partial(_make, "bcc", "BayesianClassifierCombination"),
}
