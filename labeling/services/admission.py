"""Who may work in a project, beyond belonging to its organization.

``Project.who_may_work`` is an object; every entry that is there must hold::

    {"roles": ["annotator", "owner"],        has one of them; without this entry: annotators
     "groups": ["radiologists"],             in at least one of them
     "languages": ["de", "fr"],              speaks at least one of them
     "doors": ["invited"],                   came in by one of them
     "skills": [{"project": "<id>", "at_least": 0.8}]}

A skill is the lower end of the person's accuracy in a project; without "project", in this one, and
then somebody of whom nothing is known yet may begin. Seats that are held stay valid. Owners and
managers who answer know which items are gold: their own accuracy says little.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accounts.models import Membership, Organization, Role, User
from labeling.errors import Refused
from labeling.models import Project
from labeling.texts import is_storable

ENTRIES_LONGEST = 50
NAME_LENGTH = 100
DOOR_LENGTH = 40


def check_who_may_work(wanted: Any) -> None:
    """Raises Refused with the entry that is wrong."""
    if not isinstance(wanted, dict):
        raise Refused("must be an object with groups, languages, skills", field="who_may_work")
    for name, entries in wanted.items():
        check = CHECKS.get(name)
        if check is None:
            known = ", ".join(CHECKS)
            raise Refused(f"is unknown; known are {known}", field=f"who_may_work.{str(name)[:100]}")
        if not isinstance(entries, list) or not 0 < len(entries) <= ENTRIES_LONGEST:
            raise Refused("must be a list of 1 to 50 entries", field=f"who_may_work.{name}")
        if not all(check(entry) for entry in entries):
            raise Refused(WORDS[name], field=f"who_may_work.{name}")


def _is_name(entry: Any) -> bool:
    long = isinstance(entry, str) and 0 < len(entry.strip()) <= NAME_LENGTH
    return long and is_storable(entry)


def _is_skill(entry: Any) -> bool:
    if not isinstance(entry, dict) or not {"at_least"} <= set(entry) <= {"at_least", "project"}:
        return False
    bound = entry["at_least"]
    number = type(bound) in (int, float) and 0 < bound < 1
    return number and _is_name(entry.get("project", "here"))


CHECKS: dict[str, Callable[[Any], bool]] = {
    "roles": lambda entry: isinstance(entry, str) and entry in Role.values,
    "groups": _is_name,
    "languages": _is_name,
    "doors": _is_name,
    "skills": _is_skill,
}
WORDS = {
    "roles": f"must be roles: {', '.join(Role.values)}",
    "doors": "must be names of doors",
    "groups": "must be names of groups",
    "languages": "must be language codes",
    "skills": 'must be objects like {"project": "<id>", "at_least": 0.8}',
}


def check_projects(wanted: Mapping[str, Any], organization: Organization) -> None:
    """Raises Refused: nobody has a skill in a project that is not there, so nobody could work."""
    named = {skill["project"] for skill in wanted.get("skills", ()) if "project" in skill}
    known = Project.objects.filter(organization=organization, public_id__in=named)
    unknown = named - set(known.values_list("public_id", flat=True))
    if unknown:
        message = f"names no project of this organization: {min(unknown)}"
        raise Refused(message, field="who_may_work.skills")


def lets_staff_in(wanted: Mapping[str, Any]) -> bool:
    """Whether others than annotators may work by this."""
    return any(role != Role.ANNOTATOR for role in wanted.get("roles", ()))


def describe_person(
    organization: Organization,
    user: User,
    *,
    groups: Sequence[str] = (),
    languages: Sequence[str] = (),
    door: str | None = None,
) -> None:
    """Say what the person belongs to and speaks, and how they came in, for all projects here.

    Raises Refused with the field that is wrong.
    """
    check_traits(groups, languages, door)
    own = Membership.objects.filter(organization=organization, user=user)
    own.update(groups=list(groups), languages=list(languages))
    if door is not None:
        own.update(door=door)


def check_traits(groups: Sequence[str], languages: Sequence[str], door: str | None) -> None:
    """Raises Refused with the field that is wrong."""
    for name, entries in (("groups", groups), ("languages", languages)):
        if len(entries) > ENTRIES_LONGEST or not all(_is_name(entry) for entry in entries):
            raise Refused(WORDS[name], field=name)
    if door and not (_is_name(door) and len(door) <= DOOR_LENGTH):
        raise Refused(f"must be a name of at most {DOOR_LENGTH} characters", field="door")
