"""Guessing, by gold or by the peers: the sequential test's state in words.

The same test serves both (gold_test.py). Run on gold only it is evidence of the family "gold"; on
the other answers only, of the family "agreement". Run on all answers in their order it is the
sharpest, for one who has little gold; it counts as "agreement", as it rests on others' answers too.
"""

import numpy as np
from numpy.typing import NDArray

from quality.inference.gold_test import MARGIN, GoldState, GoldTest
from quality.inference.people.evidence import Evidence, Family

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

_SOURCE = {
    "gold": "the answers known beforehand",
    "peers": "what other people answered",
    "gold_and_peers": "the answers known beforehand and what other people answered",
}


def guessing(
    annotator: Codes,
    label: Codes,
    belief: Floats,
    *,
    n_annotators: int,
    kind: str = "peers",
) -> list[Evidence]:
    """One Evidence a person, in the order of their codes. `kind` is gold, peers or gold_and_peers.

    Raises ValueError for another kind.
    """
    if kind not in _SOURCE:
        raise ValueError(f"kind must be one of {', '.join(_SOURCE)}")
    test = GoldTest(belief.shape[1])
    states = test.batch(annotator, label, belief, n_people=n_annotators)
    agreed = np.bincount(annotator[belief.argmax(axis=1) == label], minlength=n_annotators)
    blind = _agreed_without_looking(annotator, label, belief, n_annotators)
    return [
        _evidence(test, n, state, int(agreed[n]), blind[n], kind) for n, state in enumerate(states)
    ]


def _agreed_without_looking(
    annotator: Codes, label: Codes, belief: Floats, n_annotators: int
) -> Floats:
    """[j]: answers that would match if person j gave the same labels to the same items in any order."""
    said, true = (np.zeros((n_annotators, belief.shape[1])) for _ in range(2))
    np.add.at(said, (annotator, label), 1.0)
    np.add.at(true, annotator, belief)
    matches: Floats = (said * true).sum(axis=1) / np.maximum(said.sum(axis=1), 1.0)
    return matches


def _evidence(
    test: GoldTest, person: int, state: GoldState, agreed: int, blind: float, kind: str
) -> Evidence:
    answers = round(sum(state.said))
    family: Family = "gold" if kind == "gold" else "agreement"
    return Evidence(
        annotator=person,
        kind=kind,
        family=family,
        statistic=1.0 if state.failed_at is not None else _nearness(test, state),
        threshold=1.0,
        counts={"answers": answers, "agreed": agreed},
        reason=(
            f"{agreed} of {answers} answers match {_SOURCE[kind]}; "
            f"the same labels given without looking would match about {blind:.0f}."
        ),
    )


def _nearness(test: GoldTest, state: GoldState) -> float:
    """The sum that is nearest to its limit, as a share of it; under 1 while not failed."""
    most_total, most_recent = test.limits.at(state.worth)
    shares = [t / (most_total + m) for t, m in zip(state.total, MARGIN.tolist(), strict=True)]
    nearest: float = max(*shares, state.recent / most_recent, 0.0)
    return min(nearest, 0.999)
