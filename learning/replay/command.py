"""``assay replay DIR``: what a policy would have bought, from recorded answers."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from learning.replay import policies
from learning.replay.recording import (
    Recording,
    UnreadableRecording,
    accuracy,
    majority_accuracy,
    read,
)
from learning.replay.run import Seed, as_json, replay
from quality.inference.belief import fit_belief

Out = dict[str, object]


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0, or 2 when the folder cannot be read."""
    options = _parser().parse_args(argv)
    try:
        recording = read(options.folder)
    except UnreadableRecording as problem:
        print(f"replay: {problem}", file=sys.stderr)  # noqa: T201
        return 2
    result = run(recording, options.policy, options.seeds, verbose=not options.json)
    if options.json:
        print(json.dumps(result))  # noqa: T201
    return 0


def run(recording: Recording, policy_name: str, n_seeds: int, *, verbose: bool = False) -> Out:
    """All seeds as one JSON-able object; with ``verbose`` each is printed as it ends."""
    policy = policies.get(policy_name)
    majority = majority_accuracy(recording)
    summary: Out = {
        "policy": policy.name,
        "majority_of_all": majority,
        "dawid_skene_of_all": accuracy(fit_belief(recording.answers).posterior, recording.truth),
        "answers_total": len(recording.answers),
    }
    if verbose:
        print(_headline(summary))  # noqa: T201
    seeds = []
    for number in range(n_seeds):
        seeds.append(replay(recording, policy, number, majority))
        if verbose:
            print(_table(seeds[-1]))  # noqa: T201
    return summary | {"seeds": [as_json(seed) for seed in seeds]}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="assay replay", description=__doc__)
    parser.add_argument(
        "folder", type=Path, help="items, answers and truth (.csv.gz), features.npy"
    )
    parser.add_argument("--policy", default="default", choices=policies.names())
    parser.add_argument("--seeds", type=_positive, default=1, metavar="N")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _headline(summary: Out) -> str:
    return (
        f"policy {summary['policy']}, {summary['answers_total']} answers; of all of them: "
        f"majority {summary['majority_of_all']:.4f} (ties at their expected share), "
        f"people's matrices {summary['dawid_skene_of_all']:.4f}"
    )


def _table(seed: Seed) -> str:
    head = f"seed {seed.seed}\n   paid   share  labels  people   model   voice"
    rows = [
        f"{p.paid:7d}  {p.share:6.3f}  {p.label_accuracy:6.4f}  {p.people_only_accuracy:6.4f}  "
        f"{_or_dash(p.model_accuracy)}  {p.voice:6.2f}"
        for p in seed.curve
    ]
    reached = ", ".join(f"{m} at {_or_dash(share)}" for m, share in seed.reaches.items())
    return "\n".join([head, *rows, f"share of all answers that reaches the majority's {reached}"])


def _or_dash(number: float | None) -> str:
    return "     -" if number is None else f"{number:6.4f}"


if __name__ == "__main__":
    sys.exit(main())
