"""How far people agree, with bootstrap intervals, as the survey keeps it for reports."""

from typing import Any

import numpy as np

from labeling.label_types import Json, label_type
from labeling.models import Project
from labeling.queries import counted_answers, label_set
from quality.inference.agreement import (
    Ratings,
    alpha_by_distance,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    nominal,
    ordinal,
    percent_agreement,
)
from quality.inference.estimate import Estimate
from quality.inference.intervals import share
from quality.queries.answer_log import ProjectLog

MOST_ANSWERS = 100_000  # beyond it, items are sampled
MOST_PAIRS = 2000
MOST_COMPARED = 2_000  # open answers, each with all others to its item


def agreement_of(project: Project, read: ProjectLog) -> dict[str, Any]:
    """By coefficient: value, low, high, or the reason why there is none."""
    if not read.answer_ids.size:
        return {}
    if (read.log.label < 0).any() or read.log.n_labels < 2:
        near, alpha = _near_enough(project, read), _alpha(project, read)
        return {"near_enough": _plain(near), "alpha": _plain(alpha)}
    rows = _rows(read, MOST_ANSWERS)
    log, rng = read.log, np.random.default_rng(0)
    ratings = Ratings.of(
        log.item[rows], log.annotator[rows], log.label[rows], n_labels=log.n_labels
    )
    ordered = project.label_type == "ordinal"
    found = {
        "percent": percent_agreement(ratings, rng=rng),
        "alpha": krippendorff_alpha(ratings, distance=ordinal if ordered else nominal, rng=rng),
        "fleiss": fleiss_kappa(ratings, rng=rng),
        "ac1": gwet_ac1(ratings, rng=rng),
    }
    return {name: _plain(estimate) for name, estimate in found.items()}


def _rows(read: ProjectLog, most: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """All answers, or those to so many items that about ``most`` are left."""
    item = read.log.item
    if item.size <= most:
        return np.arange(item.size)
    kept = np.random.default_rng(0).random(read.log.n_items) < most / item.size
    return np.flatnonzero(kept[item])


def _alpha(project: Project, read: ProjectLog) -> Estimate:
    """Krippendorff's, where two answers are as good as the same when they are near enough; of some items."""
    rows = _rows(read, MOST_COMPARED)
    ids = read.answer_ids[rows].tolist()
    values = dict(counted_answers(project.pk).filter(pk__in=ids).values_list("pk", "value"))
    configuration = label_set(project.pk, project.label_set_version).configuration
    agrees = label_type(project.label_type).agrees

    def apart(one: Json, other: Json) -> float:
        """A tolerance may grow with the known value, so either may be taken for it."""
        near = agrees(configuration, one, other) or agrees(configuration, other, one)
        return 0.0 if near else 1.0

    rng = np.random.default_rng(0)
    said = [values[pk] for pk in ids]
    return alpha_by_distance(read.log.item[rows], said, apart, rng=rng, sampled_pairs=MOST_PAIRS)


def _near_enough(project: Project, read: ProjectLog) -> Estimate:
    """How often two answers to one item agree within the type's tolerance; of some pairs."""
    first, second = _pairs(read)
    ids = read.answer_ids[np.r_[first, second]].tolist()
    rows = counted_answers(project.pk).filter(pk__in=ids)
    values = dict(rows.values_list("pk", "value"))
    configuration = label_set(project.pk, project.label_set_version).configuration
    agrees = label_type(project.label_type).agrees
    half = len(first)
    right = sum(
        agrees(configuration, values[a], values[b])
        for a, b in zip(ids[:half], ids[half:], strict=True)
    )
    return share(right, half - right)


def _pairs(read: ProjectLog) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Places of two neighbouring answers to one item, at most so many."""
    order = np.argsort(read.log.item, kind="stable")
    same = np.flatnonzero(np.diff(read.log.item[order]) == 0)[:MOST_PAIRS]
    return order[same], order[same + 1]


def _plain(estimate: Estimate) -> dict[str, Any]:
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "reason": estimate.reason,
    }
