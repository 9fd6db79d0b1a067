"""From answers to findings: every kind of evidence about everybody, over whole records and over windows.

`look_around` is the survey of a project: it needs nothing but the answers. `look_closely` is about some
people, with what the project's own beliefs say about the items they answered.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from quality.inference.people.change import bad_stretch
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
from quality.rules.findings import Found, Key, Profile, found, profile
from quality.rules.seen import Codes, Floats, Seen
from quality.rules.with_gold import gold_errors, stretch_evidence


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
    errors = gold_errors(seen)
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
    seen: Seen,
    windows: Iterable[Key] = (),
    *,
    failing: Collection[int] = (),
    noticed: Collection[int] = (),
) -> list[Profile]:
    """[annotator], together. ``failing`` and ``noticed``: whom tests that know pardons and the last fit name."""
    evidence: list[Sequence[Evidence | None]] = [
        _guessing("gold")(seen.part(seen.known)),
        _guessing("gold_and_peers")(seen),
        *(_plain(test)(seen) for test in (bad_stretch, information)),
    ]
    ours = list(zip(stretch_evidence(seen), gold_errors(seen), strict=True))
    asked = [(kind, window) for kind, window in sorted(set(windows)) if window and kind in ALONE]
    extra = [_windowed(seen, kind, window) for kind, window in asked]
    return [
        _profile(
            [column[a] for column in evidence],
            [*ours[a]],
            [one for column in extra if (one := column[a]) is not None],
            failing=a in failing,
            noticed=a in noticed,
        )
        for a in range(seen.n_annotators)
    ]


def _profile(
    evidence: list[Evidence | None],
    ours: list[Evidence | None],
    extra: list[Found],
    *,
    failing: bool,
    noticed: bool,
) -> Profile:
    every = [found(e) for e in evidence if e is not None and e.kind != "bad_stretch"]
    every = [_at_least(one, failing=failing) for one in every]
    every = [_in_usual_terms(one, every) for one in every]
    every += [found(e) for e in ours if e is not None]
    every = [_at_least(one, noticed=noticed) for one in every]
    return profile(every + extra, combine(evidence))


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
    "gold_errors": gold_errors,
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
