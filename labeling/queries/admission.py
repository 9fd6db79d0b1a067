"""Whether a person may work in a project, beyond belonging to its organization.

What a project can ask is told in ``labeling.services.admission``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accounts.models import Membership
from labeling import skills
from labeling.models import Project

OWN: Mapping[str, Callable[[Membership], Iterable[str]]] = {
    "roles": lambda one: [one.role],
    "groups": lambda one: one.groups,
    "languages": lambda one: one.languages,
    "doors": lambda one: [one.door],
}


def may_work(project: Project, annotator_id: int) -> bool:
    """Whether everything that the project asks of a person holds. No query where it asks nothing."""
    wanted: Mapping[str, Any] = project.who_may_work
    if not wanted:
        return True
    return _belongs(project, annotator_id, wanted) and all(
        _is_skilled(project, annotator_id, skill) for skill in wanted.get("skills", [])
    )


def _belongs(project: Project, annotator_id: int, wanted: Mapping[str, Any]) -> bool:
    names = [name for name in OWN if name in wanted]
    if not names:
        return True
    memberships = Membership.objects.filter(
        organization_id=project.organization_id, user_id=annotator_id
    )
    own = list(memberships)
    return all(any(set(wanted[name]) & set(OWN[name](one)) for one in own) for name in names)


def _is_skilled(project: Project, annotator_id: int, skill: Mapping[str, Any]) -> bool:
    here = skill.get("project", project.public_id) == project.public_id
    found = project if here else _project_of(project, skill["project"])
    bound = skills.lower_bound(found.pk, annotator_id) if found else None
    return here if bound is None else bound >= float(skill["at_least"])


def _project_of(project: Project, public_id: str) -> Project | None:
    same = Project.objects.filter(organization_id=project.organization_id, public_id=public_id)
    return same.first()
