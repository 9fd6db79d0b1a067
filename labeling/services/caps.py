"""How much one person may do in one project: in all, as a share of the project, on one day.

Gold counts like everything else, so a cap tells nothing about it.
"""

from datetime import datetime, time

from django.core.cache import cache

from labeling.limits import SEATS_AT_ONCE
from labeling.models import Answer, Enrollment, Item, ItemRole
from labeling.services.people import Person

COUNTED_FOR = 10  # seconds that the number of items may be old
FEWEST = 1  # a share of a small project is at least one answer


def seats_left(person: Person, held: int) -> int:
    """How many seats more the person may take now, with ``held`` in hand; below one: none."""
    most, today = most_answers(person.enrollment), _left_today(person)
    left = [SEATS_AT_ONCE - held]
    if most is not None:
        left.append(most - person.enrollment.answers - held)
    if today is not None:
        left.append(today - held)
    return min(left)


def most_answers(enrollment: Enrollment) -> int | None:
    """The most answers that this person may give in all; None without a limit."""
    project = enrollment.project
    limits = [project.max_answers_per_person]
    if project.max_share_per_person is not None:
        limits.append(max(FEWEST, int(project.max_share_per_person * _work_items(project.pk))))
    return min((limit for limit in limits if limit is not None), default=None)


def _work_items(project_id: int) -> int:
    """Counting a large project takes long; a few seconds old is good enough for a share."""
    work = Item.objects.filter(project_id=project_id, role=ItemRole.WORK)
    return cache.get_or_set(f"labeling.work_items.{project_id}", work.count, COUNTED_FOR) or 0


def _left_today(person: Person) -> int | None:
    """Answers that the person may still give on this day (UTC, by the database's clock).

    Looks at no more rows than the cap: index ``answers_of_person``, the latest first.
    """
    most = person.project.max_answers_per_day
    if most is None:
        return None
    midnight = datetime.combine(person.now.date(), time.min, person.now.tzinfo)
    latest = Answer.objects.filter(
        annotator_id=person.enrollment.annotator_id,
        project=person.project,
        counted=True,
        revision=1,
    ).order_by("-pk")
    dates = latest.values_list("created_at", flat=True)[:most]
    return most - sum(date >= midnight for date in dates)
