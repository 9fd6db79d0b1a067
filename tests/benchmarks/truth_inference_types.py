"""Truth inference for numbers, comparisons, ordered classes, texts, spans and boxes.

    python tests/benchmarks/truth_inference_types.py [--thin]

Prints simple references and ours side by side on the real sets, with the definition of the metric
in ``quality.inference.scores``. ``--thin`` repeats everything with three answers an item and with
half of all answers. Truth is read for scoring only.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from quality.inference import layouts, scores
from quality.inference.boxes import BoxesConsensus, soft_f1
from quality.inference.comparisons import Comparisons
from quality.inference.known import Known
from quality.inference.number import NumberConsensus
from quality.inference.ordinal import OrdinalConsensus
from quality.inference.pairwise import PairwiseConsensus
from quality.inference.span_segments import cut
from quality.inference.spans import SpansConsensus, merged
from quality.inference.text import TextConsensus
from quality.inference.text_medoid import MedoidConsensus
from quality.inference.typed_answers import TypedAnswers

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from datasets import dataset_path

Thinning = Callable[[np.ndarray], np.ndarray]


class Score(NamedTuple):
    data: str
    metric: str
    reference: str
    simple: float
    ours: float
    confidence: float
    right: float
    seconds: float


def truth_of(name: str) -> dict[str, str]:
    with gzip.open(dataset_path(name) / "truth.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return {row["item"]: row["label"] for row in csv.DictReader(file)}


def file_of(name: str) -> Path:
    return dataset_path(name) / "answers.csv.gz"


def everything(item: np.ndarray) -> np.ndarray:
    return np.arange(item.size)


def three_each(item: np.ndarray) -> np.ndarray:
    order = np.random.default_rng(0).permutation(item.size)
    order = order[np.argsort(item[order], kind="stable")]
    place = np.arange(item.size) - np.searchsorted(item[order], item[order])
    return np.sort(order[place < 3])


def half(item: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.random.default_rng(1).random(item.size) < 0.5)


def thinned(answers: TypedAnswers[Any], thinning: Thinning) -> TypedAnswers[Any]:
    rows = thinning(answers.item)
    return TypedAnswers(
        answers.item[rows],
        answers.annotator[rows],
        [answers.label[row] for row in rows],
        answers.n_items,
        answers.n_annotators,
    )


def timed(fit: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    model = fit()
    return model, time.process_time() - start


def numbers(name: str, thinning: Thinning) -> Score:
    read, truth = layouts.read_numbers(file_of(name)), truth_of(name)
    answers = thinned(read.answers, thinning)
    model, seconds = timed(lambda: NumberConsensus().fit(answers))
    known = np.flatnonzero([i in truth for i in read.items] & (answers.per_item() > 0))
    right = np.array([float(truth[read.items[i]]) for i in known])
    total = np.bincount(answers.item, answers.label, answers.n_items)[known]
    mean = total / answers.per_item()[known]
    within = np.abs(model.value_[known] - right) <= model.tolerance_
    return Score(
        name,
        "Pearson",
        "mean",
        scores.pearson(mean, right),
        scores.pearson(model.value_[known], right),
        float(model.confidence_[known].mean()),
        float(within.mean()),
        seconds,
    )


def comparisons(name: str, thinning: Thinning) -> Score:
    read, truth = layouts.read_comparisons(file_of(name)), truth_of(name)
    a = read.answers
    rows = thinning(a.left * a.n_things + a.right)
    answers = Comparisons(
        a.left[rows], a.right[rows], a.annotator[rows], a.outcome[rows], a.n_things, a.n_annotators
    )
    model, seconds = timed(lambda: PairwiseConsensus().fit(answers))
    right = np.array([float(truth[thing]) for thing in read.things])
    same = np.sign(np.subtract.outer(model.value_, model.value_)) == np.sign(
        np.subtract.outer(right, right)
    )
    n = right.size
    return Score(
        name,
        "Spearman",
        "Bradley-Terry",
        scores.spearman(bradley_terry(answers), right),
        scores.spearman(model.value_, right),
        float(model.confidence_.mean()),
        float((same.sum() - n) / (n * (n - 1))),
        seconds,
    )


def bradley_terry(answers: Comparisons) -> np.ndarray:
    """Zermelo's iteration with a tenth of a win and of a loss against an average thing."""
    won = answers.outcome == 1
    winner, loser = (
        np.where(won, answers.left, answers.right),
        np.where(won, answers.right, answers.left),
    )
    n = answers.n_things
    strength = np.ones(n)
    for _ in range(500):
        met = 1.0 / (strength[winner] + strength[loser])
        wins = np.bincount(winner, minlength=n) + 0.1
        chances = np.bincount(winner, met, n) + np.bincount(loser, met, n) + 0.2 / (strength + 1)
        strength = wins / chances
        strength /= np.exp(np.log(strength).mean())
    return np.log(strength)


def ordered(name: str, thinning: Thinning) -> list[Score]:
    read, truth = layouts.read_ordinal(file_of(name)), truth_of(name)
    answers = thinned(read.coded.answers, thinning)
    model, seconds = timed(lambda: OrdinalConsensus(len(read.classes)).fit(answers))
    seen = answers.per_item() > 0
    known = np.flatnonzero([i in truth for i in read.coded.items] & seen)
    right = np.array([read.classes.index(truth[read.coded.items[i]]) for i in known])
    votes = np.zeros((answers.n_items, len(read.classes)))
    np.add.at(votes, (answers.item, np.asarray(answers.label)), 1.0)
    ties = votes[known] == votes[known].max(axis=1, keepdims=True)
    fair = float((ties[np.arange(known.size), right] / ties.sum(axis=1)).mean())
    middle = (np.cumsum(votes[known], axis=1) < votes[known].sum(axis=1, keepdims=True) / 2).sum(1)
    hits = scores.accuracy(model.label_[known], right)
    sure = float(model.confidence_[known].mean())
    far = scores.mean_distance(model.median_[known], right)
    return [
        Score(name, "accuracy", "majority, fair ties", fair, hits, sure, hits, seconds),
        Score(
            name,
            "distance",
            "median",
            scores.mean_distance(middle, right),
            far,
            sure,
            hits,
            seconds,
        ),
    ]


def texts(name: str, thinning: Thinning) -> list[Score]:
    read, truth = layouts.read_texts(file_of(name)), truth_of(name)
    answers = thinned(read.answers, thinning)
    known = [i for i, n in enumerate(answers.per_item()) if n and read.items[i] in truth]
    right = [truth[read.items[i]] for i in known]
    rover, by_vote = timed(lambda: TextConsensus().fit(answers))
    medoid, by_choice = timed(lambda: MedoidConsensus().fit(answers))
    simple, reference = crowd_kit_rover(answers, known, right)
    rows = []
    for label, model, seconds in (("vote", rover, by_vote), ("medoid", medoid, by_choice)):
        value = [model.value_[i] for i in known]
        share = [1 - scores.word_error_rate([v], [t]) for v, t in zip(value, right, strict=True)]
        rows.append(
            Score(
                f"{name} ({label})",
                "WER",
                reference,
                simple,
                scores.word_error_rate(value, right),
                float(model.confidence_[known].mean()),
                float(np.clip(share, 0, 1).mean()),
                seconds,
            )
        )
    return rows


def crowd_kit_rover(
    answers: TypedAnswers[str], known: Sequence[int], right: Sequence[str]
) -> tuple[float, str]:
    import pandas as pd
    from crowdkit.aggregation import ROVER

    plain = [" ".join(scores.plain_words(text)) for text in answers.label]
    frame = pd.DataFrame({"task": answers.item, "worker": answers.annotator, "text": plain})
    rover = ROVER(tokenizer=lambda text: text.split(" "), detokenizer=" ".join)
    value = rover.fit_predict(frame)
    return scores.word_error_rate([value[i] for i in known], right), "crowd-kit ROVER"


def marked(name: str, thinning: Thinning) -> Score:
    read, truth = layouts.read_spans(file_of(name)), truth_of(name)
    answers = thinned(read.answers, thinning)
    model, seconds = timed(lambda: SpansConsensus().fit(answers))
    known = [i for i, n in enumerate(answers.per_item()) if n and read.items[i] in truth]
    right = [layouts.spans_from(truth[read.items[i]]) for i in known]
    vote = share_of_marks(answers, more_than=0.4)
    value = [model.value_[i] for i in known]
    single = [scores.micro_character_f1([v], [t]) for v, t in zip(value, right, strict=True)]
    return Score(
        name,
        "character F1",
        "over-40-% vote",
        scores.micro_character_f1([vote[i] for i in known], right),
        scores.micro_character_f1(value, right),
        float(model.confidence_[known].mean()),
        float(np.mean(single)),
        seconds,
    )


def share_of_marks(answers: TypedAnswers[Any], *, more_than: float) -> list[list[tuple[int, int]]]:
    segments = cut(answers, Known.of(None, answers.n_items))
    size = segments.length.size
    share = np.bincount(segments.segment, segments.marked, size) / np.maximum(
        np.bincount(segments.segment, minlength=size), 1
    )
    ends = (segments.begin + segments.length).astype(int)
    return [
        merged(
            [(int(segments.begin[s]), int(ends[s])) for s in range(a, b) if share[s] > more_than]
        )
        for a, b in zip(segments.first, segments.first + segments.count, strict=True)
    ]


def drawn(name: str, thinning: Thinning) -> list[Score]:
    read, truth = layouts.read_boxes(file_of(name)), truth_of(name)
    answers = thinned(read.answers, thinning)
    model, seconds = timed(lambda: BoxesConsensus().fit(answers))
    known = [i for i, n in enumerate(answers.per_item()) if n and read.items[i] in truth]
    right = [layouts.boxes_from(truth[read.items[i]]) for i in known]
    rows = answers.rows_by_item()
    medoid = [closest([answers.label[row] for row in rows[i]]) for i in known]
    value = [model.value_[i] for i in known]
    sure = float(model.confidence_[known].mean())
    hits = scores.mean_box_f1(value, right)
    return [
        Score(
            name, metric, "medoid", score(medoid, right), score(value, right), sure, hits, seconds
        )
        for metric, score in (
            ("soft F1", scores.mean_soft_f1),
            ("F1 at IoU 0.5", scores.mean_box_f1),
        )
    ]


def closest(boxes: list[Any]) -> Any:
    totals = [sum(soft_f1(mine, other) for other in boxes) for mine in boxes]
    return boxes[int(np.argmax(totals))]


def all_scores(thinning: Thinning) -> Iterator[Score]:
    yield numbers("emotion", thinning)
    yield comparisons("country_population", thinning)
    for name in ("adult", "weather_amt", "weather_cf", "web"):
        yield from ordered(name, thinning)
    yield marked("pico_a", thinning)
    yield from drawn("boxes_a", thinning)
    for name in ("crowdwsa_t1", "crowdspeech_dev_other"):
        yield from texts(name, thinning)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--thin", action="store_true")
    thin = parser.parse_args().thin
    kinds = {"all answers": everything}
    if thin:
        kinds |= {"three answers an item": three_each, "half of the answers": half}
    for title, thinning in kinds.items():
        sys.stdout.write(f"\n{title}\n\n")
        sys.stdout.write(
            "| data | metric | reference | simple | ours | confidence | right | seconds |\n"
        )
        sys.stdout.write("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |\n")
        for row in all_scores(thinning):
            numbers_ = " | ".join(f"{x:.4f}" for x in row[3:5])
            rest = " | ".join(f"{x:.2f}" for x in row[5:])
            sys.stdout.write(f"| {' | '.join(row[:3])} | {numbers_} | {rest} |\n")


if __name__ == "__main__":
    main()
