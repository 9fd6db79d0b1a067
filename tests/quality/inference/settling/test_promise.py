"""Is the platform's own word about its labels honest? Simulated projects, whose truth is known to us."""

from dataclasses import dataclass

import numpy as np
import pytest

from quality.inference.answers import Answers
from quality.inference.settling.expected import (
    Expected,
    Stratum,
    effective,
    over_strata,
    representative,
)
from quality.inference.settling.learning import Learned, learn
from quality.inference.settling.parameters import posterior
from quality.inference.settling.replay import Gold, outcome, replay
from quality.inference.settling.rule import Rule, Verdict
from quality.simulation import Scene, crowd

N_LABELS, N_GOLD, N_WORK = 4, 40, 150
RULE = Rule(1, 7, 0.95)


@dataclass
class Play:
    """A whole project: answers in order of arrival, settled by the rule, round by round."""

    kinds: dict[str, int]
    seed: int
    hard_share: float = 0.0

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        n = N_GOLD + N_WORK
        self.truth = rng.integers(N_LABELS, size=n)
        self.gold = np.where(np.arange(n) < N_GOLD, self.truth, -1)
        scene = Scene(seed=self.seed, hard_share=self.hard_share, gold=set(range(N_GOLD)))
        self.people = crowd(self.kinds, N_LABELS, self.seed, scene=scene)
        self.order = np.array([rng.permutation(len(self.people)) for _ in range(n)])
        self.rows: list[tuple[int, int, int]] = []
        self.open = np.arange(N_GOLD, n)
        self.settled = np.zeros(n, dtype=bool)
        for nth in range(RULE.votes_max):
            self._round(nth)

    def _round(self, nth: int) -> None:
        """One more answer to every open item, and to every gold item."""
        for i in [*range(N_GOLD), *self.open.tolist()]:
            a = int(self.order[i, nth])
            said = self.people[a].answer(int(self.truth[i]), i, len(self.rows))
            self.rows.append((i, a, said))
        self.learned = learn(self.votes(), self.gold)
        self.belief = posterior(self.learned.parameters, self.votes(), self.learned.confusion)
        counts = self.votes().votes_per_item()[self.open]
        verdicts = RULE.verdicts(counts, self.belief[self.open].max(axis=1))
        self.settled[self.open] = [v is Verdict.SETTLED for v in verdicts]
        self.open = self.open[[v is Verdict.MORE for v in verdicts]]

    def votes(self) -> Answers:
        table = np.array(self.rows, dtype=np.int64)
        return Answers(*table.T, len(self.truth), len(self.people), N_LABELS)

    def expected(self) -> Expected:
        """As the service states it: strata of work items, gold replayed for each."""
        gold, learned = Gold.of(self.votes(), self.gold), self.learned
        found = _replayed(learned, gold)
        work = np.arange(len(self.truth)) >= N_GOLD
        held, done = self.belief.max(axis=1), found.settled == 1
        return over_strata(
            [
                _stratum(held[work & self.settled], found.right[done]),
                _stratum(held[work & ~self.settled], found.right[~done]),
            ]
        )

    def accuracy(self) -> float:
        return float((self.belief.argmax(axis=1) == self.truth)[N_GOLD:].mean())


def _replayed(learned: Learned, gold: Gold):
    prefixes = replay(learned.parameters, learned.confusion, learned.counts, gold, None)
    return outcome(prefixes, gold, RULE, learned.parameters)


def _stratum(confidence: np.ndarray, right: np.ndarray) -> Stratum:
    centre = float(confidence.mean()) if confidence.size else 0.0
    return Stratum(confidence.size, centre, right.size, int(right.sum()))


PROJECTS = {
    "everybody is competent": ({"competent": 12}, 0.0),
    "a third guesses": ({"competent": 8, "random": 3, "one_label": 1}, 0.0),
    "hard items mislead all alike": ({"competent": 10, "random": 2}, 0.1),
}


def played(kinds: dict[str, int], hard_share: float, seeds: range) -> tuple[int, float]:
    """How many intervals cover the truth, and how far the values are above it on average."""
    covered, above = 0, []
    for seed in seeds:
        play = Play(kinds, seed, hard_share)
        promised, right = play.expected(), play.accuracy()
        covered += promised.low <= right <= promised.high
        above.append(promised.value - right)
    return covered, float(np.mean(above))


@pytest.mark.parametrize(("kinds", "hard_share"), PROJECTS.values(), ids=list(PROJECTS))
def test_the_interval_covers_the_truth_in_most_projects(kinds, hard_share):
    covered, above = played(kinds, hard_share, range(6))
    assert covered >= 5
    assert -0.05 < above < 0.04


@pytest.mark.nightly
@pytest.mark.parametrize(("kinds", "hard_share"), PROJECTS.values(), ids=list(PROJECTS))
def test_the_interval_covers_the_truth_in_nearly_all_projects(kinds, hard_share):
    """Not quite 95 %: by luck, forty gold items can all be easy ones."""
    covered, above = played(kinds, hard_share, range(40))
    assert covered >= 34
    assert -0.04 < above < 0.03  # rather too modest than too sure


def test_gold_that_contradicts_the_confidence_is_believed():
    """Stated .97, seen 60 of 80."""
    assert over_strata([Stratum(500, 0.97, 80, 60)]).value < 0.8


def test_gold_that_is_answered_wrongly_lowers_the_promise():
    right, wrong = (over_strata([Stratum(500, 0.98, 50, r)]) for r in (50, 40))
    assert wrong.value < right.value
    assert wrong.low < right.low


def test_without_gold_the_promise_is_wide():
    alone, tested = (over_strata([Stratum(500, 0.97, n, n)]) for n in (0, 200))
    assert alone.high - alone.low > tested.high - tested.low


def test_items_without_a_label_count_as_wrong():
    half = over_strata([Stratum(50, 0.98)], unlabeled=50)
    assert half.value == pytest.approx(over_strata([Stratum(50, 0.98)]).value / 2)
    assert half.high < 0.6


def test_nothing_to_judge_is_no_number():
    assert over_strata([Stratum(0, 0.0, 30, 30)]) == Expected(None, None, None, 0)


def test_gold_that_is_even_over_the_labels_speaks_for_work_that_is_not():
    """The rare label is the hard one, and half of the gold. Counted plainly, gold would deny the truth."""
    rng, shares, ability = np.random.default_rng(7), np.array([0.9, 0.1]), np.array([0.97, 0.6])
    truth = np.repeat([0, 1], 150)
    right = (rng.random(truth.size) < ability[truth]).astype(np.int64)
    among_work = float(shares @ ability)
    covered = []
    for weight in (representative(truth, shares), np.ones(truth.size)):
        n, n_right = effective(weight, right)
        told = over_strata([Stratum(5_000, among_work, n, n_right)])
        covered.append(told.low <= among_work <= told.high)
    assert covered == [True, False]


def test_even_work_leaves_gold_as_it_is():
    truth, right = np.array([0, 0, 1, 1]), np.array([1, 0, 1, 1])
    assert effective(representative(truth, np.array([0.5, 0.5])), right) == pytest.approx((4, 3))
    assert effective(np.array([]), np.array([], dtype=np.int64)) == (0.0, 0.0)
