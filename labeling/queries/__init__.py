"""Reads that more than one place needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum, Value
from django.db.models.functions import Now
from numpy.typing import NDArray

from accounts.models import User
from labeling.models import (
    Answer,
    Assignment,
    AssignmentState,
    Budget,
    Enrollment,
    EnrollmentStatus,
    Instructions,
    Invitation,
    Item,
    ItemRole,
    LabelSet,
    Project,
)
from labeling.queries.among import among
from labeling.queries.spent import spent_micros as spent_micros

Codes = NDArray[np.int64]
KEYS_AT_ONCE = 20_000  # answers read by one short query


@dataclass(frozen=True)
class AnswerArrays:
    """Counted answers (the last revision of each) as parallel int64 arrays, in order of arrival.

    ``label_code`` is -1 where the label type has no closed set of labels.
    """

    answer_id: Codes
    item_id: Codes
    annotator_id: Codes
    label_code: Codes


def answer_arrays(project_id: int) -> AnswerArrays:
    """All votes of a project: counted answers to work and gold, read in key ranges with short queries.

    Answers to practice are no votes: what they say is told at once, and was known before.
    """
    parts = list(_answer_parts(project_id))
    table = np.concatenate(parts) if parts else np.empty((0, 4), dtype=np.int64)
    return AnswerArrays(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def _answer_parts(project_id: int) -> Iterator[Codes]:
    """int64[answer, (answer_id, item_id, annotator_id, label_code)], range by range."""
    last = 0
    while rows := list(_answers_after(project_id, last)):
        part = np.array([[-1 if x is None else x for x in row] for row in rows], dtype=np.int64)
        last = int(part[-1, 0])
        yield part


def _answers_after(
    project_id: int, answer_id: int
) -> QuerySet[Answer, tuple[int, int, int, int | None]]:
    practice = Item.objects.filter(project_id=project_id, role=ItemRole.PRACTICE)
    return (
        counted_answers(project_id)
        .exclude(item__in=practice)
        .filter(pk__gt=answer_id)
        .order_by("pk")
        .values_list("pk", "item_id", "annotator_id", "label_code")[:KEYS_AT_ONCE]
    )


def counted_answers(project_id: int) -> QuerySet[Answer]:
    """Answers that count: of an answer that was revised, only the last revision."""
    return _counted().filter(project_id=project_id)


def counted_answers_to(item_ids: Iterable[int]) -> QuerySet[Answer]:
    """The same, of these items. Index ``answers_of_item``: with the project's name as well, SQLite reads all
    answers of the project instead.
    """
    return _counted().filter(item_id__in=among(item_ids))


def _counted() -> QuerySet[Answer]:
    later = Answer.objects.filter(
        assignment_id=OuterRef("assignment_id"), revision__gt=OuterRef("revision")
    )
    return Answer.objects.filter(~Exists(later), counted=True)


def pending_micros(project_id: int) -> int:
    """Money promised to leases that are still to be answered or returned."""
    leased = Assignment.objects.filter(project_id=project_id, state=AssignmentState.LEASED)
    return leased.aggregate(sum=Sum("price_micros"))["sum"] or 0


def lock_items(item_ids: Iterable[int]) -> list[Item]:
    """The items, locked in the one order in which everybody locks them. Needs a transaction."""
    return list(
        Item.objects.select_for_update(no_key=True).filter(pk__in=list(item_ids)).order_by("pk")
    )


class LockedItem(NamedTuple):
    """What deciding about an item needs to know of its row."""

    pk: int
    role: str
    status: str
    seats_wanted: int


def lock_item_rows(item_ids: Iterable[int]) -> list[LockedItem]:
    """``lock_items`` without payloads, for hundreds at a time."""
    items = Item.objects.select_for_update(no_key=True).filter(pk__in=among(item_ids))
    return [LockedItem(*row) for row in items.order_by("pk").values_list(*LockedItem._fields)]


def visible_projects(user: User | AnonymousUser) -> QuerySet[Project]:
    """The projects that this person may look at as a manager or auditor."""
    return Project.objects.visible_to(user)


def enrollments_of(user: User) -> QuerySet[Enrollment]:
    """The person's places in projects that are open to them."""
    mine = Enrollment.objects.filter(annotator=user, project__in=Project.objects.open_to(user))
    return mine.select_related("project").order_by("project__name", "pk")


def held_seats(project_id: int, annotator_id: int) -> QuerySet[Assignment]:
    """The person's leases in the project that have not ended, the oldest first.

    Served by the partial index ``leases_of_person``.
    """
    return Assignment.objects.filter(
        project_id=project_id,
        annotator_id=annotator_id,
        state=AssignmentState.LEASED,
        lease_until__gt=Now(),
    ).order_by("pk")


def label_set(project_id: int, version: int) -> LabelSet:
    """One version of the label type's configuration."""
    return LabelSet.objects.get(project_id=project_id, version=version)


def current_instructions(project: Project) -> str:
    """What annotators are told now."""
    return Instructions.objects.get(
        project_id=project.pk, version=project.instructions_version
    ).text


@dataclass(frozen=True)
class WorkCounts:
    """Work items of a project by status (gold, practice and audit left out)."""

    pool: int
    open: int
    settled: int
    held: int
    withdrawn: int

    @property
    def items(self) -> int:
        return self.pool + self.open + self.settled + self.held


def work_counts(project_id: int) -> WorkCounts:
    """One statement; a range of ``items_by_status`` for each: counted in half the time of GROUP BY."""
    work = Item.objects.filter(project_id=project_id, role=ItemRole.WORK).order_by()
    names = [field.name for field in fields(WorkCounts)]
    parts = [
        work.filter(status=name).values(name=Value(name)).annotate(n=Count("*")) for name in names
    ]
    return WorkCounts(**{row["name"]: row["n"] for row in parts[0].union(*parts[1:], all=True)})


def free_seats(project_id: int) -> int:
    """Seats on open work items that nobody has taken."""
    open_items = Item.objects.filter(project_id=project_id, has_seat=True)
    free = open_items.exclude(role=ItemRole.GOLD).aggregate(
        sum=Sum(F("seats_wanted") - F("seats_taken"))
    )
    return free["sum"] or 0


def items_without_askable(project_id: int, item_ids: Iterable[int]) -> set[int]:
    """Items offered by invitation about which nobody is left to ask: all invited have had a seat, or are paused."""
    had_seat = Assignment.objects.filter(item=OuterRef("item"), annotator=OuterRef("annotator"))
    working = Enrollment.objects.filter(
        project_id=project_id, annotator=OuterRef("annotator"), status=EnrollmentStatus.ACTIVE
    )
    ids = set(item_ids)
    left = Invitation.objects.filter(~Exists(had_seat), Exists(working), item__in=ids)
    leased = Assignment.objects.filter(item__in=ids, state=AssignmentState.LEASED)
    still = {*left.values_list("item_id", flat=True), *leased.values_list("item_id", flat=True)}
    return ids - still


def live_leases(project_id: int) -> int:
    """Seats that people hold at this moment, by the database's clock."""
    return Assignment.objects.filter(
        project_id=project_id, state=AssignmentState.LEASED, lease_until__gt=Now()
    ).count()


def budget_left_micros(project_id: int) -> int | None:
    """What is neither paid nor promised; None without a cap. Reads no ledger: cheap at any size."""
    cap = Project.objects.values_list("budget_micros", flat=True).get(pk=project_id)
    if cap is None:
        return None
    granted = Budget.objects.filter(project_id=project_id).aggregate(sum=Sum("granted_micros"))
    idle = Enrollment.objects.filter(project_id=project_id, allowance_micros__gt=0).aggregate(
        sum=Sum("allowance_micros")
    )
    return cap - (granted["sum"] or 0) + (idle["sum"] or 0)
