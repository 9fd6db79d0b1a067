"""Who works in a project: enrolling, pausing, reinstating."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.identifiers import public_id
from accounts.models import User
from accounts.services import audit
from labeling.errors import Refused
from labeling.limits import BONUS_LIMIT
from labeling.models import Assignment, Enrollment, EnrollmentStatus, Invitation, Item, Project

PSEUDONYM_LENGTH = 6
ATTEMPTS = 5  # two of some billion pseudonyms rarely meet


@dataclass(frozen=True)
class Person:
    """One annotator in one project, locked, at this moment of the database's clock."""

    enrollment: Enrollment
    now: datetime

    @property
    def project(self) -> Project:
        return self.enrollment.project

    @property
    def price_micros(self) -> int:
        """What a seat taken now promises: the price, and this person's bonus on top."""
        return self.project.price_micros + self.enrollment.bonus_micros


def enroll(project: Project, user: User) -> Enrollment:
    """The person's place in the project, made if there is none, under a fresh pseudonym."""
    for _ in range(ATTEMPTS):
        found = Enrollment.objects.filter(project=project, annotator=user).first()
        if found:
            return found
        _try_to_enroll(project, user)
    raise RuntimeError("no free pseudonym was found")


def _try_to_enroll(project: Project, user: User) -> None:
    """Add the row, unless somebody was first or the pseudonym is taken: then the caller looks again."""
    pseudonym = f"P-{public_id()[:PSEUDONYM_LENGTH]}"
    try:
        with transaction.atomic():
            Enrollment.objects.create(project=project, annotator=user, pseudonym=pseudonym)
    except IntegrityError:
        return


def lock_person(project_id: int, annotator_id: int) -> Person:
    """Lock what this person does in this project until the transaction ends."""
    enrollment = (
        Enrollment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("project")
        .annotate(now=Now())
        .get(project_id=project_id, annotator_id=annotator_id)
    )
    return Person(enrollment, enrollment.now)


def lock_holder(annotator_id: int, assignments: Sequence[str]) -> dict[int, Person]:
    """Lock the person in every project in which they were given one of the seats; by project id."""
    seats = Assignment.objects.filter(annotator_id=annotator_id, public_id__in=assignments)
    locked = (
        Enrollment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("project")
        .annotate(now=Now())
        .filter(annotator_id=annotator_id, project_id__in=seats.values("project_id"))
        .order_by("pk")
    )
    return {enrollment.project_id: Person(enrollment, enrollment.now) for enrollment in locked}


def invite(project: Project, pairs: Iterable[tuple[str, int]]) -> int:
    """Offer items (by external id) to people (by user id). Unknown items and repeated pairs are left out."""
    ids = dict(Item.objects.filter(project=project).values_list("external_id", "pk"))
    rows = (Invitation(item_id=ids[name], annotator_id=user) for name, user in pairs if name in ids)
    return len(Invitation.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True))


def pause(project: Project, user: User, reason: str) -> bool:
    """Hand out no more work to the person. Leases they hold are honoured. False if it was so before.

    Call it in a transaction that holds no item: see the order of locks in ``labeling.services``.
    """
    return _set_status(project, user, EnrollmentStatus.PAUSED, reason)


def ban(project: Project, user: User, reason: str) -> bool:
    """Like ``pause``, but meant to last."""
    return _set_status(project, user, EnrollmentStatus.BANNED, reason)


def count_as_newcomer(project: Project, user: User) -> None:
    """Mix more gold into the person's next seats, falling again to the project's share."""
    Enrollment.objects.filter(project=project, annotator=user).update(claimed=0)


def ask_to_practise(project: Project, user: User) -> None:
    """Give the person practice items before more work, as if they had not passed."""
    Enrollment.objects.filter(project=project, annotator=user).update(practiced_at=None)


def spare_practice(project: Project, user: User) -> None:
    """They have passed, after all."""
    enrollments = Enrollment.objects.filter(project=project, annotator=user, practiced_at=None)
    enrollments.update(practiced_at=Now())


@transaction.atomic
def set_bonus(
    project: Project, user: User, micros: int, *, actor: User | None = None
) -> Enrollment:
    """Pay this person so much on top of the price, for seats taken from now on. Raises Refused."""
    if type(micros) is not int or not 0 <= micros <= BONUS_LIMIT:
        raise Refused("must be a whole number of micro-units, 0 or more", field="bonus_micros")
    Project.objects.filter(pk=project.pk, pays_bonuses=False).update(pays_bonuses=True)
    enroll(project, user)
    enrollment = lock_person(project.pk, user.pk).enrollment
    enrollment.bonus_micros = micros
    enrollment.save(update_fields=["bonus_micros"])
    subject = f"{project.public_id}:{enrollment.pseudonym}"
    audit(project.organization, actor, "bonus.set", subject, bonus_micros=micros)
    return enrollment


def reinstate(project: Project, user: User) -> bool:
    """Hand out work again. False if the person was not paused."""
    return _set_status(project, user, EnrollmentStatus.ACTIVE, "")


def _set_status(project: Project, user: User, status: EnrollmentStatus, reason: str) -> bool:
    enrollments = Enrollment.objects.filter(project=project, annotator=user)
    changed = enrollments.exclude(status=status).update(status=status, status_reason=reason[:500])
    return changed == 1
