"""The whole loop on handwritten digits without a database: people, gold, settling, refits, a model.

    python tests/benchmarks/quality_loop.py --seeds 5

The same numerical core as the service, so what is tuned here is tuned there. 20 competent people
(.80 to .95), three who answer at random, one who always gives the same digit and one who turns bad
half way; about 90 gold items, nine of each digit.
"""

import argparse
import time
from dataclasses import dataclass, field

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from quality.inference.answers import Answers
from quality.inference.gold_test import GoldTest
from quality.inference.settling.expected import Stratum, over_strata
from quality.inference.settling.learning import Learned, learn
from quality.inference.settling.notice import stretches
from quality.inference.settling.parameters import posterior, priors
from quality.inference.settling.replay import Gold, outcome, replay
from quality.inference.settling.rule import Rule, Verdict
from quality.inference.settling.standing import belief_of_others
from quality.simulation import Scene, crowd

KINDS = {"competent": 20, "random": 3, "one_label": 1, "turns_bad": 1}
RULE = Rule(1, 7, 0.95)
GOLD_PER_CLASS, GOLD_SHARE = 9, 0.08
BATCH, REFIT_AFTER, RETRAIN_AFTER, ROUND = 50, 150, 100, 150


@dataclass
class World:
    """Everything that the service would keep in rows."""

    features: np.ndarray
    truth: np.ndarray
    gold: np.ndarray
    people: list
    rng: np.random.Generator
    target: float
    item: list[int] = field(default_factory=list)
    who: list[int] = field(default_factory=list)
    label: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        n, a = len(self.truth), len(self.people)
        self.work = np.flatnonzero(self.gold < 0)
        self.seen = np.zeros((n, a), dtype=bool)
        self.votes_of = np.zeros(n, dtype=int)
        self.state = np.full(n, "pool", dtype=object)
        self.label_now = np.full(n, -1)
        self.confidence = np.zeros(n)
        self.tests = [GoldTest(10).start() for _ in range(a)]
        self.test = GoldTest(10)
        self.paused: dict[int, int] = {}
        self.given = np.zeros(a, dtype=int)
        self.gold_given = np.zeros(a, dtype=int)
        self.voiced: np.ndarray | None = None
        self.models = 0
        self.learned: Learned | None = None
        self.labels_at_model = 0
        self.belief = np.full((n, 10), 0.1)

    def votes(self) -> Answers:
        arrays = (np.array(x, dtype=np.int64) for x in (self.item, self.who, self.label))
        return Answers(*arrays, len(self.truth), len(self.people), 10)

    # --- people -------------------------------------------------------------------------------
    def open_round(self) -> None:
        pool = np.array([i for i in self.work if self.state[i] == "pool"])
        if pool.size == 0:
            return
        if self.voiced is None or self.learned is None:
            chosen = self.rng.permutation(pool)[:ROUND]
        else:
            sure = priors(self.learned.parameters, self.voiced, len(self.truth))[pool].max(axis=1)
            order = pool[np.argsort(sure, kind="stable")]
            chosen = np.unique(
                np.r_[order[: int(0.9 * ROUND)], self.rng.permutation(pool)[: ROUND // 10]]
            )
        self.state[chosen] = "open"

    def answer(self, a: int, i: int) -> None:
        said = self.people[a].answer(int(self.truth[i]), int(i), int(self.given[a]))
        self.item.append(int(i)), self.who.append(a), self.label.append(said)
        self.seen[i, a] = True
        self.given[a] += 1
        self.votes_of[i] += 1
        if self.gold[i] >= 0:
            self.score(a, i, said)

    def score(self, a: int, i: int, said: int) -> None:
        self.gold_given[a] += 1
        belief = self.test.certain(int(self.gold[i]))
        self.tests[a] = self.test.observe(self.tests[a], said, belief)
        if self.test.verdict(self.tests[a]) == "fail" and a not in self.paused:
            self.paused[a] = int(self.given[a])

    def work_batch(self) -> list[int]:
        touched, free = [], [i for i in self.work if self.state[i] == "open"]
        self.rng.shuffle(free)
        active = [a for a in range(len(self.people)) if a not in self.paused]
        for _ in range(BATCH):
            a = int(self.rng.choice(active))
            unseen_gold = np.flatnonzero((self.gold >= 0) & ~self.seen[:, a])
            if unseen_gold.size and self.rng.random() < gold_chance(int(self.given[a])):
                self.answer(a, int(self.rng.choice(unseen_gold)))
                continue
            place = next((n for n, i in enumerate(free) if not self.seen[i, a]), None)
            if place is None:
                continue
            i = int(free.pop(place))
            self.answer(a, i)
            touched.append(i)
        return touched

    # --- settling -----------------------------------------------------------------------------
    def settle(self, items: np.ndarray) -> None:
        if self.learned is None or items.size == 0:
            return
        few = self.votes().of_items(items)
        voiced = None if self.voiced is None else self.voiced[items]
        belief = posterior(self.learned.parameters, few, self.learned.confusion, voiced)
        self.belief[items] = belief
        self.confidence[items], self.label_now[items] = belief.max(axis=1), belief.argmax(axis=1)
        for i, verdict in zip(items, RULE.verdicts(self.votes_of[items], belief.max(axis=1))):
            self.state[i] = {Verdict.SETTLED: "settled", Verdict.MORE: "open"}.get(
                verdict, "expert"
            )

    def refit(self) -> None:
        votes = self.votes()
        self.learned = learned = learn(votes, self.gold, self.voiced, version=str(self.models))
        belief = posterior(learned.parameters, votes, learned.confusion, self.voiced)
        others = belief_of_others(learned.parameters, votes, learned.confusion, belief, self.gold)
        known = self.gold[votes.item] >= 0
        found = stretches(votes.annotator, votes.label, others, known, len(self.people))
        for a, stretch in enumerate(found):
            if stretch.noticed and a not in self.paused:
                self.paused[a] = -int(self.given[a])
        self.settle(self.work[self.votes_of[self.work] > 0])

    def retrain(self) -> None:
        have = np.array([i for i in self.work if self.state[i] == "settled"])
        self.labels_at_model = have.size
        model = LogisticRegression(C=0.5, max_iter=200)
        x, y = self.features[have], self.label_now[have]
        counts = np.bincount(y, minlength=10)
        if (counts < 3).any():
            return
        model.fit(x, y)
        self.voiced = model.predict_proba(self.features)
        self.voiced[have] = cross_val_predict(model, x, y, cv=3, method="predict_proba")
        self.models += 1

    def expected(self):
        learned = self.learned
        record = Gold.of(self.votes(), self.gold)
        prefixes = replay(
            learned.parameters, learned.confusion, learned.counts, record, self.voiced
        )
        replayed = outcome(prefixes, record, RULE, learned.parameters.softening)
        settled = self.state[self.work] == "settled"
        pool = self.state[self.work] == "pool"
        rest = ~settled & ~pool
        alone = priors(learned.parameters, self.voiced, len(self.truth))[self.work].max(axis=1)
        rest &= self.votes_of[self.work] > 0
        pool = ~settled & ~rest
        conf = self.confidence[self.work]
        done = replayed.settled == 1
        voiced = self.voiced is not None
        return over_strata(
            [
                Stratum(
                    int(settled.sum()),
                    _mean(conf[settled]),
                    int(done.sum()),
                    int(replayed.right[done].sum()),
                ),
                Stratum(int(rest.sum()), _mean(conf[rest])),
                Stratum(
                    int(pool.sum()),
                    _mean(alone[pool]),
                    done.size * voiced,
                    int(replayed.alone.sum()) * voiced,
                ),
            ]
        )

    def labels(self) -> np.ndarray:
        label = self.label_now.copy()
        alone = priors(self.learned.parameters, self.voiced, len(self.truth)).argmax(axis=1)
        return np.where(self.votes_of > 0, label, alone)


def gold_chance(claimed: int) -> float:
    """As the claims of labeling mix gold in: a third for newcomers, falling to the project's share."""
    beyond = max(claimed - 10, 0)
    return GOLD_SHARE + (1 / 3 - GOLD_SHARE) * 10 / (10 + 4 * beyond)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else 0.0


UNUSUAL = {
    "competent": 8,
    "honest_minority": 4,
    "slow_reader": 3,
    "screen_reader": 3,
    "shared_address": 4,
    "random": 2,
    "turns_bad": 1,
}
HARD = {"accuracy": (0.78, 0.82)}  # everybody honest is just good enough


def play(seed: int, target: float, *, unusual: bool = False) -> dict:
    rng = np.random.default_rng(seed)
    digits = load_digits()
    order = rng.permutation(len(digits.target))
    features, truth = digits.data[order] / 16, digits.target[order]
    gold = np.full(truth.size, -1)
    for k in range(10):
        gold[np.flatnonzero(truth == k)[:GOLD_PER_CLASS]] = k
    options = {"turns_bad": {"turns_after": 72}}
    scene = Scene(
        seed=seed, hard_share=0.05 if unusual else 0.0, gold=set(np.flatnonzero(gold >= 0))
    )
    kinds = UNUSUAL if unusual else KINDS
    people = crowd(kinds, 10, seed, options=options, scene=scene, **(HARD if unusual else {}))
    world = World(features, truth, gold, people, rng, target)
    at_refit = 0
    because = ""
    world.open_round()
    while not because:
        touched = world.work_batch()
        if world.learned is None and len(world.item) >= 100:
            world.refit()
        world.settle(np.unique(np.array(touched, dtype=np.int64)))
        if len(world.item) - at_refit >= REFIT_AFTER:
            world.refit()
            at_refit = len(world.item)
        if (world.state == "settled").sum() - world.labels_at_model >= RETRAIN_AFTER:
            world.retrain()
            world.refit()
        if (world.state == "open").sum() < 60:
            world.open_round()
        if world.learned is not None and world.expected().value >= target:
            because = "promise"
        if not (np.isin(world.state[world.work], ["open", "pool"])).any():
            because = "all settled"
    world.refit()
    return report(world, because)


def report(world: World, because: str) -> dict:
    labels = world.labels()[world.work]
    right = labels == world.truth[world.work]
    settled = world.state[world.work] == "settled"
    expected = world.expected()
    kinds = [p.kind for p in world.people]
    bad = [a for a, person in enumerate(world.people) if not person.honest]
    return {
        "because": because,
        "accuracy": right.mean(),
        "settled": settled.mean(),
        "acc_settled": right[settled].mean(),
        "conf_settled": world.confidence[world.work][settled].mean(),
        "expected": expected.value,
        "low": expected.low,
        "high": expected.high,
        "answers": len(world.item),
        "share": len(world.item) / (5 * world.work.size),
        "softening": world.learned.parameters.softening,
        "weight": world.learned.parameters.weight,
        "missed": [kinds[a] for a in bad if a not in world.paused],
        "wrong": [kinds[a] for a in world.paused if a not in bad],
        "paused_after": {kinds[a] + str(a): n for a, n in world.paused.items()},
        "gold_each": int(np.median(world.gold_given)),
        "given": int(np.median(world.given)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--target", type=float, default=0.97)
    parser.add_argument("--unusual", action="store_true", help="honest people of accuracy .80")
    options = parser.parse_args()
    for seed in range(options.first, options.first + options.seeds):
        start = time.time()
        result = play(seed, options.target, unusual=options.unusual)
        print(
            seed,
            {k: round(v, 4) if isinstance(v, float) else v for k, v in result.items()},
            f"{time.time() - start:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
