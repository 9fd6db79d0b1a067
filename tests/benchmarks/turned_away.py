"""Who gets no more questions by mistake (``turn_away`` of a plan), and what it brings.

    python tests/benchmarks/turned_away.py [--seeds 100]

Campaigns of 600 items, 20 people who come as often as it suits them, up to four answers an item, 1,800 answers
in all; everybody is judged after every 60 answers, in both directions. A quarter of the crowd guesses, 10 are
ordinary (right with .75 to .95), and one of each of five honest kinds is not ordinary:

    careful, slow   right with .95, comes a fifth as often as the others
    colour-blind    cannot tell two of the labels apart (with two labels: says one of them more often)
    expert, alone   right with .97 also on the tenth of the items where most people are drawn to one wrong label
    newcomer        right with .55 in the first 15 answers, with .9 afterwards
    just enough     right with the least that a manager would still call useful: .7

"Ever" is the share of campaigns in which the person was turned away at some point, "at the end" in which they
stayed so; the gain is that of the labels' accuracy against the same campaign where nobody is turned away.
"""

import argparse
from dataclasses import dataclass, field

import numpy as np

from learning.decision import who_may_answer
from quality.inference.answers import Answers
from quality.inference.belief import fit_belief
from quality.inference.people.peers import agreement

N_ITEMS, N_ANSWERS, LOOK, MOST = 600, 1800, 60, 4
KINDS = ["careful, slow", "colour-blind", "expert, alone", "newcomer", "just enough"]
N_ORDINARY, N_GUESSING = 10, 5
N_PEOPLE = len(KINDS) + N_ORDINARY + N_GUESSING
HARD, DRAWN = 0.1, 0.6


@dataclass
class Campaign:
    """``gold``: the share of items whose label is known beforehand."""

    seed: int
    n_labels: int
    gold: float
    choosy: bool
    said: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.seed, self.n_labels])
        self.truth = self.rng.integers(0, self.n_labels, N_ITEMS)
        self.decoy = (self.truth + self.rng.integers(1, self.n_labels, N_ITEMS)) % self.n_labels
        self.hard = self.rng.random(N_ITEMS) < HARD
        self.skill = np.concatenate([
            [0.95, 0.95, 0.97, 0.9, 0.7], self.rng.uniform(0.75, 0.95, N_ORDINARY), np.zeros(N_GUESSING)
        ])  # fmt: skip
        self.eager = np.concatenate([[0.2], np.ones(N_PEOPLE - 1)]) * self.rng.gamma(
            4, size=N_PEOPLE
        )
        self.ever = np.zeros(N_PEOPLE, dtype=bool)
        self.counts = np.zeros(N_PEOPLE, dtype=int)
        self.sold = np.zeros(N_ITEMS, dtype=int)

    def play(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Ever turned away [a], turned away at the end [a], accuracy of the labels."""
        allowed = np.ones(N_PEOPLE, dtype=bool)
        while len(self.said) < N_ANSWERS:
            for _ in range(LOOK):
                self.come(allowed)
            allowed = self.judge() if self.choosy else allowed
            self.ever |= ~allowed
        label = fit_belief(self.answers()).posterior.argmax(axis=1)
        return self.ever, ~allowed, float((label == self.truth).mean())

    def come(self, allowed: np.ndarray) -> None:
        share = self.eager * allowed
        person = int(self.rng.choice(N_PEOPLE, p=share / share.sum()))
        open_items = np.flatnonzero(self.sold < MOST)
        for item in self.rng.permutation(open_items)[:20].tolist():
            if (item, person) not in self.said:
                self.said[item, person] = self.says(item, person)
                self.sold[item] += 1
                self.counts[person] += 1
                return

    def says(self, item: int, person: int) -> int:
        right, kind = int(self.truth[item]), KINDS[person] if person < len(KINDS) else ""
        if person >= N_PEOPLE - N_GUESSING:
            return int(self.rng.integers(self.n_labels))
        if kind == "colour-blind" and right < 2:
            return int(
                self.rng.random() < (0.5 if self.n_labels > 2 else (0.85 if right else 0.35))
            )
        if self.hard[item] and kind != "expert, alone" and self.rng.random() < DRAWN:
            return int(self.decoy[item])
        skill = 0.55 if kind == "newcomer" and self.counts[person] < 15 else self.skill[person]
        if self.rng.random() < skill:
            return right
        return int((right + self.rng.integers(1, self.n_labels)) % self.n_labels)

    def answers(self) -> Answers:
        rows = np.array([(i, a, k) for (i, a), k in self.said.items()])
        return Answers(*rows.T, N_ITEMS, N_PEOPLE, self.n_labels)

    def judge(self) -> np.ndarray:
        given, known = self.answers(), np.full(N_ITEMS, -1)
        known[: int(self.gold * N_ITEMS)] = self.truth[: int(self.gold * N_ITEMS)]
        found = agreement(
            given.item, given.annotator, given.label,
            n_items=N_ITEMS, n_annotators=N_PEOPLE, n_labels=self.n_labels, gold=known,
        )  # fmt: skip
        return who_may_answer(found.right, found.judged, self.n_labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    n_seeds = parser.parse_args().seeds
    who = [*KINDS, "ordinary", "guessing"]
    print("| labels, gold | what | " + " | ".join(who) + " | gain of accuracy |")
    print("| --- " * (len(who) + 3) + "|")
    for n_labels, gold in ((2, 0.0), (2, 0.05), (4, 0.0), (4, 0.05)):
        plays = [Campaign(seed, n_labels, gold, choosy=True).play() for seed in range(n_seeds)]
        plain = [Campaign(seed, n_labels, gold, choosy=False).play()[2] for seed in range(n_seeds)]
        gains = np.array([play[2] for play in plays]) - plain
        gain = f"{gains.mean():+.4f} ({gains.std() / np.sqrt(n_seeds):.4f})"
        for number, what in enumerate(("ever", "at the end")):
            shares = by_kind(np.mean([play[number] for play in plays], axis=0))
            cells = " | ".join(f"{100 * share:.1f} %" for share in shares)
            print(
                f"| {n_labels}, {gold:.0%} | {what} | {cells} | {'' if number else gain} |",
                flush=True,
            )


def by_kind(shares: np.ndarray) -> list[float]:
    ordinary = shares[len(KINDS) : len(KINDS) + N_ORDINARY]
    return [*shares[: len(KINDS)], ordinary.mean(), shares[-N_GUESSING:].mean()]


if __name__ == "__main__":
    main()
