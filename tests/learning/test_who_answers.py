"""The pure loop with simulated arrivals: decision, belief and who may answer, together."""

import numpy as np

from learning.decision import Market, next_questions, who_may_answer
from quality.inference.answers import Answers
from quality.inference.belief import fit_belief
from quality.inference.people.peers import agreement

N_ITEMS, N_PEOPLE, N_BATCHES, BATCH = 240, 16, 20, 40


def skills():
    """A quarter of the people toss a coin."""
    return np.where(np.arange(N_PEOPLE) % 4 == 0, 0.5, 0.8)


class Campaign:
    """People come in random order; those who may not answer are turned away."""

    def __init__(self, seed, *, choosy):
        self.rng = np.random.default_rng(seed)
        self.truth = self.rng.integers(0, 2, N_ITEMS)
        self.said = {}  # (item, annotator): label
        self.choosy = choosy

    def answers(self):
        rows = np.array([(i, a, k) for (i, a), k in self.said.items()]).reshape(-1, 3)
        return Answers(rows[:, 0], rows[:, 1], rows[:, 2], N_ITEMS, N_PEOPLE, 2)

    def play(self):
        for _ in range(N_BATCHES):
            answers = self.answers()
            belief = fit_belief(answers)
            agreed = agreement(
                answers.item, answers.annotator, answers.label,
                n_items=N_ITEMS, n_annotators=N_PEOPLE, n_labels=2,
            )  # fmt: skip
            allowed = who_may_answer(agreed.right, agreed.judged, 2)
            people = np.flatnonzero(allowed) if self.choosy else np.arange(N_PEOPLE)
            sold = answers.votes_per_item()
            market = Market(
                belief.posterior.max(axis=1), sold, sold < 8, np.zeros(N_ITEMS), np.ones(N_ITEMS)
            )
            for item in next_questions(market, BATCH, self.rng).items:
                self.ask(int(item), people)
        return allowed, (fit_belief(self.answers()).posterior.argmax(axis=1) == self.truth).mean()

    def ask(self, item, people):
        person = next(a for a in self.rng.permutation(people) if (item, a) not in self.said)
        right = self.rng.random() < skills()[person]
        self.said[item, int(person)] = self.truth[item] if right else 1 - self.truth[item]


def test_turning_away_the_clearly_bad_buys_better_labels_for_the_same_money():
    choosy = [Campaign(seed, choosy=True).play() for seed in range(8)]
    open_to_all = [Campaign(seed, choosy=False).play() for seed in range(8)]
    gain = np.mean([c[1] for c in choosy]) - np.mean([o[1] for o in open_to_all])
    assert gain > 0.005
    turned_away = np.mean([~allowed for allowed, _ in choosy], axis=0)
    assert turned_away[skills() > 0.5].mean() < 0.05
    assert turned_away[skills() == 0.5].mean() > 0.4
