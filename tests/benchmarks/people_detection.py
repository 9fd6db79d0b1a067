"""Who is caught, who is accused by mistake: every kind of person over many seeds.

``python tests/benchmarks/people_detection.py [SEEDS]`` (default 10, about two minutes) prints the
tables of docs/benchmarks.md as Markdown.
"""

# ruff: noqa: E402 (a script: it finds the repository first, and prints)

import sys
from collections import Counter, defaultdict
from pathlib import Path
from time import process_time

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from crowds import campaign
from quality.inference.answers import Answers
from quality.inference.auto import Auto
from quality.inference.camps import find_camps
from quality.inference.gold_test import GoldTest
from quality.inference.people.survey import AnswerLog, survey
from quality.inference.people.weights import answer_weights, position_of_person
from quality.simulation import KINDS
from quality.simulation.confusion import draw_confusion

PEOPLE = 4000  # simulated persons a row of the gold table
TURNS_AFTER = 70
GROUPED = {"colluder", "many_accounts", "language_model"}
SERIOUS = {"pause", "hold_pay", "ban_possible"}
DISHONEST = [name for name, kind in KINDS.items() if not kind.honest]
HONEST = [name for name, kind in KINDS.items() if kind.honest and name != "competent"]
ADVICE = ["none", "use_confusion", "more_gold", "lower_weight", "pause", "hold_pay", "ban_possible"]


def row(*cells: object) -> None:
    print("| " + " | ".join(map(str, cells)) + " |")


def head(*cells: str) -> None:
    row(*cells)
    row(*["---"] * len(cells))


def percent(share: float) -> str:
    return f"{100 * share:.2f} %" if share < 0.1 else f"{100 * share:.1f} %"


# --- gold -------------------------------------------------------------------------------------


def said_by(rng: np.random.Generator, kind: str, truth: np.ndarray, n_labels: int) -> np.ndarray:
    """[person, answer] of a kind given as ``random``, ``commonest`` or an accuracy."""
    if kind == "random":
        return rng.integers(n_labels, size=truth.shape)
    if kind == "commonest":
        return np.zeros_like(truth)
    said = np.empty_like(truth)
    for person, own in enumerate(truth):
        edge = np.cumsum(draw_confusion(rng, n_labels, float(kind)), axis=1)[own]
        said[person] = np.minimum((rng.random(own.size)[:, None] > edge).sum(1), n_labels - 1)
    return said


def failed_at(n_labels: int, said: np.ndarray, truth: np.ndarray) -> np.ndarray:
    n_people, n = truth.shape
    belief = np.eye(n_labels)[truth.ravel()]
    person = np.repeat(np.arange(n_people), n)
    states = GoldTest(n_labels).batch(person, said.ravel(), belief, n_people=n_people)
    return np.array([np.inf if s.failed_at is None else s.failed_at for s in states])


def gold_table() -> None:
    print("\n### Gold alone\n")
    head("labels", "commonest label", "person", "by 10", "by 20", "by 60", "by 200 gold answers")
    for n_labels in (2, 3, 4, 10):
        for common in sorted({1 / n_labels, 0.7}):
            prior = np.array([common, *[(1 - common) / (n_labels - 1)] * (n_labels - 1)])
            for kind in ("random", "commonest", "0.8", "0.9"):
                rng = np.random.default_rng([n_labels, round(100 * common)])
                truth = rng.choice(n_labels, size=(PEOPLE, 200), p=prior)
                at = failed_at(n_labels, said_by(rng, kind, truth, n_labels), truth)
                row(
                    n_labels,
                    f"{common:.0%}",
                    kind,
                    *(percent(np.mean(at <= t)) for t in (10, 20, 60, 200)),
                )


# --- all evidence -----------------------------------------------------------------------------


def crowd_of(kind: str) -> dict[str, int]:
    """Twenty competent people and some of the kind; a third of the crowd for honest minorities."""
    return {"competent": 20, kind: 3 if kind in GROUPED else 4 if kind == "honest_minority" else 2}


def surveyed(kind: str, n_labels: int, seed: int):
    options = {"turns_bad": {"turns_after": TURNS_AFTER}}
    people, _, log = campaign(crowd_of(kind), n_labels=n_labels, seed=seed, options=options)
    return people, survey(log, np.random.default_rng(seed))


def evidence_table(n_labels: int, seeds: int) -> None:
    proposals: dict[str, Counter[str]] = defaultdict(Counter)
    raised: dict[str, Counter[str]] = defaultdict(Counter)
    located = []
    for kind in DISHONEST + HONEST:
        for seed in range(seeds):
            people, seen = surveyed(kind, n_labels, seed)
            for person, evidence, standing in zip(
                people, seen.evidence, seen.standing, strict=True
            ):
                proposals[person.kind][standing.proposal] += 1
                raised[person.kind].update(e.kind for e in evidence if e.raised)
                if person.kind == "turns_bad" and standing.start is not None:
                    located.append(abs(standing.start - TURNS_AFTER))
    print(f"\n### All evidence, {n_labels} labels\n")
    head("kind", "people", *ADVICE, "evidence raised")
    for kind in [*DISHONEST, "competent", *HONEST]:
        total = proposals[kind].total()
        shares = (percent(proposals[kind][a] / total) for a in ADVICE)
        found = ", ".join(
            f"{k} {n / total:.0%}" for k, n in raised[kind].most_common() if n / total >= 0.05
        )
        row(kind, total, *shares, found)
    if located:
        near = np.mean(np.array(located) <= 10)
        print(
            f"\nWhere `turns_bad` turned (answer {TURNS_AFTER}): named for {len(located)} people, "
            f"median error {np.median(located):.0f} answers, within 10 for {near:.0%}."
        )


# --- labels -----------------------------------------------------------------------------------

CROWD_30 = {
    "competent": 21,
    "random": 2,
    "one_label": 1,
    "turns_bad": 1,
    "too_fast": 1,
    "gold_aware": 1,
    "colluder": 3,
}
COLLUDERS_30 = {"competent": 14, "colluder": 6}


def bad_answers(people, log) -> np.ndarray:
    """What an oracle sets aside: all of the dishonest, but only the later ones of `turns_bad`."""
    dishonest = np.array([not p.honest for p in people])[log.annotator]
    turner = np.array([p.kind == "turns_bad" for p in people])[log.annotator]
    return dishonest & ~(turner & (position_of_person(log.annotator) < TURNS_AFTER))


def label_accuracy(log, truth: np.ndarray, weight: np.ndarray) -> float:
    answers = Answers(
        log.item, log.annotator, log.label, log.n_items, log.n_annotators, log.n_labels, weight
    )
    fit = Auto().fit(answers, gold=log.gold)
    judged = log.gold < 0
    return float(np.mean(fit.label_[judged] == truth[judged]))


def label_table(seeds: int) -> None:
    print("\n### Labels with 30 % dishonest people\n")
    head("crowd", "labels", "all answers", "as surveyed", "oracle", "gap to the oracle", "worst")
    options = {"turns_bad": {"turns_after": TURNS_AFTER}}
    for name, kinds in (("mixed", CROWD_30), ("one colluding group", COLLUDERS_30)):
        for n_labels in (2, 4):
            found = []
            for seed in range(seeds):
                people, played, log = campaign(kinds, n_labels=n_labels, seed=seed, options=options)
                weights = (
                    np.ones(log.item.size),
                    answer_weights(log, survey(log, np.random.default_rng(seed))),
                    np.where(bad_answers(people, log), 0.0, 1.0),
                )
                found.append([label_accuracy(log, played.truth, w) for w in weights])
            every, ours, oracle = np.mean(found, axis=0)
            worst = max(f[2] - f[1] for f in found)
            row(name, n_labels, *(f"{x:.3f}" for x in (every, ours, oracle, oracle - ours, worst)))


# --- camps ------------------------------------------------------------------------------------


def camps_table(seeds: int) -> None:
    print("\n### Two camps\n")
    head("crowd of 20", "labels", "flagged", "members named rightly, where flagged")
    crowds = (
        {"competent": 20},
        {"competent": 14, "random": 6},
        {"competent": 16, "colluder": 4},
        {"competent": 13, "colluder": 7},
        {"competent": 11, "colluder": 9},
        {"competent": 12, "honest_minority": 8},
    )
    for kinds in crowds:
        for n_labels in (2, 4):
            flagged, right = [], []
            for seed in range(seeds):
                people, _, log = campaign(
                    kinds, n_labels=n_labels, seed=seed, n_items=300, n_gold=0
                )
                found = find_camps(
                    log.item,
                    log.annotator,
                    log.label,
                    np.random.default_rng(seed),
                    n_annotators=len(people),
                    n_labels=n_labels,
                )
                flagged.append(found.flagged)
                if found.flagged:
                    other = np.array([p.kind != "competent" for p in people])
                    right.append(np.mean(found.camp == other))
            named = f"{np.mean(right):.1%}" if right else ""
            words = ", ".join(f"{n} {kind}" for kind, n in kinds.items())
            row(words, n_labels, percent(np.mean(flagged)), named)


# --- speed ------------------------------------------------------------------------------------


def speed_table() -> None:
    """Answers of an even crowd; what counts is how time grows with them."""
    print("\n### Time of a survey\n")
    head("answers", "people", "items", "CPU seconds", "microseconds an answer")
    for n_answers in (10_000, 100_000, 1_000_000):
        rng = np.random.default_rng(0)
        n_items, n_people = n_answers // 5, max(n_answers // 200, 10)
        truth = rng.integers(4, size=n_items)
        item = np.repeat(np.arange(n_items), 5)
        annotator = rng.integers(n_people, size=n_answers)
        label = np.where(rng.random(n_answers) < 0.85, truth[item], rng.integers(4, size=n_answers))
        order = rng.permutation(n_answers)
        gold = np.where(np.arange(n_items) < n_items // 20, truth, -1)
        log = AnswerLog(
            item[order],
            annotator[order],
            label[order],
            gold,
            n_people,
            4,
            rng.lognormal(2, 0.5, n_answers),
        )
        begun = process_time()
        survey(log, rng)
        took = process_time() - begun
        sizes = (f"{n:,}" for n in (n_answers, n_people, n_items))
        row(*sizes, f"{took:.2f}", f"{took / n_answers * 1e6:.1f}")


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    gold_table()
    for n_labels in (4, 2):
        evidence_table(n_labels, seeds)
    label_table(seeds)
    camps_table(seeds)
    speed_table()


if __name__ == "__main__":
    main()
