"""From answers to findings: every kind of evidence about everybody, over whole records and over windows.

`look_around` is the survey of a project: it needs nothing but the answers. `look_closely` is about one
person, with what the project's own beliefs say about the items they answered.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from quality.inference.intervals import lower_bound
from quality.inference.people.change import THRESHOLD, bad_stretch
from quality.inference.people.classes import class_drift, weak_class
from quality.inference.people.combine import SUPPORT, combine
from quality.inference.people.evidence import Evidence
from quality.inference.people.gap import gold_gap
from quality.inference.people.guessing import guessing
from quality.inference.people.peers import belief_of_others
from quality.inference.people.regular import information
from quality.inference.people.streaks import streaks
from quality.inference.people.survey import AnswerLog, Survey, survey
from quality.inference.people.timing import unread_answers
from quality.inference.settling.notice import CONFIRMED, OVERWHELMING, Stretch, stretches
from quality.rules.findings import Found, Key, Profile, found, profile
from quality.rules.kinds import KINDS

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Seen:
    """Answers in order with what the others say: ``belief[answer, k]``; ``known`` are those to gold."""

    annotator: Codes
    label: Codes
    belief: Floats
    known: Bools
    n_annotators: int
    item: Codes | None = None
    seconds: Floats | None = None

    def part(self, rows: Codes | Bools) -> "Seen":
        item, seconds = self.item, self.seconds
        return Seen(
            self.annotator[rows],
            self.label[rows],
            self.belief[rows],
            self.known[rows],
            self.n_annotators,
            None if item is None else item[rows],
            None if seconds is None else seconds[rows],
        )


@dataclass(frozen=True, eq=False)
class Around:
    """[annotator]: what was found; groups that answer alike; accuracy among peers."""

    profiles: list[Profile]
    groups: tuple[tuple[int, ...], ...]
    accuracy: Floats


def look_around(
    log: AnswerLog,
    rng: Generator,
    windows: Iterable[Key] = (),
    *,
    failing: Collection[int] = (),
    noticed: Collection[int] = (),
) -> Around:
    """Everybody in a project. ``windows`` are what the rules ask for beyond whole records.

    ``failing`` and ``noticed`` are people of whom tests that know pardons and the last fit say so.
    """
    seen_by_all = survey(log, rng)
    seen = _seen(log, seen_by_all)
    stretch = stretch_evidence(seen)
    errors = _gold_errors(seen)
    extra = [_windowed(seen, kind, window) for kind, window in sorted(set(windows)) if window]
    profiles = []
    for a in range(log.n_annotators):
        standing = seen_by_all.standing[a]
        every = [found(e) for e in seen_by_all.evidence[a] if e.kind != "bad_stretch"]
        every = [_in_usual_terms(one, every) for one in every]
        every += [found(e) for e in (stretch[a], errors[a]) if e is not None]
        every = [_at_least(one, failing=a in failing, noticed=a in noticed) for one in every]
        every += [one for column in extra if (one := column[a]) is not None]
        profiles.append(profile(_with_group(every, a, seen_by_all), standing))
    return Around(profiles, seen_by_all.groups, seen_by_all.accuracy)


def look_closely(
    seen: Seen, windows: Iterable[Key] = (), *, failing: bool = False, noticed: bool = False
) -> Profile:
    """One person. ``failing`` and ``noticed`` are verdicts of tests that know pardons and the last fit."""
    evidence: list[Evidence | None] = []
    for kind, rows in (("gold", seen.known), ("gold_and_peers", np.ones_like(seen.known))):
        part = seen.part(rows)
        evidence += guessing(part.annotator, part.label, part.belief, n_annotators=1, kind=kind)
    for test in (bad_stretch, information):
        evidence += test(seen.annotator, seen.label, seen.belief, n_annotators=1)
    standing = combine(evidence)
    every = [found(e) for e in evidence if e is not None and e.kind != "bad_stretch"]
    every = [_at_least(one, failing=failing) for one in every]
    every = [_in_usual_terms(one, every) for one in every]
    every += [found(e) for e in (stretch_evidence(seen)[0], _gold_errors(seen)[0]) if e is not None]
    every = [_at_least(one, noticed=noticed) for one in every]
    asked = [(kind, window) for kind, window in sorted(set(windows)) if window and kind in ALONE]
    every += [one for kind, window in asked if (one := _windowed(seen, kind, window)[0])]
    return profile(every, standing)


def _at_least(one: Found, *, failing: bool = False, noticed: bool = False) -> Found:
    met = (failing and one.kind == "gold") or (noticed and one.kind == "bad_stretch")
    if not met or one.statistic >= 1.0:
        return one
    return _with_statistic(one, 1.0)


def _with_statistic(one: Found, statistic: float) -> Found:
    return Found(**{**vars(one), "statistic": statistic})


def _in_usual_terms(one: Found, every: Sequence[Found]) -> Found:
    """Copying as a share of its limit, which grows with the crowd; peers with gold only where gold agrees."""
    if one.kind == "copying":
        share = one.statistic / one.threshold
        return Found(**{**vars(one), "statistic": share, "threshold": 1.0})
    if one.kind == "gold_and_peers":
        gold = next((other.statistic for other in every if other.kind == "gold"), 0.0)
        return _with_statistic(one, min(one.statistic, gold / SUPPORT))
    return one


def _with_group(every: list[Found], annotator: int, seen: Survey) -> list[Found]:
    group = next((group for group in seen.groups if annotator in group), ())
    others = tuple(other for other in group if other != annotator)
    return [
        Found(**{**vars(one), "others": others}) if one.kind == "copying" else one for one in every
    ]


def _seen(log: AnswerLog, seen: Survey) -> Seen:
    belief = belief_of_others(
        log.item,
        log.annotator,
        log.label,
        seen.accuracy,
        n_items=log.n_items,
        n_labels=log.n_labels,
        gold=log.gold,
    )
    known = log.gold[log.item] >= 0
    return Seen(log.annotator, log.label, belief, known, log.n_annotators, log.item, log.seconds)


# --- kinds that are ours: the stretch with gold's word in it, and plain errors on gold ----------


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


def _gold_errors(seen: Seen) -> list[Evidence | None]:
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


# --- windows ------------------------------------------------------------------------------------

Look = Callable[[Seen], list[Evidence | None]]


def _guessing(kind: str) -> Look:
    def look(seen: Seen) -> list[Evidence | None]:
        return [
            *guessing(
                seen.annotator, seen.label, seen.belief, n_annotators=seen.n_annotators, kind=kind
            )
        ]

    return look


def _plain(test: Callable[..., list[Evidence | None]]) -> Look:
    def look(seen: Seen) -> list[Evidence | None]:
        return test(seen.annotator, seen.label, seen.belief, n_annotators=seen.n_annotators)

    return look


def _gap(seen: Seen) -> list[Evidence | None]:
    return gold_gap(
        seen.annotator, seen.label, seen.belief, seen.known, n_annotators=seen.n_annotators
    )


def _unread(seen: Seen) -> list[Evidence | None]:
    if seen.seconds is None or seen.item is None:
        return [None] * seen.n_annotators
    n_items = int(seen.item.max()) + 1 if seen.item.size else 0
    return unread_answers(
        seen.item, seen.annotator, seen.seconds, n_items=n_items, n_annotators=seen.n_annotators
    )


ALONE: dict[str, Look] = {
    "gold": _guessing("gold"),
    "gold_errors": _gold_errors,
    "bad_stretch": stretch_evidence,
    "peers": _guessing("peers"),
    "gold_and_peers": _guessing("gold_and_peers"),
    "gold_gap": _gap,
    "unread": _unread,
    "streak": _plain(streaks),
    "weak_class": _plain(weak_class),
    "class_drift": _plain(class_drift),
}
ON_GOLD = {"gold", "gold_errors"}


def _windowed(seen: Seen, kind: str, window: int) -> list[Found | None]:
    """[annotator]: the kind over the latest ``window`` answers of the sort it looks at."""
    sort = seen.known if kind in ON_GOLD else np.ones_like(seen.known)
    if kind == "peers":
        sort = ~seen.known
    rows = latest(seen.annotator, np.flatnonzero(sort), window)
    first = _first_places(seen.annotator, rows, seen.n_annotators)
    found_here = ALONE[kind](seen.part(rows))
    return [
        None if e is None else found(e, window=window, offset=int(first[a]))
        for a, e in enumerate(found_here)
    ]


def latest(annotator: Codes, rows: Codes, window: int) -> Codes:
    """Those of ``rows`` (ascending) that are among the last ``window`` of their person."""
    who = annotator[rows][::-1]
    order = np.argsort(who, kind="stable")
    grouped = who[order]
    nth = np.empty(rows.size, dtype=np.int64)
    nth[order] = np.arange(rows.size) - np.searchsorted(grouped, grouped)
    return rows[(nth < window)[::-1]]


def _first_places(annotator: Codes, rows: Codes, n_annotators: int) -> Codes:
    """[annotator]: the place, among all their answers, of the first of these rows."""
    order = np.argsort(annotator, kind="stable")
    place = np.empty(annotator.size, dtype=np.int64)
    place[order] = np.arange(annotator.size) - np.searchsorted(annotator[order], annotator[order])
    first = np.zeros(n_annotators, dtype=np.int64)
    first[annotator[rows[::-1]]] = place[rows[::-1]]
    return first
