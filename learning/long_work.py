"""The kinds of long work of this app: a name and a call. Each may run again after it died half way.

What a job needs (scikit-learn, skops) takes longer to import than all the rest of Assay, and most
processes never run one: it is imported when the first job of its kind runs. A worker imports it before
that (``import_ahead``): while the first model waits for an import, people answer without its help.
"""

from typing import Any

from jobs.registry import job_kind
from jobs.running import Run
from learning import kinds


@job_kind(kinds.FEATURES)
def compute_features(run: Run) -> dict[str, Any]:
    from learning.services import features

    return features.compute(run)


@job_kind(kinds.RETRAIN)
def retrain(run: Run) -> dict[str, Any]:
    from learning.services import retraining

    return retraining.retrain(run)


@job_kind(kinds.ROUND)
def open_round(run: Run) -> dict[str, Any]:
    from learning.services import querying

    return querying.open_round(run)


@job_kind(kinds.FUNCTIONS)
def apply_functions(run: Run) -> dict[str, Any]:
    from learning.services import functions

    return functions.apply_functions(run)


@job_kind(kinds.PREDICT)
def help_predict(run: Run) -> dict[str, Any]:
    from learning.services import predicting

    return predicting.help_predict(run)


@job_kind(kinds.PEOPLE)
def judge_people(run: Run) -> dict[str, Any]:
    from learning.services import turning_away

    return turning_away.judge_people(run)


@job_kind(kinds.VECTORS)
def take_vectors(run: Run) -> dict[str, Any]:
    from learning.services import vectors

    return vectors.take_vectors(run)


def import_ahead() -> None:
    """Have ready what the first jobs need."""
    import sklearn.linear_model  # noqa: F401  (the usual estimator; the registry imports the others when asked)
    import skops.io  # noqa: F401

    from learning.services import features, querying, retraining  # noqa: F401
