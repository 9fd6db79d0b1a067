"""What is known about people after a fit, and the beliefs about items that follow from it at once.

A ``Lens`` is one model's view of everybody: tables and prior of its last EM iteration. ``Skills``
are the lenses of a method and what it does with their beliefs. ``update_posterior`` turns the
answers of touched items into beliefs in microseconds an item, without a refit. For the answers of
the fit itself the result is that of the fit, because both come from the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from quality.inference.answers import Floats, Ints
from quality.inference.confidence import soften, with_prior
from quality.inference.correction import Correction
from quality.inference.em import Expectation, Run, Tables, fixed
from quality.inference.look_alikes import blur
from quality.inference.votes import Votes


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """One model of the annotators. The last row of ``log_table[a, l, k]`` stands for newcomers."""

    log_table: Floats
    prior: Floats
    log_prior: Floats
    expectation: Expectation
    tables: Tables

    @classmethod
    def of(cls, run: Run) -> Lens:
        n_labels = len(run.prior)
        newcomer = run.tables.log_table(np.zeros((1, n_labels, n_labels)))
        table = np.concatenate([run.log_table, newcomer])
        return cls(table, run.prior, run.log_prior, run.expectation, run.tables)

    def widened(self, n_annotators: int) -> Lens:
        """The same for ``n_annotators`` people: those beyond the known ones are newcomers."""
        known = self.log_table[: min(n_annotators, len(self.log_table) - 1)]
        newcomers = np.repeat(self.log_table[-1:], n_annotators - len(known), axis=0)
        return replace(self, log_table=np.concatenate([known, newcomers]))

    def posterior(self, votes: Votes, gold: Ints) -> Floats:
        """[i, k]: beliefs from answers whose annotators are rows of ``log_table``."""
        return self.expectation.posterior(votes, gold, self.log_table, self.log_prior)


@dataclass(frozen=True, slots=True, eq=False)
class Skills:
    """The beliefs of ``lenses`` are averaged, softened by ``correlation``, corrected as gold says.

    ``moved[k, l]`` is what a belief in k leaves to a label l that looks like it. ``others`` are
    the lenses that the correction compares with; ``cap`` is the largest confidence that is ever
    stated about an item without gold.
    """

    lenses: tuple[Lens, ...]
    correlation: float | None = None
    moved: Floats | None = None
    others: tuple[Lens, ...] = ()
    correction: Correction | None = None
    cap: float = 1.0

    @property
    def n_annotators(self) -> int:
        return len(self.lenses[0].log_table) - 1

    @property
    def n_labels(self) -> int:
        return int(self.lenses[0].log_table.shape[2])

    def posterior(self, votes: Votes, gold: Ints) -> Floats:
        """[i, k]: as the method that learned these skills would state them."""
        belief = mean([lens.posterior(votes, gold) for lens in self.lenses])
        others = [lens.posterior(votes, gold) for lens in self.others]
        return self.finished(votes, gold, belief, others)

    def finished(self, votes: Votes, gold: Ints, belief: Floats, others: list[Floats]) -> Floats:
        """[i, k]: raw beliefs, softened and corrected; gold items stay certain."""
        if self.correlation is None:
            return belief
        belief, *others = self.softened(votes, [belief, *others])
        if self.correction is not None:
            belief = self.correction.apply(belief, others)
        return fixed(belief, gold)

    def softened(self, votes: Votes, beliefs: list[Floats]) -> list[Floats]:
        """The method's beliefs and those of others, as sure as correlated answers deserve."""
        n_answers = votes.tally.sum(axis=1)
        soft = [soften(belief, n_answers, self.correlation or 0.0) for belief in beliefs]
        own = with_prior(soft[0], mean([lens.prior for lens in self.lenses]))
        return [own if self.moved is None else blur(own, self.moved), *soft[1:]]


def mean(beliefs: list[Floats]) -> Floats:
    """The average of arrays of one shape."""
    total = beliefs[0].copy()
    for belief in beliefs[1:]:
        total += belief
    total /= len(beliefs)
    return total
