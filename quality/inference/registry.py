"""Methods for one choice out of several labels, by name. Everything else asks here."""

from __future__ import annotations

from collections.abc import Callable

from quality.inference.auto import Auto
from quality.inference.dawid_skene import DawidSkene
from quality.inference.fit import TruthInference
from quality.inference.majority import MajorityVote
from quality.inference.one_coin import OneCoinDawidSkene

CHOICE_METHODS: dict[str, Callable[[], TruthInference]] = {
    "auto": Auto,
    "majority": MajorityVote,
    "dawid-skene": DawidSkene,
    "one-coin": OneCoinDawidSkene,
}
