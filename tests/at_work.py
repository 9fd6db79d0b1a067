"""People at work through the services, and everything counted again from the rows afterwards."""

import random
import uuid
from collections import Counter

import factories
from accounts.models import User
from labeling.models import (
    Answer,
    Assignment,
    AssignmentState,
    Budget,
    Enrollment,
    EntryKind,
    Item,
    LedgerEntry,
    Project,
)
from labeling.queries import budget_left_micros, spent_micros
from labeling.services.answering import submit
from labeling.services.claiming import claim
from labeling.services.leases import release, skip
from labeling.services.people import enroll
from labeling.services.verdicts import Submission


def crowd(project: Project, size: int) -> list[User]:
    people = [factories.annotator(project.organization, f"person{n}") for n in range(size)]
    for person in people:
        enroll(project, person)
    return people


def answer(seat: Assignment, value: str = "owl") -> Submission:
    return Submission(seat.public_id, value, 1.5, uuid.uuid4())


def open_items(
    project: Project, n: int, seats: int, role: str = "work", prefix: str = ""
) -> list[Item]:
    items = [
        Item(
            project=project,
            external_id=f"{prefix}{i}",
            role=role,
            position=i,
            status="open",
            seats_wanted=seats,
            has_seat=True,
        )
        for i in range(n)
    ]
    return Item.objects.bulk_create(items)


def work_until_empty(project: Project, person: User, seed: int) -> list[str]:
    """Claim, then answer, skip or release; some answers are sent twice. The verdicts, in order."""
    luck, verdicts = random.Random(seed), []
    while seats := claim(project, person, luck.choice([1, 1, 2, 5])).assignments:
        for seat in seats:
            if luck.random() < 0.05:
                luck.choice([skip, release])(person, seat.public_id, "")
                continue
            sent = [answer(seat)]
            verdicts += [o.verdict for o in submit(person, sent)]
            if luck.random() < 0.1:
                verdicts += [o.verdict for o in submit(person, sent)]
    return verdicts


def recount(project: Project) -> None:
    """Every counter, every limit and every sum, from the rows themselves."""
    live = Counter(
        Assignment.objects.filter(
            state__in=(AssignmentState.LEASED, AssignmentState.ANSWERED)
        ).values_list("item_id", flat=True)
    )
    for item in Item.objects.filter(project=project):
        assert item.seats_taken == live[item.pk] <= item.seats_wanted
    counted = Answer.objects.filter(counted=True)
    recount_pay(project, list(counted.select_related("assignment")))
    for enrollment in Enrollment.objects.filter(project=project):
        assert enrollment.answers == counted.filter(annotator=enrollment.annotator).count()
    recount_money(project)


def recount_pay(project: Project, counted: list[Answer]) -> None:
    """Each counted answer was paid once, at its price; what was taken back since, whole and once."""
    entries = list(LedgerEntry.objects.filter(project=project).order_by("pk"))
    paid = Counter(e.answer_id for e in entries if e.kind == EntryKind.ANSWER)
    assert paid == Counter(answer.pk for answer in counted)
    net = {answer.pk: 0 for answer in counted}
    for entry in entries:
        net[entry.answer_id] += entry.amount_micros
    taken_back = {e.answer_id for e in entries if e.kind == EntryKind.REVERSAL}
    for answer in counted:
        assert net[answer.pk] in ({0} if answer.pk in taken_back else set()) | {
            answer.assignment.price_micros
        }
    assert spent_micros(project.pk) == sum(net.values())


def _taken_back(project: Project) -> int:
    """Pay that was reversed and not restored stays set aside: it can always be paid after all."""
    kinds = (EntryKind.REVERSAL, EntryKind.RESTORED)
    entries = LedgerEntry.objects.filter(project=project, kind__in=kinds)
    return -sum(entries.values_list("amount_micros", flat=True))


def recount_money(project: Project) -> None:
    leased = Assignment.objects.filter(project=project, state=AssignmentState.LEASED)
    promised = sum(leased.values_list("price_micros", flat=True))
    idle = sum(
        Enrollment.objects.filter(project=project).values_list("allowance_micros", flat=True)
    )
    budget = Budget.objects.filter(project=project).first()
    granted = budget.granted_micros if budget else 0
    assert granted == idle + promised + spent_micros(project.pk) + _taken_back(project)
    if project.budget_micros is not None:
        assert granted <= project.budget_micros
        assert budget_left_micros(project.pk) == project.budget_micros - granted + idle
