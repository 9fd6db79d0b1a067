"""Every answer to one item, as it stands now: who, what, when, and whether it counts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from labeling.label_types import Json
from labeling.models import Answer, Enrollment, Item
from quality.models import SetAside


@dataclass(frozen=True)
class Answered:
    """``standing``: counted, late (kept, not counted) or set aside. ``revisions`` above 1: it was changed."""

    pseudonym: str
    value: Json
    seconds: float | None
    at: datetime
    revision: int
    standing: str
    label_set_version: int
    instructions_version: int


def answers_about(item: Item) -> list[Answered]:
    """In order of arrival; of a changed answer the last revision. Three queries."""
    later = Answer.objects.filter(
        assignment_id=OuterRef("assignment_id"), revision__gt=OuterRef("revision")
    )
    answers = list(
        Answer.objects.filter(~Exists(later), item=item).select_related("assignment").order_by("pk")
    )
    people = Enrollment.objects.filter(
        project_id=item.project_id, annotator__in=[answer.annotator_id for answer in answers]
    )
    names = dict(people.values_list("annotator_id", "pseudonym"))
    aside = set(SetAside.objects.filter(answer__item=item).values_list("answer_id", flat=True))
    return [_answered(answer, names, aside) for answer in answers]


def _answered(answer: Answer, names: dict[int, str], aside: set[int]) -> Answered:
    standing = "late" if not answer.counted else "aside" if answer.pk in aside else "counted"
    return Answered(
        pseudonym=names.get(answer.annotator_id, "–"),
        value=answer.value,
        seconds=answer.seconds,
        at=answer.created_at,
        revision=answer.revision,
        standing=standing,
        label_set_version=answer.assignment.label_set_version,
        instructions_version=answer.assignment.instructions_version,
    )
