"""A person's accuracy as a lower bound, for the rules that decide who may work."""

from datetime import UTC, datetime

from labeling.models import ItemRole
from labeling.queries import counted_answers
from quality.inference.intervals import lower_bound
from quality.models import Action, Decision, Skill
from quality.queries.feedback import said_to


def at_work(project_id: int, annotator_id: int) -> float | None:
    """The lower end of the person's accuracy: of the last refit; before the first, from gold alone."""
    skill = Skill.objects.filter(project_id=project_id, annotator_id=annotator_id).first()
    if skill is None or (skill.accuracy_low is None and not skill.gold_seen):
        return None
    if skill.accuracy_low is not None:
        return skill.accuracy_low
    return lower_bound(skill.gold_right, skill.gold_seen - skill.gold_right)


def in_practice(project_id: int, annotator_id: int) -> float | None:
    """At one-sided 95 %: from the person's answers to practice items, whose labels are known."""
    answers = counted_answers(project_id).filter(
        annotator_id=annotator_id,
        item__role=ItemRole.PRACTICE,
        # Who was asked to practise again is judged by what came after.
        created_at__gt=_last_asked(project_id, annotator_id),
    )
    told = said_to(list(answers.values_list("pk", flat=True)))
    right = sum(one.right for one in told.values())
    return lower_bound(right, len(told) - right) if told else None


def _last_asked(project_id: int, annotator_id: int) -> datetime:
    rows = Decision.objects.filter(
        project_id=project_id, annotator_id=annotator_id, reversed_at__isnull=True
    )
    asked = [row for row in rows.order_by("-pk") if Action.PRACTICE in (row.action, *row.also)]
    return asked[0].created_at if asked else datetime.min.replace(tzinfo=UTC)
