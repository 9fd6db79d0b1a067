"""What random sampling would have brought: a model taught only the randomly picked items.

Every round has a random part, drawn from the whole pool; the labels of those items are what somebody
would have who never chose. A model of the same recipe learns from them alone and is judged on gold, at
the number of labels that it has seen: a learning curve of random sampling, some way behind ours.
"""

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from jobs.running import Run
from learning.estimators import training
from learning.estimators.examples import OneClassOnly
from learning.models import FeatureSpace, Metric, Plan, QueryRound
from learning.recipes import is_address, is_foreign, recipe_for
from learning.says import Says, estimator_in, said_in
from learning.services import scoring
from learning.services.examples import Lessons, features_of
from quality.queries import gold_labels

NAME = "random_baseline"
LEAST = 20
GROWTH = 1.25  # a point from hardly more labels is no further point


def measure(plan: Plan, space: FeatureSpace, taught: Lessons, run: Run) -> Metric | None:
    """One more point of the baseline where there are enough new randomly picked labels, and gold."""
    if said_in(plan.project) is not Says.LABEL or not is_measured(plan.estimator):
        return None
    rows = np.flatnonzero(np.isin(taught.item_ids, _picked_at_random(plan.project_id)))
    points = Metric.objects.filter(project_id=plan.project_id, name=NAME)
    before = points.order_by("-pk").values_list("labels", flat=True).first() or 0
    if len(rows) < max(LEAST, GROWTH * before):
        return None
    gold = gold_labels(plan.project_id)
    ids, features = features_of(space, gold.item_ids)
    if len(ids) < LEAST:
        return None
    run.progress(0, message="measuring what random sampling brings")
    rng = np.random.default_rng([plan.project_id, len(rows)])
    try:
        with threadpool_limits(limits=1):
            recipe = recipe_for(estimator_in(plan.project, plan.estimator), plan.project_id)
            examples = taught.examples.take(rows)
            setting = training.choose_setting(recipe, examples, rng)
            classifier = training.fit(recipe.settings[setting], examples, int(rng.integers(2**31)))
        found = training.predict(classifier, features, n_labels=taught.examples.n_labels)
    except (OneClassOnly, training.BadModel):
        return None
    judged = scoring.Judged(ids, gold.label_code[np.isin(gold.item_ids, ids)], found)
    with run.fenced():
        return scoring.record(plan.project_id, NAME, scoring.share(judged), labels=len(rows))


def is_measured(estimator: str) -> bool:
    """Only our own: training others takes nobody knows how long, or calls."""
    return not is_foreign(estimator) and not is_address(estimator)


def _picked_at_random(project_id: int) -> list[int]:
    parts = QueryRound.objects.filter(project_id=project_id).values_list("parts", flat=True)
    return [item_id for part in parts for item_id in part.get("random", [])]
