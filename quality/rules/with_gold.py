"""Kinds of evidence that are ours: a bad stretch with gold's word in it, and plain errors on gold."""

import numpy as np

from quality.inference.intervals import lower_bound
from quality.inference.people.change import THRESHOLD
from quality.inference.people.evidence import Evidence
from quality.inference.settling.notice import CONFIRMED, OVERWHELMING, Stretch, stretches
from quality.rules.kinds import KINDS
from quality.rules.seen import Seen


def stretch_evidence(seen: Seen) -> list[Evidence | None]:
    """[annotator]: the worst stretch, as clear as others see it and gold confirms it; None for few answers."""
    every = stretches(seen.annotator, seen.label, seen.belief, seen.known, seen.n_annotators)
    answers = np.bincount(seen.annotator, minlength=seen.n_annotators).tolist()
    least = KINDS["bad_stretch"].least
    return [
        _stretch(a, stretch, n) if n >= least else None
        for a, (stretch, n) in enumerate(zip(every, answers, strict=True))
    ]


def _stretch(annotator: int, stretch: Stretch, answers: int) -> Evidence:
    times = (stretch.total - float(np.log(max(stretch.end, 1)))) / THRESHOLD
    clear = times if stretch.gold >= CONFIRMED else times / OVERWHELMING
    clear = max(clear, 0.0) if stretch.gold >= 0 else 0.0
    until = "on" if stretch.end == answers else f"to answer {stretch.end}"
    return Evidence(
        annotator=annotator,
        kind="bad_stretch",
        family="agreement",
        statistic=clear,
        threshold=1.0,
        counts={"answers": answers, "start": stretch.start, "end": stretch.end},
        reason=f"The answers from answer {stretch.start + 1} {until} look like guesses.",
        start=stretch.start,
    )


def gold_errors(seen: Seen) -> list[Evidence | None]:
    rows = np.flatnonzero(seen.known)
    wrong = seen.belief[rows, seen.label[rows]] < 0.5
    answers = np.bincount(seen.annotator[rows], minlength=seen.n_annotators).tolist()
    errors = np.bincount(seen.annotator[rows[wrong]], minlength=seen.n_annotators).tolist()
    return [gold_error(a, e, n) for a, (e, n) in enumerate(zip(errors, answers, strict=True))]


def gold_error(annotator: int, wrong: int, answers: int) -> Evidence | None:
    """The share of wrong answers to gold that is certain; None without any answer."""
    if not answers:
        return None
    return Evidence(
        annotator=annotator,
        kind="gold_errors",
        family="gold",
        statistic=lower_bound(wrong, answers - wrong),
        threshold=KINDS["gold_errors"].usual,
        counts={"answers": answers, "wrong": wrong},
        reason=f"{wrong} of {answers} answers to items with a known answer are wrong.",
    )
