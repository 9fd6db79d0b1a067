"""People that a manager brings along: accounts without a password, each with a token that is told once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.identifiers import public_id
from accounts.models import User
from accounts.services import audit, create_token, create_user
from labeling.models import Enrollment, Project
from labeling.services.admission import check_traits, describe_person
from labeling.services.people import enroll

INVITED = "invited"  # the door that they come in by


@dataclass(frozen=True)
class NewPerson:
    """``name`` of the account, ``pseudonym`` in the project, ``token`` for the API."""

    name: str
    pseudonym: str
    token: str


@dataclass(frozen=True)
class Traits:
    """What new people belong to and speak, and the door that they come in by."""

    groups: Sequence[str] = ()
    languages: Sequence[str] = ()
    door: str = INVITED


def add_people(
    project: Project, count: int, traits: Traits, *, actor: User | None = None
) -> Iterator[NewPerson]:
    """Make so many annotators and enroll them, one after the other. Raises Refused for a wrong trait."""
    check_traits(traits.groups, traits.languages, traits.door)
    organization = project.organization
    audit(organization, actor, "people.added", project.public_id, people=count)
    for _ in range(count):
        yield _add_person(project, traits)


@transaction.atomic
def _add_person(project: Project, traits: Traits) -> NewPerson:
    user = create_user(f"annotator-{public_id()[:8]}", organization=project.organization)
    describe(project, user, traits)
    token = create_token(user, name="people add").secret
    return NewPerson(user.username, enroll(project, user).pseudonym, token)


def describe(project: Project, user: User, traits: Traits) -> None:
    """Say what the person belongs to and speaks, in all projects of the organization."""
    describe_person(
        project.organization,
        user,
        groups=traits.groups,
        languages=traits.languages,
        door=traits.door,
    )


def describe_enrolled(enrollment: Enrollment, traits: Traits, *, actor: User | None = None) -> None:
    """The same for somebody who is known by their pseudonym."""
    project = enrollment.project
    describe(project, enrollment.annotator, traits)
    audit(
        project.organization,
        actor,
        "person.described",
        f"{project.public_id}:{enrollment.pseudonym}",
    )
