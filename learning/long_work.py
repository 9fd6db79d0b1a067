"""The kinds of long work of this app: a name and a call. Each may run again after it died half way."""

from typing import Any

from jobs.registry import job_kind
from jobs.running import Run
from learning.services import features, querying, retraining


@job_kind(features.KIND)
def compute_features(run: Run) -> dict[str, Any]:
    return features.compute(run)


@job_kind(retraining.KIND)
def retrain(run: Run) -> dict[str, Any]:
    return retraining.retrain(run)


@job_kind(querying.KIND)
def open_round(run: Run) -> dict[str, Any]:
    return querying.open_round(run)
