"""Who may work in a project, beyond belonging to its organization.

``Project.who_may_work`` is an object; every entry that is there must hold::

    {"groups": ["radiologists"],             in at least one of them
     "languages": ["de", "fr"],              speaks at least one of them
     "skills": [{"project": "<id>", "at_least": 0.8}]}

A skill is the lower end of the person's accuracy in a project; without "project", in this one, and
then somebody of whom nothing is known yet may begin. Seats that are held stay valid.
"""

from collections.abc import Sequence
from typing import Any

from accounts.models import Membership, Organization, User
from labeling.errors import Refused
from labeling.texts import is_storable

ENTRIES_LONGEST = 50
NAME_LENGTH = 100


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


CHECKS = {"groups": _is_name, "languages": _is_name, "skills": _is_skill}
WORDS = {
    "groups": "must be names of groups",
    "languages": "must be language codes",
    "skills": 'must be objects like {"project": "<id>", "at_least": 0.8}',
}


def describe_person(
    organization: Organization, user: User, *, groups: Sequence[str], languages: Sequence[str]
) -> None:
    """Say what the person belongs to and speaks, for all projects of the organization."""
    for name, entries in (("groups", groups), ("languages", languages)):
        if not all(_is_name(entry) for entry in entries):
            raise Refused(WORDS[name], field=name)
    own = Membership.objects.filter(organization=organization, user=user)
    own.update(groups=list(groups), languages=list(languages))
