"""The whole loop on handwritten digits without a database: people, gold, settling, refits, a model.

    python tests/benchmarks/quality_loop.py --seeds 8
    python tests/benchmarks/quality_loop.py --seeds 12 --crowd unusual

The same numerical core as the service, so what is tuned here is tuned there. Three crowds of 25:

    demo      20 competent people (.80 to .95), three who answer at random, one who always gives the same
              digit, one who turns bad after 72 answers
    dishonest 17 competent people and eight dishonest ones of six kinds (32 %)
    unusual   22 honest people of about .80 (minority views, slow, hurried, behind one address) among two
              who answer at random and one who turns bad; every twentieth item misleads honest people

90 gold items, nine of each digit, mixed in as the claims of labeling do.
"""

import argparse
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from quality.inference.answers import Answers
from quality.inference.belief.sums import of_items
from quality.inference.gold_test import GoldTest
from quality.inference.settling.expected import Expected, Stratum, over_strata
from quality.inference.settling.learning import Learned, learn
from quality.inference.settling.notice import stretches
from quality.inference.settling.parameters import posterior, priors
from quality.inference.settling.replay import Gold, outcome, replay
from quality.inference.settling.rule import Rule
from quality.inference.settling.standing import belief_of_others
from quality.simulation import Person, Scene, crowd

DEMO = {"competent": 20, "random": 3, "one_label": 1, "turns_bad": 1}
UNUSUAL = {
    "competent": 8, "honest_minority": 4, "slow_reader": 3, "screen_reader": 3, "shared_address": 4,
    "random": 2, "turns_bad": 1,
}  # fmt: skip
DISHONEST = {
    "competent": 17, "random": 2, "one_label": 1, "turns_bad": 1, "too_fast": 1, "gold_aware": 1,
    "many_accounts": 2,
}  # fmt: skip
CROWDS = {"demo": DEMO, "unusual": UNUSUAL, "dishonest": DISHONEST}
RULE = Rule(1, 7, 0.95)
N_LABELS, GOLD_PER_CLASS, GOLD_SHARE, TURNS_AFTER = 10, 9, 0.08, 72
BATCH, FIRST_FIT, REFIT_AFTER, RETRAIN_AFTER, ROUND, FEW_OPEN = 50, 100, 150, 100, 150, 60


@dataclass
class World:
    """Everything that the service keeps in rows."""

    features: np.ndarray
    truth: np.ndarray
    gold: np.ndarray
    people: list[Person]
    rng: np.random.Generator
    rows: list[tuple[int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        n, a = len(self.truth), len(self.people)
        self.work = np.flatnonzero(self.gold < 0)
        self.seen = np.zeros((n, a), dtype=bool)
        self.state = np.full(n, "pool", dtype=object)
        self.belief = np.full((n, N_LABELS), 1 / N_LABELS)
        self.test = GoldTest(N_LABELS)
        self.tests = [self.test.start() for _ in range(a)]
        self.given, self.gold_given = np.zeros(a, dtype=int), np.zeros(a, dtype=int)
        self.paused: dict[int, int] = {}
        self.aside: dict[int, int] = {}  # person to the first of their answers that does not count
        self.voiced: np.ndarray | None = None
        self.learned: Learned | None = None
        self.models = self.labels_at_model = self.fitted_at = 0

    def votes(self) -> Answers:
        """Answers that count, in order of arrival."""
        nth, kept = np.zeros(len(self.people), dtype=int), []
        for i, a, said in self.rows:
            if nth[a] < self.aside.get(a, len(self.rows)):
                kept.append((i, a, said))
            nth[a] += 1
        table = np.array(kept, dtype=np.int64)
        return Answers(*table.T, len(self.truth), len(self.people), N_LABELS)

    def open_round(self) -> None:
        """The least certain of the pool, a tenth at random; all at random before there is a model."""
        pool = self.rng.permutation(self.work[self.state[self.work] == "pool"])
        chosen = pool[:ROUND]
        if self.voiced is not None and self.learned is not None:
            sure = priors(self.learned.parameters, self.voiced, len(self.truth))[pool].max(axis=1)
            order = pool[np.argsort(sure, kind="stable")]
            chosen = np.union1d(order[: ROUND * 9 // 10], pool[: ROUND // 10])
        self.state[chosen] = "open"

    def work_batch(self) -> np.ndarray:
        """People at random answer a batch; the work items that were touched."""
        free = self.rng.permutation(self.work[self.state[self.work] == "open"]).tolist()
        active = [a for a in range(len(self.people)) if a not in self.paused]
        touched = [self._next(int(self.rng.choice(active)), free) for _ in range(BATCH)]
        return np.unique([i for i in touched if i is not None and self.gold[i] < 0]).astype(int)

    def _next(self, a: int, free: list[int]) -> int | None:
        gold = np.flatnonzero((self.gold >= 0) & ~self.seen[:, a])
        if gold.size and self.rng.random() < gold_chance(int(self.given[a])):
            return self._answer(a, int(self.rng.choice(gold)))
        place = next((n for n, i in enumerate(free) if not self.seen[i, a]), None)
        return None if place is None else self._answer(a, free.pop(place))

    def _answer(self, a: int, i: int) -> int:
        said = self.people[a].answer(int(self.truth[i]), i, int(self.given[a]))
        self.rows.append((i, a, said))
        self.seen[i, a] = True
        self.given[a] += 1
        if self.gold[i] >= 0:
            self._score(a, said, int(self.gold[i]))
        return i

    def _score(self, a: int, said: int, known: int) -> None:
        self.gold_given[a] += 1
        self.tests[a] = self.test.observe(self.tests[a], said, self.test.certain(known))
        if self.test.verdict(self.tests[a]) == "fail":
            self._pause(a, 0)

    def _pause(self, a: int, start: int) -> None:
        if a not in self.paused:
            self.paused[a], self.aside[a] = int(self.given[a]), start

    def settle(self, items: np.ndarray) -> None:
        if self.learned is None or items.size == 0:
            return
        few = of_items(self.votes(), items)
        near = None if self.voiced is None else self.voiced[items]
        belief = posterior(self.learned.parameters, few, self.learned.confusion, near)
        self.belief[items] = belief
        verdicts = RULE.verdicts(few.votes_per_item(), belief.max(axis=1))
        self.state[items] = [verdict.value for verdict in verdicts]

    def refit(self) -> None:
        votes, self.fitted_at = self.votes(), len(self.rows)
        self.learned = learn(votes, self.gold, self.voiced, version=str(self.models))
        self._notice(votes, self.learned)
        self.settle(self.work[np.isin(self.state[self.work], ["open", "settled", "expert"])])

    def _notice(self, votes: Answers, learned: Learned) -> None:
        parameters, confusion = learned.parameters, learned.confusion
        others = belief_of_others(parameters, votes, confusion, self.voiced, self.gold)
        known = self.gold[votes.item] >= 0
        found = stretches(votes.annotator, votes.label, others, known, len(self.people))
        for a, stretch in enumerate(found):
            if stretch.noticed:
                self._pause(a, stretch.start)

    def retrain(self) -> None:
        have = self.work[self.state[self.work] == "settled"]
        self.labels_at_model = have.size
        x, y = self.features[have], self.belief[have].argmax(axis=1)
        if (np.bincount(y, minlength=N_LABELS) < 3).any():
            return
        model = LogisticRegression(C=0.5, max_iter=200).fit(x, y)
        self.voiced = model.predict_proba(self.features)
        self.voiced[have] = cross_val_predict(model, x, y, cv=3, method="predict_proba")
        self.models += 1
        self.refit()

    def expected(self) -> Expected:
        """As the service states it."""
        learned, record = self.learned, Gold.of(self.votes(), self.gold)
        assert learned is not None
        assert record is not None
        seen = replay(learned.parameters, learned.confusion, learned.counts, record, self.voiced)
        found = outcome(seen, record, RULE, learned.parameters)
        held, state = self.belief[self.work].max(axis=1), self.state[self.work]
        done, settled, pool = found.settled == 1, state == "settled", state == "pool"
        return over_strata(
            [_stratum(held[settled], found.right[done]), _stratum(held[~settled & ~pool], found.right[~done])],
            unlabeled=int(pool.sum()),
        )  # fmt: skip


def _stratum(confidence: np.ndarray, right: np.ndarray) -> Stratum:
    centre = float(confidence.mean()) if confidence.size else 0.0
    return Stratum(confidence.size, centre, right.size, int(right.sum()))


def gold_chance(claimed: int) -> float:
    """As the claims of labeling mix gold in: a third for newcomers, falling to the project's share."""
    beyond = max(claimed - 10, 0)
    return GOLD_SHARE + (1 / 3 - GOLD_SHARE) * 10 / (10 + 4 * beyond)


def set_up(seed: int, *, kinds: str) -> World:
    rng, digits = np.random.default_rng(seed), load_digits()
    order = rng.permutation(len(digits.target))
    features, truth = digits.data[order] / 16, digits.target[order]
    gold = np.full(truth.size, -1)
    for k in range(N_LABELS):
        gold[np.flatnonzero(truth == k)[:GOLD_PER_CLASS]] = k
    unusual = kinds == "unusual"
    hard = 0.05 if unusual else 0.0
    people = crowd(
        CROWDS[kinds],
        N_LABELS,
        seed,
        accuracy=(0.78, 0.82) if unusual else (0.80, 0.95),
        scene=Scene(seed=seed, hard_share=hard, gold=set(np.flatnonzero(gold >= 0).tolist())),
        options={"turns_bad": {"turns_after": TURNS_AFTER}},
    )
    return World(features, truth, gold, people, rng)


def play(world: World, target: float) -> str:
    """Until the promise is kept or everything is settled; which of them."""
    world.open_round()
    while True:
        touched = world.work_batch()
        world.settle(touched)
        if len(world.rows) - world.fitted_at >= (REFIT_AFTER if world.learned else FIRST_FIT):
            world.refit()
        if (world.state == "settled").sum() - world.labels_at_model >= RETRAIN_AFTER:
            world.retrain()
        if (world.state == "open").sum() < FEW_OPEN:
            world.open_round()
        if world.learned and (world.expected().value or 0.0) >= target:
            return "promise"
        if not np.isin(world.state[world.work], ["open", "pool"]).any():
            return "all settled"


def report(world: World, because: str) -> dict[str, Any]:
    right = world.belief.argmax(axis=1) == world.truth
    right &= world.state != "pool"
    expected, bad = world.expected(), [not person.honest for person in world.people]
    names = [f"{person.kind}{n}" for n, person in enumerate(world.people)]
    return {
        "because": because,
        "right": round(float(right[world.work].mean()), 4),
        "expected": [round(x or 0.0, 4) for x in (expected.value, expected.low, expected.high)],
        "answers": len(world.rows),
        "of five each": round(len(world.rows) / (5 * world.work.size), 3),
        "gold each": int(np.median(world.gold_given)),
        "missed": [name for n, name in enumerate(names) if bad[n] and n not in world.paused],
        "wrongly paused": [names[n] for n in world.paused if not bad[n]],
        "paused after": {names[n]: after for n, after in world.paused.items() if bad[n]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--target", type=float, default=0.999)
    parser.add_argument("--crowd", choices=list(CROWDS), default="demo")
    options = parser.parse_args()
    for seed in range(options.first, options.first + options.seeds):
        start, world = time.process_time(), set_up(seed, kinds=options.crowd)
        result = report(world, play(world, options.target))
        print(seed, result, f"{time.process_time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
