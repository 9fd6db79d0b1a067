"""Pairwise comparisons: Bradley and Terry (1952) with people of different ability, and ties.

    z[r]            ability[a] (score[left] - score[right]) + side[a]
    P(left wins)    logistic(z - threshold)
    P(right wins)   logistic(-z - threshold)
    P(tie)          the rest; threshold 0 when nobody ever answers a tie

Ability is a factor on the difference, as in item response theory: it is 1 for the typical person,
near 0 for one who guesses. Ties are the middle class of an ordered logit (Rao and Kupper, 1967).
``side`` is a habit of picking the left (or right) one whatever is shown (NoisyBT of Chen,
Bennett, Collins-Thompson, Horvitz: Pairwise ranking aggregation in a crowdsourced setting, WSDM
2013, has both a quality and a side for each person).

Scores, log abilities and sides have normal priors about 0. The joint posterior mode is found by
L-BFGS; the width of the scores' and of the sides' prior is learned between the rounds.

Gold is what is known about some pairs. It enters as the comparisons of one more person, a judge
whose ability is fixed at ``JUDGE`` times the typical one, without a side: scores then bear it out
unless gold contradicts itself, and people are measured against these scores.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy.special import expit, ndtr

from quality.inference.comparisons import LEFT, RIGHT, TIE, Comparisons, outcome_likelihood
from quality.inference.evidence import Reliability, design_effect
from quality.inference.typed_answers import Floats, Ints, sums

JUDGE = 5.0  # a pair one typical difference apart is then sure to 99 %
REFERENCES = 200  # pairs, and opponents, that stand for all of them: keeps the work linear


@dataclass(frozen=True, slots=True, eq=False)
class _Parameters:
    score: Floats
    log_ability: Floats
    side: Floats
    log_threshold: float

    def packed(self) -> Floats:
        return np.concatenate([self.score, self.log_ability, self.side, [self.log_threshold]])

    def with_judges(self, judges: int) -> _Parameters:
        """The same with so many judges behind the people."""
        log_ability = np.concatenate([self.log_ability, np.full(judges, np.log(JUDGE))])
        side = np.concatenate([self.side, np.zeros(judges)])
        return replace(self, log_ability=log_ability, side=side)

    def of_people(self, people: slice) -> _Parameters:
        return replace(self, log_ability=self.log_ability[people], side=self.side[people])


@dataclass(frozen=True, slots=True)
class _Widths:
    """Standard deviations of the normal priors; the last ``judges`` people are fixed."""

    score: float
    ability: float
    side: float
    judges: int = 0

    def people(self, answers: Comparisons) -> slice:
        """All annotators but the judges."""
        return slice(answers.n_annotators - self.judges)


class PairwiseConsensus:
    """Scores of compared things, with confidence, and the ability of people.

    ability_width   standard deviation of the log of ability in the crowd. 0.5: two people in
                    three lie between 0.6 and 1.65 times the typical ability. It is fixed, not
                    learned: the comparisons of one person hang together (a ranking unrolled is
                    consistent by construction), which looks like ability and would widen it
    rounds          how often the other two widths are learned anew
    max_iterations  of L-BFGS in each round; ``converged_`` is False when the last one hit it

    After ``fit``: ``value_[i]`` (score, larger is better, mean about 0), ``sd_[i]``,
    ``confidence_[i]`` (expected share of other things that stand on the right side of this one;
    0 for a thing never shown), ``ability_[a]``, ``side_[a]``, ``threshold_`` and
    ``reliability_``: P(picks the better one), over the same typical pairs for everybody.
    """

    def __init__(
        self, *, ability_width: float = 0.5, rounds: int = 5, max_iterations: int = 200
    ) -> None:
        self.ability_width = ability_width
        self.rounds = rounds
        self.max_iterations = max_iterations

    def fit(self, answers: Comparisons, gold: Comparisons | None = None) -> Self:
        """Defined for no comparisons too: every score is 0 with confidence 0.

        ``gold`` are comparisons of the same things with their known outcome; who is named as
        their annotator does not matter. ValueError when they are of another number of things.
        """
        with_judge = answers if gold is None else _with_judge(answers, gold)
        parameters, widths = self._search(
            with_judge, with_judge.n_annotators - answers.n_annotators
        )
        self._publish(with_judge, parameters, widths)
        return self

    def preference(self, left: Ints, right: Ints) -> Floats:
        """P(the typical person prefers ``left``), a tie counting half, for codes of things."""
        difference = self.value_[left] - self.value_[right]
        above, below = expit(difference - self.threshold_), expit(-difference - self.threshold_)
        preferred: Floats = 0.5 * (1.0 + above - below)
        return preferred

    def _search(self, answers: Comparisons, judges: int) -> tuple[_Parameters, _Widths]:
        widths = _Widths(score=1.5, ability=self.ability_width, side=0.3, judges=judges)
        people = np.zeros(answers.n_annotators - judges)
        start = _Parameters(np.zeros(answers.n_things), people, people, -1.0)
        parameters = start.with_judges(judges)
        self.iterations_, self.converged_ = 0, True
        for _ in range(self.rounds if answers.outcome.size else 0):
            parameters = self._mode(answers, parameters, widths)
            before, widths = widths, _learned_widths(answers, parameters, widths)
            if _settled(before, widths):
                break
        return parameters, widths

    def _mode(self, answers: Comparisons, start: _Parameters, widths: _Widths) -> _Parameters:
        from scipy.optimize import minimize  # slow to import, and seldom needed

        found = minimize(
            _objective,
            start.of_people(widths.people(answers)).packed(),
            args=(answers, widths),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": self.max_iterations, "ftol": 1e-8},
        )
        self.iterations_ += int(found.nit)
        self.converged_ = int(found.nit) < self.max_iterations
        return _unpacked(found.x, answers, widths.judges)

    def _publish(self, answers: Comparisons, parameters: _Parameters, widths: _Widths) -> None:
        score_info, ability_info, _ = _information(answers, parameters)
        shown = answers.per_thing()
        self.value_ = parameters.score
        variance = 1.0 / (score_info + widths.score**-2)
        self.sd_ = np.sqrt(variance * design_effect(shown))
        self.confidence_ = np.where(shown > 0, _right_side(self.value_, self.sd_), 0.0)
        people = widths.people(answers)
        self.ability_ = np.exp(parameters.log_ability[people])
        self.side_ = parameters.side[people]
        self.threshold_ = _threshold(parameters, answers)
        sd = 1.0 / np.sqrt(ability_info[people] + widths.ability**-2)
        self.reliability_ = _reliability(answers, parameters, people, sd)


def _with_judge(answers: Comparisons, gold: Comparisons) -> Comparisons:
    """The same comparisons and those of the judge, who is the last person."""
    if not isinstance(gold, Comparisons):
        raise ValueError(f"gold must be Comparisons, not {type(gold).__name__}")
    if gold.n_things != answers.n_things:
        raise ValueError(f"gold has {gold.n_things} things, answers have {answers.n_things}")
    judge = np.full_like(gold.annotator, answers.n_annotators)
    return Comparisons(
        np.concatenate([answers.left, gold.left]),
        np.concatenate([answers.right, gold.right]),
        np.concatenate([answers.annotator, judge]),
        np.concatenate([answers.outcome, gold.outcome]),
        answers.n_things,
        answers.n_annotators + 1,
    )


def _unpacked(packed: Floats, answers: Comparisons, judges: int) -> _Parameters:
    things, people = answers.n_things, answers.n_annotators - judges
    score, ability, side, threshold = np.split(packed, [things, things + people, len(packed) - 1])
    return _Parameters(score, ability, side, float(threshold[0])).with_judges(judges)


def _threshold(parameters: _Parameters, answers: Comparisons) -> float:
    has_ties = bool((answers.outcome == TIE).any())
    return float(np.exp(parameters.log_threshold)) if has_ties else 0.0


def _objective(packed: Floats, answers: Comparisons, widths: _Widths) -> tuple[float, Floats]:
    """Negative log posterior and its gradient, up to constants."""
    parameters = _unpacked(packed, answers, widths.judges)
    ability = np.exp(parameters.log_ability)[answers.annotator]
    gap = parameters.score[answers.left] - parameters.score[answers.right]
    z = ability * gap + parameters.side[answers.annotator]
    log_likelihood, by_z, by_threshold = outcome_likelihood(
        z, answers, _threshold(parameters, answers)
    )
    gradient = _gradient(parameters, answers, by_z, ability, gap, by_threshold)
    climb = gradient.of_people(widths.people(answers)).packed()
    spread = _prior_spread(answers, widths)
    penalty = 0.5 * float(np.sum((packed / spread) ** 2))
    return penalty - log_likelihood, packed / spread**2 - climb


def _gradient(
    parameters: _Parameters,
    answers: Comparisons,
    by_z: Floats,
    ability: Floats,
    gap: Floats,
    by_threshold: float,
) -> _Parameters:
    pull = by_z * ability
    score = sums(answers.left, pull, answers.n_things)
    score = score - sums(answers.right, pull, answers.n_things)
    log_ability = sums(answers.annotator, pull * gap, answers.n_annotators)
    side = sums(answers.annotator, by_z, answers.n_annotators)
    threshold = by_threshold * _threshold(parameters, answers)
    return _Parameters(score, log_ability, side, threshold)


def _prior_spread(answers: Comparisons, widths: _Widths) -> Floats:
    people = answers.n_annotators - widths.judges
    return np.concatenate(
        [
            np.full(answers.n_things, widths.score),
            np.full(people, widths.ability),
            np.full(people, widths.side),
            np.array([2.0]),  # log threshold: wide, only keeps it finite
        ]
    )


def _information(answers: Comparisons, parameters: _Parameters) -> tuple[Floats, Floats, Floats]:
    """Diagonal of the observed information about scores, log abilities and sides."""
    ability = np.exp(parameters.log_ability)[answers.annotator]
    gap = parameters.score[answers.left] - parameters.score[answers.right]
    z = ability * gap + parameters.side[answers.annotator]
    threshold = _threshold(parameters, answers)
    below, above = expit(z - threshold), expit(z + threshold)
    at_left, at_right = below * (1.0 - below), above * (1.0 - above)
    curve = np.where(answers.outcome == RIGHT, 0.0, at_left)
    curve = np.where(answers.outcome == LEFT, at_left, curve + at_right)
    both = curve * ability**2
    score = sums(answers.left, both, answers.n_things)
    score = score + sums(answers.right, both, answers.n_things)
    log_ability = sums(answers.annotator, curve * (ability * gap) ** 2, answers.n_annotators)
    return score, log_ability, sums(answers.annotator, curve, answers.n_annotators)


def _learned_widths(answers: Comparisons, parameters: _Parameters, widths: _Widths) -> _Widths:
    score_info, _, side_info = _information(answers, parameters)
    score = _width(parameters.score, score_info, widths.score)
    people = widths.people(answers)
    side = _width(parameters.side[people], side_info[people], widths.side)
    return replace(widths, score=score, side=side)


def _settled(before: _Widths, after: _Widths) -> bool:
    """Whether neither learned width moved by more than a twentieth: no order depends on less."""
    pairs = ((before.score, after.score), (before.side, after.side))
    return all(abs(new - old) <= 0.05 * old for old, new in pairs)


def _width(mode: Floats, information: Floats, width: float) -> float:
    """One EM step for the standard deviation of a normal prior, kept within sane bounds."""
    if not mode.size:
        return width
    square = mode**2 + 1.0 / (information + width**-2)
    return float(np.clip(np.sqrt(square.mean()), 0.05, 10.0))


def _right_side(score: Floats, sd: Floats) -> Floats:
    """[i]: mean over opponents of P(the two are in the right order).

    At most REFERENCES opponents, evenly spaced in rank, stand for all.
    """
    if score.size < 2:
        return np.ones(score.size)
    order = np.argsort(score, kind="stable")
    chosen = np.linspace(0, score.size - 1, min(score.size, REFERENCES)).astype(np.int64)
    total, seen = np.zeros(score.size), np.zeros(score.size)
    for other in order[chosen]:
        apart = np.abs(score - score[other]) / np.sqrt(sd**2 + sd[other] ** 2)
        others = np.arange(score.size) != other
        total += np.where(others, ndtr(apart), 0.0)
        seen += others
    return total / seen


def _reliability(
    answers: Comparisons, parameters: _Parameters, people: slice, sd: Floats
) -> Reliability:
    gaps = np.abs(parameters.score[answers.left] - parameters.score[answers.right])
    levels = (np.arange(REFERENCES) + 0.5) / REFERENCES
    typical = np.quantile(gaps, levels) if gaps.size else np.zeros(1)
    log_ability = parameters.log_ability[people]
    at = [_picks_better(log_ability + k * sd, typical) for k in (0.0, -1.96, 1.96)]
    return Reliability(*at)


def _picks_better(log_ability: Floats, typical: Floats) -> Floats:
    """[a]: mean over typical differences; a loop over people keeps memory linear."""
    ability = np.exp(log_ability)
    return np.array([float(expit(a * typical).mean()) for a in ability])
