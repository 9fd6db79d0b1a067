"""The verdict on each submitted answer, decided on rows that were read and locked before.

| verdict | means | counted and paid |
|---|---|---|
| stored | given in time | yes |
| replayed | this key was stored before, in time; nothing changed | it was |
| late_stored | after the lease, while the item was open and a seat still free | yes |
| late_extra | after the lease, and nobody needed it any more: kept as a record | no |
| gone | no such seat, or it was answered, skipped, flagged or released before | no |
| invalid | the answer does not fit the question; ``field`` says where | no |

The verdict is the same on every retry: a stored key is found again whatever else has changed, and
says what it said (``stored`` comes back as ``replayed``); the other two change nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from labeling.label_types import CanonicalAnswer, InvalidAnswer, Json, label_type
from labeling.models import (
    Answer,
    Assignment,
    AssignmentState,
    Enrollment,
    EnrollmentStatus,
    Item,
    ItemStatus,
    LabelSet,
    ProjectStatus,
    Verdict,
)
from labeling.services.caps import most_answers
from labeling.shown import shown
from labeling.texts import is_storable

REPLAYED = "replayed"
GONE = "gone"
INVALID = "invalid"
COUNTED = (Verdict.STORED, Verdict.LATE_STORED)


@dataclass(frozen=True)
class Submission:
    """What a person says about the item of one seat. ``key`` is made by the client, once an answer."""

    assignment: str
    value: Json
    seconds: float | None
    key: UUID


@dataclass(frozen=True)
class Outcome:
    """What became of one submission; ``answer`` is the public id of the stored answer."""

    verdict: str
    answer: str | None = None
    field: str = ""
    message: str = ""


@dataclass
class Desk:
    """Everything that the verdicts depend on, and what they decide to write.

    ``items`` holds the locked items of late seats. ``expired`` are seats whose lease ended and which
    go back now; ``taken_late`` are seats taken once more for a late answer.
    """

    annotator_id: int
    enrollments: dict[int, Enrollment]
    seats: dict[str, Assignment]
    by_key: dict[UUID, Answer]
    answered: set[int]
    label_sets: dict[tuple[int, int], LabelSet]
    now: datetime | None = None  # of the database; None where there is no seat at all
    items: dict[int, Item] = field(default_factory=dict)
    new_answers: list[Answer] = field(default_factory=list)
    expired: list[Assignment] = field(default_factory=list)
    taken_late: list[Assignment] = field(default_factory=list)

    def is_late(self, seat: Assignment) -> bool:
        """Whether its lease has ended without an answer, and the sweep has come by or not."""
        if seat.pk in self.answered:
            return False
        swept = seat.state == AssignmentState.EXPIRED
        return swept or (seat.state == AssignmentState.LEASED and not seat.in_time)  # type: ignore[attr-defined]

    def is_open(self, seat: Assignment) -> bool:
        """Whether an answer can still be given under this seat, in time or late."""
        states = (AssignmentState.LEASED, AssignmentState.EXPIRED)
        return seat.pk not in self.answered and seat.state in states


def judge(desk: Desk, submission: Submission) -> Outcome:
    """The verdict; what follows from it is noted on the desk, not yet written."""
    known = desk.by_key.get(submission.key)
    if known is not None:
        return _same_again(known, submission)
    seat = desk.seats.get(submission.assignment)
    if seat is None or not desk.is_open(seat):
        return Outcome(GONE)
    try:
        answer = _canonical(desk, seat, submission)
    except InvalidAnswer as wrong:
        return Outcome(INVALID, field=wrong.field, message=wrong.message)
    return _accept(desk, seat, submission, answer)


def _same_again(known: Answer, submission: Submission) -> Outcome:
    if known.assignment.public_id != submission.assignment:
        return Outcome(INVALID, field="key", message="was used for another answer")
    late = known.verdict in (Verdict.LATE_STORED, Verdict.LATE_EXTRA)
    return Outcome(known.verdict if late else REPLAYED, known.public_id)


def _canonical(desk: Desk, seat: Assignment, submission: Submission) -> CanonicalAnswer:
    """The answer in canonical form, under the version that the seat was given under."""
    if not is_storable(submission.value):
        raise InvalidAnswer("value", "holds something that cannot be stored")
    label_set = desk.label_sets[seat.project_id, seat.label_set_version]
    kind = label_type(desk.enrollments[seat.project_id].project.label_type)
    return kind.canonical(label_set.configuration, submission.value, shown(seat.item))


def _accept(
    desk: Desk, seat: Assignment, submission: Submission, canonical: CanonicalAnswer
) -> Outcome:
    verdict = _late_verdict(desk, seat) if desk.is_late(seat) else Verdict.STORED
    answer = Answer(
        project_id=seat.project_id,
        item_id=seat.item_id,
        assignment=seat,
        annotator_id=desk.annotator_id,
        key=submission.key,
        value=canonical.value,
        label_code=canonical.label_code,
        verdict=verdict,
        counted=verdict in COUNTED,
        seconds=submission.seconds,
        created_at=desk.now or seat.lease_until,
    )
    _note(desk, answer)
    return Outcome(verdict, answer.public_id)


def _note(desk: Desk, answer: Answer) -> None:
    desk.new_answers.append(answer)
    desk.answered.add(answer.assignment_id)
    desk.by_key[answer.key] = answer
    desk.enrollments[answer.project_id].answers += answer.counted


def _late_verdict(desk: Desk, seat: Assignment) -> Verdict:
    """Counted if the item still wants the answer and the person may still give it."""
    if seat.state == AssignmentState.LEASED:
        return _late_but_still_seated(desk, seat)
    item, enrollment = desk.items[seat.item_id], desk.enrollments[seat.project_id]
    payable = enrollment.allowance_micros >= seat.price_micros
    if not (payable and _is_wanted(desk, seat) and item.seats_taken < item.seats_wanted):
        return Verdict.LATE_EXTRA
    item.seats_taken += 1  # of the locked copy: two late answers of one request see each other
    enrollment.allowance_micros -= seat.price_micros
    desk.taken_late.append(seat)
    return Verdict.LATE_STORED


def _late_but_still_seated(desk: Desk, seat: Assignment) -> Verdict:
    """The sweep has not come by: seat and money are still this person's."""
    if _is_wanted(desk, seat):
        return Verdict.LATE_STORED
    desk.expired.append(seat)
    desk.enrollments[seat.project_id].allowance_micros += seat.price_micros
    return Verdict.LATE_EXTRA


def _is_wanted(desk: Desk, seat: Assignment) -> bool:
    item, enrollment = desk.items[seat.item_id], desk.enrollments[seat.project_id]
    limit = most_answers(enrollment)
    return (
        item.status == ItemStatus.OPEN
        and enrollment.status == EnrollmentStatus.ACTIVE
        and enrollment.project.status != ProjectStatus.DONE
        and (limit is None or enrollment.answers < limit)
    )
