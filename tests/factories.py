"""Plain functions that make valid rows. A test names only what it is about."""

import uuid
from collections.abc import Sequence
from typing import Any

from accounts.models import Membership, Organization, Role, User
from labeling.models import Instructions, Item, Label, LabelSet, Project, ProjectStatus


def organization(name: str = "Owls") -> Organization:
    return Organization.objects.create(name=name)


def user(name: str) -> User:
    return User.objects.create_user(username=name, password="correct horse")


def member(organization: Organization, name: str, role: Role) -> User:
    person = user(name)
    Membership.objects.create(organization=organization, user=person, role=role)
    return person


def annotator(organization: Organization, name: str) -> User:
    return member(organization, name, Role.ANNOTATOR)


def manager(organization: Organization, name: str) -> User:
    return member(organization, name, Role.MANAGER)


def project(
    organization: Organization, labels: Sequence[str] = ("cat", "owl"), **fields: Any
) -> Project:
    """A live single-choice project."""
    values = {"name": "Animals", "status": ProjectStatus.LIVE, "label_type": "choice", **fields}
    made = Project.objects.create(organization=organization, **values)
    label_set = LabelSet.objects.create(
        project=made, version=1, configuration={"labels": [{"value": value} for value in labels]}
    )
    Label.objects.bulk_create(
        Label(label_set=label_set, code=code, value=value) for code, value in enumerate(labels)
    )
    Instructions.objects.create(project=made, version=1, text="Name the animal.")
    return made


def item(project: Project, external_id: str = "", *, seats: int = 0, **fields: Any) -> Item:
    """An item in the pool; open with that many seats when ``seats`` is given."""
    name = external_id or uuid.uuid4().hex
    values: dict[str, Any] = {"payload": {"text": f"item {name}"}, **fields}
    if seats:
        values = {"status": "open", "seats_wanted": seats, "has_seat": True, **values}
    return Item.objects.create(project=project, external_id=name, **values)
