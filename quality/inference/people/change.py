"""When did it go wrong: the worst stretch of a person's answers.

Each answer has the points of the gold test (guessing against working, with an even habit). The
stretch with the largest sum is found in one pass; sums of a working person's points drift down, so
no stretch collects much. A sum over `THRESHOLD` + log(answers) is reported with the positions where
the stretch begins and ends: only the answers inside need to lose weight.

For one stretch from a point on this is the likelihood-ratio estimate of a change point (Hinkley,
1970, "Inference about the change-point in a sequence of random variables").
"""

import numpy as np
from numpy.typing import NDArray

from quality.inference.gold_test import points
from quality.inference.people.evidence import Evidence

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

THRESHOLD = float(np.log(1000.0))  # an accuracy of 0.75 gets there in about 1 of 1,000 cases
LEAST_ANSWERS = 10
EARLY = 10


def bad_stretch(
    annotator: Codes, label: Codes, belief: Floats, *, n_annotators: int
) -> list[Evidence | None]:
    """One a person, `start` and `counts["end"]` in the person's own answers (end excluded).

    A stretch that begins within the first `EARLY` answers concerns all of them: `start` is None.
    None for a person with fewer than 10 answers.
    """
    even = np.full_like(belief, 1.0 / belief.shape[1])
    gain = points(even, label, belief)
    order = np.argsort(annotator, kind="stable")
    edges = np.searchsorted(annotator[order], np.arange(n_annotators + 1))
    gains = np.split(gain[order], edges[1:-1])
    return [
        _evidence(person, g) if g.size >= LEAST_ANSWERS else None for person, g in enumerate(gains)
    ]


def worst_stretch(gain: Floats) -> tuple[int, int, float]:
    """Start, end (excluded) and sum of the contiguous part with the largest sum; (0, 0, 0) if none.

    Kadane's algorithm, on running sums.
    """
    running = np.concatenate([[0.0], np.cumsum(gain)])
    lowest = np.minimum.accumulate(running)
    end = int(np.argmax(running - lowest))
    start = int(np.argmin(running[: end + 1]))
    return start, end, float(running[end] - running[start])


def _evidence(person: int, gain: Floats) -> Evidence:
    start, end, total = worst_stretch(gain)
    changed = start if start >= EARLY else None
    return Evidence(
        annotator=person,
        kind="bad_stretch",
        family="agreement",
        statistic=max(total - float(np.log(gain.size)), 0.0),
        threshold=THRESHOLD,
        counts={"answers": gain.size, "end": end},
        reason=_in_words(changed, end, gain.size),
        start=changed,
    )


def _in_words(start: int | None, end: int, answers: int) -> str:
    since = "from the beginning" if start is None else f"from answer {start + 1}"
    until = "on" if end == answers else f"to answer {end}"
    return f"The answers {since} {until} look like guesses."
