"""Answers given before the item can have been read, by the server's clock.

Being fast is not the offence: an expert may need a fifth of the usual time. An answer counts as
unread only in less than a tenth of the item's usual time, and never above `MOST_SECONDS`. The
statistic is the share of unread answers that is certain at 99 % (its lower Jeffreys bound). One
whose accuracy is known to be good is not accused at all: who is right has read.

The client's times play no part. Slow people never raise anything.
"""

import numpy as np
from numpy.typing import NDArray

from quality.inference.intervals import lower_bound
from quality.inference.people.evidence import Evidence

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

UNREAD = 0.1  # of the usual time
MOST_SECONDS = 2.0
THRESHOLD = 0.3
LEAST_ANSWERS = 20
SHRINK = 4.0  # answers' worth of the project's median in an item's usual time
GOOD = 0.75  # an accuracy for certain above this clears a person


def unread_answers(
    item: Codes,
    annotator: Codes,
    seconds: Floats,
    *,
    n_items: int,
    n_annotators: int,
    accuracy_at_least: Floats | None = None,
) -> list[Evidence | None]:
    """One a person; None with fewer than 20 answers.

    accuracy_at_least   [annotator] lower bound of the accuracy, where known (else 0)
    """
    answers = np.bincount(annotator, minlength=n_annotators)
    floor = np.minimum(UNREAD * usual_seconds(item, seconds, n_items=n_items), MOST_SECONDS)
    unread = np.bincount(annotator[seconds < floor[item]], minlength=n_annotators)
    times = _Times(annotator, seconds, answers)
    cleared = np.zeros(n_annotators, dtype=bool)
    if accuracy_at_least is not None:
        cleared = accuracy_at_least > GOOD
    return [
        _evidence(a, int(unread[a]), int(answers[a]), times.told(a), bool(cleared[a]))
        if answers[a] >= LEAST_ANSWERS
        else None
        for a in range(n_annotators)
    ]


def usual_seconds(item: Codes, seconds: Floats, *, n_items: int) -> Floats:
    """[item]: the typical time, a geometric mean drawn towards the project's median."""
    if seconds.size == 0:
        return np.zeros(n_items)
    log_seconds = np.log(np.maximum(seconds, 1e-3))
    middle = float(np.median(log_seconds))
    # A click of half a second must not pull the usual time down much: clip to a factor of four.
    near = np.clip(log_seconds, middle - np.log(4), middle + np.log(4))
    total = np.bincount(item, weights=near, minlength=n_items) + SHRINK * middle
    usual: Floats = np.exp(total / (np.bincount(item, minlength=n_items) + SHRINK))
    return usual


class _Times:
    """The times of each person beside those of everybody, in words for who reads the evidence."""

    def __init__(self, annotator: Codes, seconds: Floats, answers: Codes) -> None:
        self.seconds = seconds[np.argsort(annotator, kind="stable")]
        self.ends = np.concatenate([[0], np.cumsum(answers)])
        self.usual = float(np.median(seconds)) if seconds.size else 0.0

    def told(self, person: int) -> str:
        own = float(np.median(self.seconds[self.ends[person] : self.ends[person + 1]]))
        return f"median {own:.1f} s, of everybody {self.usual:.1f} s"


def _evidence(person: int, unread: int, answers: int, times: str, cleared: bool) -> Evidence:
    certain = lower_bound(unread, answers - unread, confidence=0.99)
    words = f"{unread} of {answers} answers came faster than the item can be read ({times})"
    return Evidence(
        annotator=person,
        kind="unread",
        family="timing",
        statistic=0.0 if cleared else certain,
        threshold=THRESHOLD,
        counts={"answers": answers, "unread": unread},
        reason=words + (", but they are right." if cleared else "."),
    )
