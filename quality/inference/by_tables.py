"""What the methods share that are EM over one table for each annotator and nothing else.

Dawid-Skene, one-coin, MACE and iBCC differ in their table, in their priors and in how the class
prior enters; the rest is here.
"""

from __future__ import annotations

from typing import ClassVar

from quality.inference.answers import Answers, Floats, Ints
from quality.inference.build import build_fit
from quality.inference.em import Tables, maximise
from quality.inference.fit import Fit, TruthInference
from quality.inference.start import start_from
from quality.inference.votes import Votes


class ByTables(TruthInference):
    """EM with ``tables`` from the vote shares (or a warm start) until beliefs settle."""

    prior_power: ClassVar[float] = 1.0  # of the class prior; 0 makes it uniform

    def __init__(
        self, tables: Tables, *, max_iterations: int, tolerance: float, pseudo_items: float = 1.0
    ) -> None:
        self.tables = tables
        self.max_iterations = max_iterations
        self.tolerance = tolerance
        self.pseudo_items = pseudo_items

    def _infer(self, answers: Answers, gold: Ints, warm_start: Fit | None) -> Fit:
        votes = Votes(answers)
        run = maximise(
            votes,
            gold,
            self.tables,
            start=start_from(votes, warm_start).posterior,
            max_iterations=self.max_iterations,
            tolerance=self.tolerance,
            prior_power=self.prior_power,
            pseudo_items=self.pseudo_items,
        )
        return build_fit(votes, gold, run)


class GivenTables:
    """Tables whose priors are given: people have nothing in common to learn."""

    def learn(self, _counts: Floats, _step: int, /) -> None:
        """Nothing."""


class Smoothed(GivenTables):
    """Shares after ``smoothing`` more answers of each kind.

    A trace keeps logarithms finite and the estimate that of maximum likelihood; 0.5 or more helps
    people with few answers. ValueError for none: a single answer could forbid a label.
    """

    def __init__(self, smoothing: float) -> None:
        if smoothing <= 0:
            raise ValueError("smoothing must be above 0, or a single answer could forbid a label")
        self.smoothing = smoothing
