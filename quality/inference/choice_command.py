"""``assay aggregate --type choice``: one label of several for each item."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from quality.inference.answers import Ints
from quality.inference.encoding import Encoded, encode
from quality.inference.fit import NO_LABEL, Fit
from quality.inference.registry import CHOICE_METHODS
from quality.inference.tabular import BadTable, read_columns, write_rows

METHODS = tuple(CHOICE_METHODS)


def aggregate(options: argparse.Namespace) -> dict[str, Any]:
    """Labels and people as CSV, and the facts of the run. BadTable names row and column."""
    coded = read_answers(options.answers)
    gold = read_gold(options.gold, coded) if options.gold else None
    fit = CHOICE_METHODS[options.method]().fit(coded.answers, gold).fit_
    rows = list(label_rows(coded, fit))
    if options.out or not options.json:
        write_rows(options.out, ("item", "label", "confidence", "answers"), rows)
    if options.people:
        write_rows(options.people, PEOPLE, people_rows(coded, fit))
    return facts(options, coded, fit, rows)


def read_answers(path: str) -> Encoded:
    """Answers of a file; empty labels abstain."""
    read = read_columns(path, ("item", "worker", "label"), filled=("item", "worker"))
    item, worker, label = read.columns
    coded = encode(item, worker, [text or None for text in label])
    if not coded.labels:
        raise BadTable(f"{path}: there is no label in it")
    return coded


def read_gold(path: str, coded: Encoded) -> Ints:
    """[i]: gold label codes; errors name row and column."""
    read = read_columns(path, ("item", "label"), filled=("item",))
    said: dict[str, str] = {}
    for number, name, text in zip(read.numbers, *read.columns, strict=True):
        if text not in coded.labels:
            raise BadTable(f"{path}: row {number}: label {text!r} is in none of the answers")
        if said.setdefault(name, text) != text:
            raise BadTable(f"{path}: row {number}: label: {name!r} has two different gold labels")
    return coded.gold(said.items())


def label_rows(coded: Encoded, fit: Fit) -> Iterator[tuple[object, ...]]:
    """item, label, confidence, answers; an item of abstentions only has an empty label."""
    answers = coded.answers.votes_per_item().tolist()
    columns = zip(coded.items, fit.label.tolist(), fit.confidence.tolist(), answers, strict=True)
    for item, label, confidence, n in columns:
        yield item, "" if label == NO_LABEL else coded.labels[label], round(confidence, 4), n


PEOPLE = ("worker", "accuracy", "low", "high", "answers")


def people_rows(coded: Encoded, fit: Fit) -> Iterator[tuple[object, ...]]:
    """worker, accuracy with its 95 % interval, answers."""
    numbers = (fit.accuracy, fit.accuracy_low, fit.accuracy_high)
    table = [column.round(4).tolist() for column in numbers]
    answers = coded.answers.votes_per_annotator().tolist()
    yield from zip(coded.annotators, *table, answers, strict=True)


def facts(
    options: argparse.Namespace, coded: Encoded, fit: Fit, rows: list[tuple[object, ...]]
) -> dict[str, Any]:
    """What a person or a program wants to know of the run."""
    known = fit.confidence[fit.label != NO_LABEL]
    expected = round(float(known.mean()), 4) if known.size else None
    summary = (
        f"{len(coded.items)} items, {len(coded.annotators)} workers, {len(coded.answers)} answers;"
        f" expected share right {expected}; {promise(fit)}"
    )
    return {
        "type": "choice",
        "method": options.method,
        "items": len(coded.items),
        "workers": len(coded.annotators),
        "answers": len(coded.answers),
        "labels_known": [str(label) for label in coded.labels],
        "expected_accuracy": expected,
        "converged": fit.converged,
        "iterations": fit.iterations,
        "ceiling": fit.ceiling,
        "summary": summary,
        "rows": rows,
    }


def promise(fit: Fit) -> str:
    """How far the confidence may be relied on."""
    if fit.ceiling is None:
        return "confidence is the method's own and not calibrated"
    return f"confidence may be promised up to {fit.ceiling}"
