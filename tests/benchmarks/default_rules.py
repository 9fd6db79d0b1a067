"""What the default rules of the service do to every kind of person, over seeds.

    python tests/benchmarks/default_rules.py [SEEDS]        # default 5; prints the tables of docs/benchmarks.md

A crowd of twenty competent people (accuracy .80 to .95) and some of one kind, 600 items with five answers each
and 40 gold items that everybody answers. The survey and the rule book are those of the service
(`quality.rules`); "paused" counts people whom a rule would pause. For people who turn bad, the answer at which
they would first be paused is found by looking again after every tenth of the answers, as the service does.
"""

# ruff: noqa: E402 (a script: it finds the repository first, and prints)

import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from crowds import campaign
from quality.inference.people.survey import AnswerLog
from quality.rules.book import ACTIONS, DEFAULTS
from quality.rules.gathering import look_around
from quality.rules.matching import matches
from quality.simulation import KINDS

TURNS_AFTER = 70
GROUPED = {"colluder", "many_accounts", "language_model"}
DISHONEST = [name for name, kind in KINDS.items() if not kind.honest]
HONEST = [name for name, kind in KINDS.items() if kind.honest and name != "competent"]
OPTIONS = {"turns_bad": {"turns_after": TURNS_AFTER}}


def row(*cells: object) -> None:
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def head(*cells: str) -> None:
    row(*cells)
    row(*["---"] * len(cells))


def share(n: int, of: int) -> str:
    return f"{100 * n / of:.0f} %" if n in (0, of) else f"{100 * n / of:.1f} %"


def crowd_of(kind: str) -> dict[str, int]:
    return {"competent": 20, kind: 3 if kind in GROUPED else 4 if kind == "honest_minority" else 2}


def actions_for(log: AnswerLog, seed: int) -> list[Counter]:
    """[person]: what the default rules would do, and the first rule that would pause them."""
    found = []
    for known in look_around(log, np.random.default_rng(seed)).profiles:
        met = list(matches(DEFAULTS, known))
        actions = Counter({action: 1 for match in met for action in match.actions})
        pausing = [match.rule.evidence for match in met if "pause" in match.actions]
        if pausing:
            actions[f"by {pausing[0]}"] = 1
        found.append(actions)
    return found


def table(n_labels: int, seeds: int) -> None:
    done: dict[str, Counter] = defaultdict(Counter)
    people_of: Counter = Counter()
    for kind in DISHONEST + HONEST:
        for seed in range(seeds):
            people, _, log = campaign(crowd_of(kind), n_labels=n_labels, seed=seed, options=OPTIONS)
            for person, actions in zip(people, actions_for(log, seed), strict=True):
                people_of[person.kind] += 1
                done[person.kind].update(actions)
                done[person.kind]["nothing"] += not actions
    print(f"\n### {n_labels} labels\n")
    head("kind", "people", *ACTIONS, "nothing", "paused by")
    for kind in [*DISHONEST, "competent", *HONEST]:
        total, seen = people_of[kind], done[kind]
        by = ", ".join(f"{k[3:]} {n}" for k, n in seen.most_common() if k.startswith("by "))
        row(kind, total, *(share(seen[a], total) for a in (*ACTIONS, "nothing")), by)


def until(log: AnswerLog, n: int) -> AnswerLog:
    return AnswerLog(
        log.item[:n], log.annotator[:n], log.label[:n], log.gold, log.n_annotators, log.n_labels,
        None if log.seconds is None else log.seconds[:n],
    )  # fmt: skip


def turning(n_labels: int, seeds: int) -> None:
    """How many answers somebody who turns bad gives until a look would pause them."""
    after, people_seen = [], 0
    for seed in range(seeds):
        people, _, log = campaign(
            {"competent": 20, "turns_bad": 2}, n_labels=n_labels, seed=seed, options=OPTIONS
        )
        bad = [a for a, person in enumerate(people) if person.kind == "turns_bad"]
        people_seen += len(bad)
        waiting = set(bad)
        for n in np.linspace(log.item.size / 10, log.item.size, 10).astype(int):
            part = until(log, n)
            for a, actions in enumerate(actions_for(part, seed)):
                if a in waiting and actions["pause"]:
                    waiting.discard(a)
                    after.append(int((part.annotator == a).sum()) - TURNS_AFTER)
    early = [n for n in after if n < 0]
    middle = f"{np.median(after):.0f}" if after else ""
    row(n_labels, people_seen, share(len(after), people_seen), middle, len(early))


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for n_labels in (4, 2):
        table(n_labels, seeds)
    print("\n### Who turns bad after 70 answers\n")
    head("labels", "people", "paused", "bad answers until then (median)", "paused before turning")
    for n_labels in (10, 4, 2):
        turning(n_labels, seeds)


if __name__ == "__main__":
    main()
