"""Changing one's mind: a new revision of an answer, while it can still be taken into account.

The old revision stays; the last one counts; nothing is paid again. A stored key is the same revision
for ever, like the key of an answer.

Whether a revision is refused because the item is settled must not tell gold from ordinary items, and
gold items are never settled. So an answer to gold shares the fate of a work answer of about the same
time in the same project, drawn once for each seat: it is refused as often, and from as early on.
"""

from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from django.db import transaction

from accounts.models import User
from labeling.errors import Conflict, NotFound, Refused
from labeling.events import answers_stored
from labeling.label_types import InvalidAnswer, Json, label_type
from labeling.limits import REVISE_WITHIN, REVISIONS
from labeling.models import (
    Answer,
    Assignment,
    EnrollmentStatus,
    Item,
    ItemRole,
    ItemStatus,
    Verdict,
)
from labeling.queries import label_set, lock_items
from labeling.services.people import Person, lock_person
from labeling.shown import shown
from labeling.texts import is_storable

NEIGHBOURS = 20  # work answers among which gold finds the one whose fate it shares
UNSETTLED = (ItemStatus.OPEN, ItemStatus.HELD)


@dataclass(frozen=True)
class Wording:
    """The new answer. ``key`` is made by the client, once for each revision."""

    value: Json
    seconds: float | None
    key: UUID


@transaction.atomic
def revise(annotator: User, answer: str, wording: Wording) -> Answer:
    """The new revision, or the one that this key made before.

    ``answer`` is the public id of any revision. Raises NotFound for an answer that is not theirs,
    Refused for a value or key that does not fit, Conflict when it is too late.
    """
    given = Answer.objects.filter(annotator=annotator, public_id=answer).first()
    if given is None:
        raise NotFound
    person = lock_person(given.project_id, annotator.pk)
    known = Answer.objects.filter(annotator=annotator, key=wording.key).first()
    if known:
        return _same_again(known, given)
    [item] = lock_items([given.item_id])
    revisions = list(Answer.objects.filter(assignment=given.assignment_id).order_by("revision"))
    _check_in_time(person, revisions, item)
    return _store(person, revisions[-1], item, wording)


def _same_again(known: Answer, given: Answer) -> Answer:
    if known.assignment_id != given.assignment_id or known.verdict != Verdict.REVISED:
        raise Refused("was used for another answer", field="key")
    return known


def _check_in_time(person: Person, revisions: list[Answer], item: Item) -> None:
    """In the same order for gold and work, with the same questions to the database."""
    first = revisions[0]
    settled = _shadow_is_settled(first) if item.role == ItemRole.GOLD else _is_settled(item)
    if person.enrollment.status != EnrollmentStatus.ACTIVE:
        raise Conflict("Your work in this project is paused.")
    if not first.counted:
        raise Conflict("The answer came too late to count.")
    if person.now - first.created_at > REVISE_WITHIN:
        raise Conflict("An answer can be changed for ten minutes.")
    told = item.role == ItemRole.PRACTICE  # what is right
    if settled or told or len(revisions) >= REVISIONS:
        raise Conflict("The answer is in use already and cannot be changed any more.")


def _is_settled(item: Item) -> bool:
    return item.status not in UNSETTLED


def _shadow_is_settled(first: Answer) -> bool:
    """Whether the item of a work answer given shortly before is settled by now."""
    before = Answer.objects.filter(
        project_id=first.project_id, item__role=ItemRole.WORK, counted=True, pk__lt=first.pk
    )
    states = list(before.order_by("-pk").values_list("item__status", flat=True)[:NEIGHBOURS])
    draw = crc32(first.public_id.encode())
    return bool(states) and states[draw % len(states)] not in UNSETTLED


def _store(person: Person, last: Answer, item: Item, wording: Wording) -> Answer:
    seat = Assignment.objects.get(pk=last.assignment_id)
    value, label_code = _canonical(person, seat, item, wording)
    Assignment.objects.filter(pk=seat.pk).update(unused=True)
    revised = Answer.objects.create(
        project_id=last.project_id,
        item=item,
        assignment=seat,
        annotator_id=last.annotator_id,
        key=wording.key,
        revision=last.revision + 1,
        value=value,
        label_code=label_code,
        verdict=Verdict.REVISED,
        counted=True,
        seconds=wording.seconds,
        created_at=person.now,
    )
    answers_stored.send(sender=None, project_id=last.project_id, item_ids=[item.pk])
    return revised


def _canonical(
    person: Person, seat: Assignment, item: Item, wording: Wording
) -> tuple[Json, int | None]:
    """The value in canonical form, under the version that the seat was given under."""
    if not is_storable(wording.value):
        raise Refused("holds something that cannot be stored", field="value")
    configuration = label_set(seat.project_id, seat.label_set_version).configuration
    try:
        kind = label_type(person.project.label_type)
        given = kind.canonical(configuration, wording.value, shown(item))
    except InvalidAnswer as wrong:
        raise Refused(wrong.message, field=wrong.field) from None
    return given.value, given.label_code
