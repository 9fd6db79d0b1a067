"""Against truth of real crowds: each type stays ahead of the simple way to do it."""

import csv
import gzip

import numpy as np
import pytest

from datasets import dataset_path
from quality.inference import layouts, scores
from quality.inference.type_registry import TYPES


def aggregated(kind, name):
    """The label rows that have a truth, and these truths."""
    folder = dataset_path(name)
    with gzip.open(folder / "truth.csv.gz", "rt", encoding="utf-8", newline="") as file:
        truth = {row["item"]: row["label"] for row in csv.DictReader(file)}
    rows = [r for r in TYPES[kind].aggregate(folder / "answers.csv.gz").items if r.item in truth]
    return rows, [truth[row.item] for row in rows]


def test_numbers_beat_the_mean():
    rows, truth = aggregated("number", "emotion")
    ours = scores.pearson([float(row.label) for row in rows], [float(x) for x in truth])
    read = layouts.read_numbers(dataset_path("emotion") / "answers.csv.gz")
    mean = np.bincount(read.answers.item, read.answers.label) / read.answers.per_item()
    by_item = dict(zip(read.items, mean, strict=True))
    simple = scores.pearson([by_item[row.item] for row in rows], [float(x) for x in truth])
    assert ours > simple


def test_comparisons_beat_noisy_bradley_terry():
    rows, truth = aggregated("pairwise", "country_population")
    ours = scores.spearman([float(row.label) for row in rows], [float(x) for x in truth])
    assert ours > 0.817


@pytest.mark.parametrize(("name", "least"), [("web", 0.878), ("weather_amt", 0.853)])
def test_ordered_classes_are_no_worse_than_without_the_order(name, least):
    rows, truth = aggregated("ordinal", name)
    assert np.mean([row.label == right for row, right in zip(rows, truth, strict=True)]) > least


def test_translations_beat_rover():
    rows, truth = aggregated("text", "crowdwsa_t1")
    assert scores.word_error_rate([row.label for row in rows], truth) < 0.509


def test_spans_beat_a_vote():
    rows, truth = aggregated("spans", "pico_a")
    value = [layouts.spans_from(row.label) for row in rows]
    assert scores.micro_character_f1(value, [layouts.spans_from(x) for x in truth]) > 0.706


def test_boxes_beat_the_medoid():
    rows, truth = aggregated("boxes", "boxes_a")
    value = [layouts.boxes_from(row.label) for row in rows]
    right = [layouts.boxes_from(x) for x in truth]
    assert scores.mean_soft_f1(value, right) > 0.647
    assert scores.mean_box_f1(value, right) > 0.758


@pytest.mark.nightly
def test_transcripts_beat_rover():
    rows, truth = aggregated("text", "crowdspeech_dev_other")
    # crowd-kit's ROVER has .1183 on all clips, and .1011 on the first 300 in the order of their ids
    assert scores.word_error_rate([row.label for row in rows], truth) < 0.1183
    first = sorted(range(len(rows)), key=lambda i: rows[i].item)[:300]
    ours = scores.word_error_rate([rows[i].label for i in first], [truth[i] for i in first])
    assert ours < 0.1011
