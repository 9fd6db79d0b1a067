"""The gold test where an answer is near enough or not: how often would a careless one pass?"""

import numpy as np

from labeling.label_types import label_type
from labeling.models import Project
from labeling.queries import label_set
from quality.inference.gold_test import GoldState
from quality.inference.graded_gold import GradedGoldTest, chance_of
from quality.models import GoldAnswer
from quality.queries.gold import Record
from quality.queries.rules import is_graded

__all__ = ["graded_state", "graded_test", "is_graded"]

CHANCES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)  # limits are computed once for each
PAIRS = 200
GOLD_READ = 200


def graded_test(project: Project) -> GradedGoldTest:
    """The test against somebody who gives the answer to one gold item to another."""
    gold = GoldAnswer.objects.filter(item__project=project, retired_at__isnull=True)
    answers = list(gold.order_by("pk").values_list("value", flat=True)[:GOLD_READ])
    configuration = label_set(project.pk, project.label_set_version).configuration
    agrees = label_type(project.label_type).agrees
    chance = chance_of(
        answers, lambda a, b: agrees(configuration, a, b), np.random.default_rng(0), pairs=PAIRS
    )
    return GradedGoldTest(min(CHANCES, key=lambda known: abs(known - chance)))


def graded_state(test: GradedGoldTest, record: Record, pardons: list[int]) -> GoldState:
    """The state after the whole record, with everything up to each pardon forgiven at its time."""
    state, waiting = test.start(), sorted(pardons)
    for answer_id, right in zip(record.answer_id.tolist(), record.right.tolist(), strict=True):
        while waiting and answer_id > waiting[0]:
            state = test.forgive(state)
            waiting.pop(0)
        state = test.observe(state, right=right)
    return test.forgive(state) if waiting else state
