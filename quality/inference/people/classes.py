"""Single classes: one that a person spoils, and one where a person's answers got worse.

Only answers whose true label the others (or gold) leave in little doubt are used.

`weak_class` compares a person's accuracy on each class with the crowd's on the same class, for
people who are as good as others on the rest; it finds who poisons one class and who has
misunderstood one. `class_drift` compares the first half of a person's answers of each class with
the second.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quality.inference.people.evidence import Evidence

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

SURE = 0.6
WEAK, DRIFTED = 5.0, 4.5  # standard errors; the worst of several classes is looked at
LEAST_OF_CLASS = 8
USUAL_SPREAD = 0.08  # honest people's accuracies on one class differ by about so much
NO_WORSE = 0.15  # on the other classes, to be called weak on one only


@dataclass(frozen=True, eq=False)
class _ByClass:
    """[person, true label]: answers and right answers among the sure ones."""

    seen: Floats
    right: Floats


def _tally(annotator: Codes, label: Codes, truth: Codes, shape: tuple[int, int]) -> _ByClass:
    key = annotator * shape[1] + truth
    size = shape[0] * shape[1]
    seen = np.bincount(key, minlength=size).reshape(shape).astype(np.float64)
    right = np.bincount(key[truth == label], minlength=size).reshape(shape).astype(np.float64)
    return _ByClass(seen, right)


def weak_class(
    annotator: Codes, label: Codes, belief: Floats, *, n_annotators: int
) -> list[Evidence | None]:
    """One a person, about the class that stands out; None where no class has 8 sure answers."""
    truth, sure = belief.argmax(axis=1), belief.max(axis=1) >= SURE
    shape = (n_annotators, belief.shape[1])
    mine = _tally(annotator[sure], label[sure], truth[sure], shape)
    crowd_right = (mine.right.sum(axis=0) + 1.0) / (mine.seen.sum(axis=0) + 2.0)
    expected = mine.seen * crowd_right
    luck = mine.seen * crowd_right * (1.0 - crowd_right)
    spread = np.sqrt(luck + (USUAL_SPREAD * mine.seen) ** 2) + 0.5
    z = np.where(mine.seen >= LEAST_OF_CLASS, (expected - mine.right) / spread, -np.inf)
    z = np.where(_fine_elsewhere(mine, expected), z, np.minimum(z, 0.0))
    worst = z.argmax(axis=1)
    return [
        _weak(a, int(k), float(z[a, k]), mine, float(crowd_right[k])) if z[a, k] > -np.inf else None
        for a, k in enumerate(worst)
    ]


def _fine_elsewhere(mine: _ByClass, expected: Floats) -> NDArray[np.bool_]:
    """[person, k]: on the classes other than k together, not much worse than the crowd."""
    seen = mine.seen.sum(axis=1, keepdims=True) - mine.seen
    missing = (expected - mine.right).sum(axis=1, keepdims=True) - (expected - mine.right)
    fine: NDArray[np.bool_] = (seen >= LEAST_OF_CLASS) & (missing <= NO_WORSE * seen)
    return fine


def _weak(person: int, k: int, z: float, mine: _ByClass, crowd_right: float) -> Evidence:
    right, seen = int(mine.right[person, k]), int(mine.seen[person, k])
    return Evidence(
        annotator=person,
        kind="weak_class",
        family="agreement",
        statistic=max(z, 0.0),
        threshold=WEAK,
        counts={"label": k, "answers": seen, "right": right},
        reason=(
            f"On items of label {k}, {right} of {seen} answers are right, where others reach "
            f"{crowd_right:.0%}; on the other labels the person is no worse than others."
        ),
    )


def class_drift(
    annotator: Codes, label: Codes, belief: Floats, *, n_annotators: int
) -> list[Evidence | None]:
    """One a person, about the class that declined most; None where halves are under 8 answers."""
    truth, sure = belief.argmax(axis=1), belief.max(axis=1) >= SURE
    shape = (n_annotators, belief.shape[1])
    annotator, label, truth = annotator[sure], label[sure], truth[sure]
    late = _second_half(annotator * shape[1] + truth)
    before = _tally(annotator[~late], label[~late], truth[~late], shape)
    after = _tally(annotator[late], label[late], truth[late], shape)
    z = _decline(before, after)
    return [
        _drifted(a, int(k), float(z[a, k]), before, after) if z[a, k] > -np.inf else None
        for a, k in enumerate(z.argmax(axis=1))
    ]


def _second_half(key: Codes) -> NDArray[np.bool_]:
    """[answer]: whether it is in the later half of those with its key."""
    order = np.argsort(key, kind="stable")
    grouped = key[order]
    first = np.searchsorted(grouped, grouped)
    size = np.searchsorted(grouped, grouped, side="right") - first
    late = np.empty(key.size, dtype=bool)
    late[order] = np.arange(key.size) - first >= (size + 1) // 2
    return late


def _decline(before: _ByClass, after: _ByClass) -> Floats:
    """[person, k]: drop of the share of right answers, in standard errors."""
    enough = (before.seen >= LEAST_OF_CLASS) & (after.seen >= LEAST_OF_CLASS)
    n_before, n_after = np.maximum(before.seen, 1.0), np.maximum(after.seen, 1.0)
    pooled = (before.right + after.right + 1.0) / (before.seen + after.seen + 2.0)
    error = np.sqrt(pooled * (1.0 - pooled) * (1.0 / n_before + 1.0 / n_after))
    return np.where(enough, (before.right / n_before - after.right / n_after) / error, -np.inf)


def _drifted(person: int, k: int, z: float, before: _ByClass, after: _ByClass) -> Evidence:
    old, new = (int(part.right[person, k]) for part in (before, after))
    n_old, n_new = (int(part.seen[person, k]) for part in (before, after))
    return Evidence(
        annotator=person,
        kind="class_drift",
        family="agreement",
        statistic=max(z, 0.0),
        threshold=DRIFTED,
        counts={"label": k, "before": n_old, "after": n_new},
        reason=(
            f"On items of label {k}, {old} of the first {n_old} answers were right, "
            f"but {new} of the later {n_new}."
        ),
    )
