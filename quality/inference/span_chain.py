"""The sequence view of spans: forward-backward over segments, EM over people.

    inside[s]              P(segment s is inside | all marks)
    habit[a, z, b, m]      P(annotator a marks (m) a segment | truth z, marked the one before b)
    step[z, y]             P(the next segment is y | this one is z)

Rabiner, A tutorial on hidden Markov models (1989), with the marks of all people as emission.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quality.inference.span_segments import Segments
from quality.inference.typed_answers import Bools, Floats, Ints, TypedAnswers, log_sum, sums

IMPOSSIBLE = -1e9  # a log-probability; finite, so that sums of it stay defined
PRIOR_SEGMENTS = 3.0  # segments' worth of the crowd's habit in a person's: weak, people differ much


def inside_probability(
    answers: TypedAnswers[Sequence[tuple[int, int]]], segments: Segments, *, rounds: int
) -> Floats:
    """[segment]: probability of being inside, after ``rounds`` of EM from the share of marks."""
    size = segments.length.size
    if size == 0:
        return np.zeros(0)
    people = np.maximum(np.bincount(segments.segment, minlength=size), 1)
    share = sums(segments.segment, segments.marked, size) / people
    inside = segments.right_or(0.05 + 0.9 * share)
    steps = _steps_of_shares(segments, inside)
    start = _share(inside[segments.first[segments.count > 0]])
    for _ in range(rounds):
        emission = _emission(answers, segments, _log_habits(answers, segments, inside))
        inside, steps, start = _forward_backward(segments, emission, steps, start)
    return inside


def _log_habits(
    answers: TypedAnswers[Sequence[tuple[int, int]]], segments: Segments, inside: Floats
) -> Floats:
    person = answers.annotator[segments.row]
    cell = person * 4 + (2 * segments.before + segments.marked).astype(np.int64)
    cells = 4 * answers.n_annotators
    at = inside[segments.segment]
    counts = np.stack([sums(cell, q, cells) for q in (1.0 - at, at)], axis=1)
    by_person = counts.reshape(answers.n_annotators, 2, 2, 2).transpose(0, 3, 1, 2)
    crowd = by_person.sum(axis=0) + 0.5
    crowd = crowd / crowd.sum(axis=2, keepdims=True)
    filled = by_person + PRIOR_SEGMENTS * crowd
    habits: Floats = np.log(filled / filled.sum(axis=3, keepdims=True))
    return habits


def _emission(
    answers: TypedAnswers[Sequence[tuple[int, int]]], segments: Segments, log_habits: Floats
) -> Floats:
    """[segment, z]: log-probability of all marks on it."""
    person = answers.annotator[segments.row]
    before, marked = segments.before.astype(np.int64), segments.marked.astype(np.int64)
    size = segments.length.size
    columns = [sums(segments.segment, log_habits[person, z, before, marked], size) for z in (0, 1)]
    emission = np.stack(columns, axis=1)
    for z in (0, 1):  # what is known leaves one possibility
        emission[segments.right == 1 - z, z] = IMPOSSIBLE
    return emission


def _forward_backward(
    segments: Segments, emission: Floats, steps: Floats, start: float
) -> tuple[Floats, Floats, float]:
    log_step = np.log(steps)
    forward, backward = np.zeros_like(emission), np.zeros_like(emission)
    places, links = _positions(segments), _links(segments)
    forward[places[0]] = emission[places[0]] + np.log(np.array([1.0 - start, start]))
    for here in places[1:]:
        before = log_sum(forward[here - 1][:, :, None] + log_step, 1)
        forward[here] = emission[here] + before
    for place in reversed(places[:-1]):
        here = place[links[place]]
        ahead = emission[here + 1] + backward[here + 1]
        backward[here] = log_sum(log_step + ahead[:, None, :], 2)
    both = forward + backward
    inside = np.exp(both[:, 1] - log_sum(both, 1))
    return (
        inside,
        _steps(forward, emission + backward, log_step, links),
        _share(inside[places[0]]),
    )


def _share(inside: Floats) -> float:
    """How likely an item begins inside; never certain."""
    return float(np.clip(inside.mean(), 0.01, 0.99))


def _steps(forward: Floats, ahead: Floats, log_step: Floats, links: Bools) -> Floats:
    here = np.flatnonzero(links)
    joint = forward[here, :, None] + log_step + ahead[here + 1][:, None, :]
    joint -= log_sum(joint.reshape(here.size, 4), 1)[:, None, None]
    return _normalised(np.exp(joint).sum(axis=0))


def _steps_of_shares(segments: Segments, inside: Floats) -> Floats:
    here = np.flatnonzero(_links(segments))
    now = np.stack([1.0 - inside[here], inside[here]], axis=1)
    then = np.stack([1.0 - inside[here + 1], inside[here + 1]], axis=1)
    return _normalised(now.T @ then)


def _normalised(counts: Floats) -> Floats:
    rows: Floats = (counts + 1.0) / (counts + 1.0).sum(axis=1, keepdims=True)
    return rows


def _links(segments: Segments) -> Bools:
    """[segment]: whether another one of the same item follows."""
    links = np.ones(segments.length.size, dtype=bool)
    some = segments.count > 0
    links[segments.first[some] + segments.count[some] - 1] = False
    return links


def _positions(segments: Segments) -> list[Ints]:
    """For place 0, 1, .. the segments at that place, of all items that are long enough."""
    longest = int(segments.count.max(initial=0))
    return [segments.first[segments.count > place] + place for place in range(longest)]
