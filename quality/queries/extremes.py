"""The few people at both ends of the accuracy: whom to look at first, and whom to rely on."""

from quality.models import Skill
from quality.queries.people import AnnotatorRow, annotators

OF_EACH = 5


def extremes(project_id: int) -> list[AnnotatorRow]:
    """By the lower end of the accuracy interval: the least certain to be good, then the surest; nobody twice."""
    known = Skill.objects.filter(project_id=project_id, accuracy_low__isnull=False)
    people = known.order_by("accuracy_low", "pk").values_list("annotator_id", flat=True)
    ends = {*people[:OF_EACH], *people.reverse()[:OF_EACH]}
    return annotators(project_id, only=list(ends)) if ends else []
