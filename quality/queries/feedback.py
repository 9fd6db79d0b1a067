"""What somebody who practises hears about their answers. Gold is not spoken of."""

from collections.abc import Mapping, Sequence

from labeling.feedback import Feedback
from labeling.label_types import label_type
from labeling.models import Answer, ItemRole, LabelSet


def said_to(answer_ids: Sequence[int]) -> Mapping[int, Feedback]:
    """By answer id, for answers to practice items whose label is known. Two queries."""
    answers = list(
        Answer.objects.filter(
            pk__in=answer_ids,
            item__role=ItemRole.PRACTICE,
            item__gold_answer__isnull=False,
            item__gold_answer__retired_at__isnull=True,
        ).select_related("item__gold_answer", "assignment", "project")
    )
    sets = LabelSet.objects.filter(project__in={answer.project_id for answer in answers})
    configurations = {(one.project_id, one.version): one.configuration for one in sets}
    return {answer.pk: _said(answer, configurations) for answer in answers}


def is_right(answer: Answer, configurations: Mapping[tuple[int, int], dict[str, object]]) -> bool:
    """By the label type's own comparison, under the version that the seat was given under."""
    version = answer.project_id, answer.assignment.label_set_version
    agrees = label_type(answer.project.label_type).agrees
    return agrees(configurations[version], answer.value, answer.item.gold_answer.value)


def _said(answer: Answer, configurations: Mapping[tuple[int, int], dict[str, object]]) -> Feedback:
    known = answer.item.gold_answer
    return Feedback(is_right(answer, configurations), known.value, known.explanation)
