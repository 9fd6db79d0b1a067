"""What crowd-kit's ROVER and ours reach on the transcripts, on the same clips under the same metric.

    python tests/benchmarks/rover.py

The reference of .101 word error rate that is quoted for crowdspeech_dev_other can be had from some of
the clips only. This prints both programs on all clips and on the first N in the order of their ids, by
two readings of the metric (edits over words of all clips together, and the mean over clips), and
for ROVER also with the texts as they were written.
"""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script

from datasets import dataset_path
from quality.inference import layouts, scores
from quality.inference.text import TextConsensus
from quality.inference.typed_answers import TypedAnswers

NAME = "crowdspeech_dev_other"
FIRST = (200, 300, 400, 500, 1000)


def main() -> None:
    folder = dataset_path(NAME)
    read = layouts.read_texts(folder / "answers.csv.gz")
    with gzip.open(folder / "truth.csv.gz", "rt", encoding="utf-8", newline="") as file:
        truth = {row["item"]: row["label"] for row in csv.DictReader(file)}
    right = [truth[item] for item in read.items]
    plain = [" ".join(scores.plain_words(text)) for text in read.answers.label]
    values = {
        "ours": TextConsensus().fit(read.answers).value_,
        "crowd-kit, plain texts": rover(read.answers, plain),
        "crowd-kit, texts as written": rover(read.answers, list(read.answers.label)),
    }
    for order, title in (
        (sorted(range(len(right)), key=read.items.__getitem__), "as text"),
        (sorted(range(len(right)), key=lambda i: number(read.items[i])), "as numbers"),
    ):
        print(f"ids in order {title}")
        print("| clips |", " | ".join(values), "|")
        for size in (*FIRST, len(right)):
            cells = [both(value, right, order[:size]) for value in values.values()]
            print(f"| {size} |", " | ".join(cells), "|", flush=True)
    pieces = np.random.default_rng(0).permutation(len(right))[: 9 * 300].reshape(9, 300).tolist()
    drawn = [
        scores.word_error_rate(
            [values["crowd-kit, plain texts"][i] for i in piece], [right[i] for i in piece]
        )
        for piece in pieces
    ]
    print("ROVER on nine random 300:", " ".join(f"{rate:.4f}" for rate in sorted(drawn)))


def number(item: str) -> int:
    return int("".join(filter(str.isdigit, item)) or 0)


def both(value: list[str], right: list[str], rows: list[int]) -> str:
    """Word error rate of all words together, and the mean over clips."""
    together = scores.word_error_rate([value[i] for i in rows], [right[i] for i in rows])
    each = [scores.word_error_rate([value[i]], [right[i]]) for i in rows]
    return f"{together:.4f} ({np.mean(each):.4f})"


def rover(answers: TypedAnswers[str], texts: list[str]) -> list[str]:
    import pandas as pd
    from crowdkit.aggregation import ROVER

    frame = pd.DataFrame({"task": answers.item, "worker": answers.annotator, "text": texts})
    found = ROVER(tokenizer=str.split, detokenizer=" ".join).fit_predict(frame)
    return [found[i] for i in range(answers.n_items)]


if __name__ == "__main__":
    main()
