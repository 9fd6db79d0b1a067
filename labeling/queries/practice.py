"""What somebody who practises may hear about their answers."""

from collections.abc import Iterable

from labeling.feedback import Feedback, feedback_on
from labeling.models import Answer, ItemRole


def feedback_for(annotator_id: int, answers: Iterable[str]) -> dict[str, Feedback]:
    """By public id, for those of the person's answers that are practice, while there is practice at all."""
    practice = Answer.objects.filter(
        annotator_id=annotator_id,
        public_id__in=list(answers),
        item__role=ItemRole.PRACTICE,
        project__practice_bound__isnull=False,
    )
    names = dict(practice.values_list("pk", "public_id"))
    return {names[pk]: said for pk, said in feedback_on(list(names)).items()}
