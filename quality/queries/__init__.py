"""Reads that more than one place needs."""

from quality.inference.settling.expected import Expected
from quality.queries.gold import GoldHealth, gold_health
from quality.queries.labels import (
    GoldLabels,
    LabelRow,
    TrainingLabels,
    gold_labels,
    labels,
    machine_labels,
    training_labels,
)
from quality.queries.people import AnnotatorRow, annotators
from quality.queries.progress import Progress, expected_accuracy, progress
from quality.queries.provenance import Provenance, provenance
from quality.queries.waiting import (
    Waiting,
    certainty_before_answers,
    count_answered,
    count_waiting,
    waiting,
)

__all__ = [
    "AnnotatorRow",
    "Expected",
    "GoldHealth",
    "GoldLabels",
    "LabelRow",
    "Progress",
    "Provenance",
    "TrainingLabels",
    "Waiting",
    "annotators",
    "certainty_before_answers",
    "count_answered",
    "count_waiting",
    "expected_accuracy",
    "gold_health",
    "gold_labels",
    "labels",
    "machine_labels",
    "progress",
    "provenance",
    "training_labels",
    "waiting",
]
