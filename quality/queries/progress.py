"""Where a project stands: counts for pages, expected accuracy, and what the sweeps look for."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.utils import timezone

from labeling.models import Assignment, Enrollment, Item, ItemRole, ItemStatus
from labeling.queries import WorkCounts, work_counts
from quality.inference.settling.expected import Expected, Stratum, over_strata
from quality.models import Consensus, ConsensusState, Fit
from quality.queries.decisions import people_to_judge

Counts = dict[str, dict[str, Any]]

QUIET = timedelta(seconds=10)  # a few new answers are worth a refit after so long
SURVEY_REST = timedelta(seconds=20)  # between two surveys of a project that is at work
ANSWERS_SURVEYED_A_SECOND = 1_000
ANSWERS_A_SECOND = 10_000  # a big project's refit takes long, so it waits longer


@dataclass(frozen=True)
class Progress:
    """Work items of a project by what is known about them, and answers behind that."""

    total: int
    settled: int
    open: int
    expert: int
    unanswered: int
    answers: int  # counted and paid, gold among them
    votes: int  # those that the labels of work items rest on
    mean_confidence: float | None
    fit_version: int


@dataclass(frozen=True)
class Standing:
    """What the figures of a project are made of: read once, however many are wanted.

    ``counts``: by state of the label the number of work items, their mean confidence and their answers.
    ``record``: how the labels of gold items would have come out, from the last refit's replay.
    """

    project_id: int
    counts: Counts
    items: WorkCounts
    record: dict[str, float]
    fit_version: int


def standing_of(project_id: int) -> Standing:
    fit = Fit.objects.filter(project_id=project_id).values_list("version", "parameters").first()
    version, parameters = fit or (0, {})
    return Standing(
        project_id,
        _by_state(project_id),
        work_counts(project_id),
        parameters.get("record", {}),
        version,
    )


def progress(project_id: int) -> Progress:
    return progress_at(standing_of(project_id))


def progress_at(standing: Standing) -> Progress:
    counts, total = standing.counts, standing.items.items
    return Progress(
        total=total,
        settled=_n(counts, ConsensusState.SETTLED),
        open=_n(counts, ConsensusState.OPEN),
        expert=_n(counts, ConsensusState.EXPERT),
        unanswered=total - sum(entry["n"] for entry in counts.values()),
        answers=_answers(standing.project_id),
        votes=sum(entry["answers"] for entry in counts.values()),
        mean_confidence=_mean_confidence(counts),
        fit_version=standing.fit_version,
    )


def _answers(project_id: int) -> int:
    people = Enrollment.objects.filter(project_id=project_id)
    return people.aggregate(sum=Sum("answers"))["sum"] or 0


def expected_accuracy(project_id: int) -> Expected:
    return promise_at(standing_of(project_id))


def promise_at(standing: Standing) -> Expected:
    """Share of right labels over all work items, answered or not, with its 95 % interval.

    An item without any label counts as wrong. Gold speaks through the last refit's replay.
    """
    counts, record = standing.counts, standing.record
    settled = _stratum(counts, [ConsensusState.SETTLED], record, "settled")
    rest = _stratum(counts, [ConsensusState.OPEN, ConsensusState.EXPERT], record, "unsettled")
    unanswered = max(standing.items.items - settled.n_items - rest.n_items, 0)
    promise = over_strata([settled, rest], unlabeled=unanswered)
    return replace(promise, gold_items=int(record.get("items", 0)))


def expected_at_end(project_id: int) -> Expected:
    return promise_at_end(standing_of(project_id))


def promise_at_end(standing: Standing) -> Expected:
    """The same when the rest is done as what is done: as well settled, and as often left to an expert.

    Nothing can be said before anything is settled.
    """
    counts, record = standing.counts, standing.record
    done = _stratum(counts, [ConsensusState.SETTLED], record, "settled")
    hard = _stratum(counts, [ConsensusState.EXPERT], record, "unsettled")
    if not done.n_items:
        return Expected(None, None, None, int(record.get("items", 0)))
    replayed = done.gold + hard.gold
    share_hard = hard.gold / replayed if replayed else hard.n_items / (hard.n_items + done.n_items)
    to_come = standing.items.items - done.n_items - hard.n_items
    more_hard = round(to_come * share_hard)
    promise = over_strata(
        [
            replace(done, n_items=done.n_items + to_come - more_hard),
            replace(hard, n_items=hard.n_items + more_hard),
        ]
    )
    return replace(promise, gold_items=int(record.get("items", 0)))


def _stratum(counts: Counts, states: list[str], record: dict[str, float], name: str) -> Stratum:
    present = [counts[state] for state in states if state in counts]
    n = sum(entry["n"] for entry in present)
    stated = sum(entry["n"] * entry["confidence"] for entry in present)
    return Stratum(n, stated / n if n else 0.0, record.get(name, 0), record.get(f"{name}_right", 0))


def _by_state(project_id: int) -> Counts:
    """Consensus state to the number of work items, their mean confidence and answers.

    All beliefs are summed within the index ``consensus_figures``, without their items; what is no work, or
    was withdrawn, is little, and is taken off.
    """
    every = _every_belief(project_id)
    for others in _no_work(project_id):
        states = others.filter(consensus__isnull=False).order_by("consensus__state")
        off = _sums(
            states.values_list("consensus__state"),
            "consensus__confidence",
            "consensus__answers_used",
        )
        for state, sums in off.items():
            every[state] = tuple(a - b for a, b in zip(every[state], sums, strict=True))
    return {state: _counted(*sums) for state, sums in every.items() if sums[0]}


def _every_belief(project_id: int) -> dict[str, tuple[float, ...]]:
    """A range of the index for each state, in one statement: summed in less time than by GROUP BY."""
    beliefs = Consensus.objects.filter(project_id=project_id).order_by()
    sums = {"n": Count("*"), "sure": Sum("confidence"), "votes": Sum("answers_used")}
    parts = [
        beliefs.filter(state=state).values_list(Value(state)).annotate(**sums)
        for state in ConsensusState.values
    ]
    rows = parts[0].union(*parts[1:], all=True)
    return {state: tuple(n or 0 for n in found) for state, *found in rows}


def _no_work(project_id: int) -> tuple[QuerySet[Item], QuerySet[Item]]:
    """From the side of the items, of which the index ``items_by_status`` finds these."""
    mine = Item.objects.filter(project_id=project_id)
    roles = [role for role in ItemRole.values if role != ItemRole.WORK]
    return mine.filter(role__in=roles), mine.filter(role=ItemRole.WORK, status=ItemStatus.WITHDRAWN)


def _sums(by_state: QuerySet[Any, Any], sure: str, votes: str) -> dict[str, tuple[float, ...]]:
    """By state: how many, the sum of their confidence, the sum of their answers."""
    found = by_state.annotate(n=Count("pk"), sure=Sum(sure), votes=Sum(votes))
    return {state: tuple(sums) for state, *sums in found}


def _counted(n: float, sure: float, votes: float) -> dict[str, Any]:
    return {"n": int(n), "confidence": min(1.0, max(0.0, sure / n)), "answers": int(votes)}


def _n(counts: Counts, state: str) -> int:
    return int(counts[state]["n"]) if state in counts else 0


def _mean_confidence(counts: Counts) -> float | None:
    n = sum(entry["n"] for entry in counts.values())
    return sum(e["n"] * e["confidence"] for e in counts.values()) / n if n else None


def projects_to_settle() -> list[int]:
    """Served by the partial index ``answers_not_used_yet``."""
    unused = Assignment.objects.filter(unused=True)
    return list(unused.order_by("project_id").values_list("project_id", flat=True).distinct())


def projects_to_judge() -> list[int]:
    """Projects with somebody who fails and is not paused for it. Index ``people_to_judge``."""
    people = people_to_judge().order_by("project_id")
    return list(people.values_list("project_id", flat=True).distinct())


def projects_to_refit() -> list[int]:
    """Projects with answers that their skills do not know, for a while that grows with their size."""
    waiting = Fit.objects.filter(answers_since__gt=0).values_list(
        "project_id", "answers_used", "updated_at"
    )
    now = timezone.now()
    return [pk for pk, used, at in waiting if now - at >= _patience(used)]


def projects_to_survey() -> list[int]:
    """Projects with a fit newer than their survey, after a rest that grows with their size."""
    fits = Fit.objects.filter(version__gt=0).filter(
        Q(project__survey__isnull=True) | Q(version__gt=F("project__survey__fit_version"))
    )
    now, due = timezone.now(), []
    rows = fits.values_list("project_id", "answers_used", "project__survey__updated_at")
    for project_id, used, at in rows:
        if used and (at is None or now - at >= _rest(used)):
            due.append(project_id)
    return due


def _rest(answers_used: int) -> timedelta:
    return max(SURVEY_REST, timedelta(seconds=answers_used / ANSWERS_SURVEYED_A_SECOND))


def _patience(answers_used: int) -> timedelta:
    return max(QUIET, timedelta(seconds=answers_used / ANSWERS_A_SECOND))
